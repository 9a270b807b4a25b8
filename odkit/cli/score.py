"""``odkit score``: which of the five stages files, packages, addresses or a whole portal are at, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from odkit import messages
from odkit.clean import conform
from odkit.cli import base
from odkit.cli.settled import declared_dataset
from odkit.cli.verdict import overview, verdict
from odkit.errors import UsageError
from odkit.model import Score
from odkit.project import accepted_beside, read_accepted
from odkit.read import look_into_xls
from odkit.score import Rules, score_target, targets_of, to_json
from odkit.score.hosts import is_web_address
from odkit.score.machines import to_badge, to_junit, to_sarif
from odkit.score.page import html_report
from odkit.score.portal import Budget, DatasetScore, score_portal, scores_of, stages

MANY = 20
"""From this many files on the terminal shows the overview alone; the reports have every file."""
ASKED = "odkit.score"
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    ctx.meta.setdefault(ASKED, {})[param.name] = value


def _reports(function: Decorated) -> Decorated:
    """Add the reports that can be written; the paths are kept in the context."""
    place = click.Path(path_type=Path, dir_okay=False)
    for name in ("badge", "junit", "sarif", "html"):
        function = base.option(f"--{name}", help=f"score-{name}", type=place, expose_value=False, callback=_keep)(
            function
        )
    return function


def _portal_options(function: Decorated) -> Decorated:
    """Add what narrows a portal; kept in the context."""
    kept: dict[str, Any] = {"expose_value": False, "callback": _keep}
    folder = click.Path(path_type=Path, file_okay=False)
    function = base.option("--cache", help="score-cache", type=folder, **kept)(function)
    function = base.option("--limit", help="score-limit", type=click.IntRange(1), **kept)(function)
    function = base.option("--organization", help="score-organization", metavar="NAME", default="", **kept)(function)
    return base.option("--portal", help="score-portal", metavar="URL", default="", **kept)(function)


@click.command("score", cls=base.Command, help="score")
@click.argument("targets", nargs=-1, metavar="[FILE|URL]...")
@base.option("--licence", help="licence", default="")
@_portal_options
@base.option("--accept", help="score-accept", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_reports
@base.option("--fail-under", help="fail-under", type=click.IntRange(0, 5), default=0)
@base.writes_json
@base.speaks
def command(
    *, targets: Sequence[str], licence: str, accept: Path | None, fail_under: int, as_json: bool, lang: str
) -> int:
    """Score files, folders, built packages and addresses, or the datasets that a portal lists."""
    asked: dict[str, Any] = click.get_current_context().meta[ASKED]
    failures = base.Failures(lang)
    if asked["portal"]:
        found = _portal(asked, accept)
        scores = list(scores_of(found))
        _show_portal(found, asked["portal"], lang, as_json=as_json)
    elif targets:
        scores = list(_scores(targets, licence, accept, failures))
        _show(scores, lang, as_json=as_json)
    else:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    _write(asked, scores, fail_under, lang)
    low = any(score.level is None or score.level < fail_under for score in scores) if fail_under else False
    return failures.exit_code or int(low)


def _scores(targets: Sequence[str], licence: str, accept: Path | None, failures: base.Failures) -> Iterator[Score]:
    names: list[str] = []
    for target in targets:
        with failures.caught(target):
            names += targets_of(target)
    for name in failures.each(names):
        with failures.caught(name):
            yield score_target(name, licence or _declared_licence(name), _rules(accept, name))


def _declared_licence(target: str) -> str:
    """The licence of the dataset of the present project whose source a file is; "" where it is none."""
    declared = None if is_web_address(target) else declared_dataset(Path(target))
    return declared.licence.id if declared else ""


def _rules(accept: Path | None, target: str = "") -> Rules:
    """What is accepted: by the file named, else by accepted.csv beside the target."""
    if accept is not None:
        return Rules(accepted=read_accepted(accept), conform=conform, look=look_into_xls)
    beside = accepted_beside(Path(target)) if target and not is_web_address(target) else ()
    return Rules(accepted=beside, conform=conform, look=look_into_xls)


def _portal(asked: dict[str, Any], accept: Path | None) -> tuple[DatasetScore, ...]:
    budget = Budget(datasets=asked["limit"], cache=asked["cache"])
    found = score_portal(asked["portal"], asked["organization"], budget, _rules(accept), base.words)
    if asked["organization"] and not found:
        raise UsageError("score.no-organization", url=asked["portal"], organization=asked["organization"])
    return found


def _show(scores: Sequence[Score], lang: str, *, as_json: bool) -> None:
    if as_json:
        base.show_json([to_json(score, lang) for score in scores])
        return
    for score in scores if len(scores) < MANY else ():
        _print(verdict(score, lang))
    if len(scores) > 1:
        _print(overview(scores, lang))


def _show_portal(found: Sequence[DatasetScore], portal: str, lang: str, *, as_json: bool) -> None:
    if as_json:
        base.show_json(_portal_json(found, portal, lang))
        return
    for publisher, levels in stages(found).items():
        said = " / ".join(
            messages.text(
                f"report.{'at-none' if level == '?' else 'at-stage'}", lang, {"stage": level, "count": str(n)}
            )
            for level, n in levels.items()
        )
        _print([f"{publisher}: {said}"])
    if found:
        _print(overview(list(scores_of(found)), lang))


def _portal_json(found: Sequence[DatasetScore], portal: str, lang: str) -> dict[str, object]:
    datasets = [
        {
            "name": item.dataset.name,
            "title": item.dataset.title,
            "organization": item.dataset.organization,
            "licence": item.dataset.licence,
            "level": item.score.level if item.score else 0,
            "score": to_json(item.score, lang) if item.score else None,
        }
        for item in found
    ]
    return {"portal": portal, "stages": stages(found), "datasets": datasets}


def _print(lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(line)


def _write(asked: dict[str, Any], scores: Sequence[Score], fail_under: int, lang: str) -> None:
    """Write the reports that were asked for; one without a single score would say nothing."""
    makers: dict[str, Callable[[], str]] = {
        "html": lambda: html_report(scores, lang),
        "sarif": lambda: json.dumps(to_sarif(scores, lang), ensure_ascii=False, indent=2) + "\n",
        "junit": lambda: to_junit(scores, fail_under, lang),
        "badge": lambda: to_badge(scores[0], lang),
    }
    for name, make in makers.items():
        if asked[name] and scores:
            asked[name].write_text(make(), encoding="utf-8", newline="\n")
            base.say("cli.written", lang, path=asked[name])
