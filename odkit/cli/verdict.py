"""A score on the terminal: stage, what caps it, the next step; then what to mend with its cells, then a tally."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from odkit import messages
from odkit.cli import show
from odkit.model import CriterionResult, Evidence, Outcome, Score
from odkit.score import next_step, reasons
from odkit.score.findings import Finding, causes, counts, counts_columns, findings, place_of
from odkit.score.words import check_name, format_name

PLACES = 5
"""Places that are named for one thing to mend; --json and --html have more."""


def verdict(score: Score, lang: str) -> list[str]:
    """The lines about one file; the first is its heading."""
    shown = {"target": score.target, "level": show.stages(score), "format": format_name(score.format, lang)}
    by_format = "?" if score.format_level is None else str(score.format_level)
    lines = [_say("verdict", lang, **shown, format_level=by_format)]
    lines += [f"  {_say('do-next', lang, step=next_step(score, lang))}"]
    lines += [f"  {_say('cap', lang, reason=reason)}" for reason in _caps(score, lang)]
    for item in findings(score, lang):
        lines.append(f"  {_heading(item, lang)}")
        lines += [f"       {line}" for line in _places(item, lang)]
    lines += [f"  {_say('text-places', lang)}"] if counts_columns(score) else []
    for check in score.checks:
        lines += [f"  {line}" for line in _accepted(check, lang)]
    return [*lines, *(f"  {line}" for line in _rest(score, lang)), f"  {_tally(score, lang)}"]


def overview(scores: Sequence[Score], lang: str) -> list[str]:
    """The lines about many files: how many at each stage, and the causes with the number of files they concern."""
    stages = [
        _say("at-none", lang, count=number) if level is None else _say("at-stage", lang, stage=str(level), count=number)
        for level, number in counts(scores)
    ]
    lines = [_say("overview", lang, count=len(scores)), f"  {' / '.join(stages)}"]
    return [*lines, *(f"  {_say('cause', lang, title=title, count=number)}" for title, number in causes(scores, lang))]


def _say(name: str, lang: str, /, **details: object) -> str:
    return messages.text(f"report.{name}", lang, {key: show.visible(str(value)) for key, value in details.items()})


def _caps(score: Score, lang: str) -> Iterator[str]:
    """The first stage that is not reached, with its reason; at the highest why it is."""
    said = reasons(score, lang)
    missed = (text for step, text in zip(score.steps, said, strict=True) if step.outcome is not Outcome.PASS)
    yield next(missed, said[-1])


def _heading(item: Finding, lang: str) -> str:
    needed = _say("advice", lang) if item.level is None else _say("needed", lang, stage=item.level)
    return _say("fix-line", lang, number=item.number, title=item.title, needed=needed, fix=item.fix)


def _places(item: Finding, lang: str) -> Iterator[str]:
    named = [place for place in item.places if place.range and not place.accepted]
    if len(named) < 2 and item.count < 2:
        return  # the one place stands in the way out already
    for place in named[:PLACES]:
        yield _place(place, lang, replaces=item.replaces)
    if item.count > PLACES:
        yield _say("more", lang, count=item.count - min(PLACES, len(named)))


def _place(place: Evidence, lang: str, *, replaces: bool) -> str:
    kind = "instead" if replaces and place.value and place.expected else "at" if place.value else "at-empty"
    return _say(kind, lang, place=place_of(place), value=place.value, expected=place.expected)


def _accepted(check: CriterionResult, lang: str) -> Iterator[str]:
    for reason in dict.fromkeys(item.accepted for item in check.evidence if item.accepted):
        yield _say("accepted-line", lang, title=check_name(check.id, lang), reason=reason)


def _rest(score: Score, lang: str) -> Iterator[str]:
    for name, level in score.resources.items():
        kind = "rest-shown" if name == score.part and len(score.resources) > 1 else "rest"
        yield _say(kind, lang, name=name, stage="?" if level is None else level)
    if score.left_out:
        yield _say("left-out", lang, count=score.left_out)


def _tally(score: Score, lang: str) -> str:
    names = {"passed": Outcome.PASS, "failed": Outcome.FAIL}
    names |= {"unknown": Outcome.UNDETERMINED, "absent": Outcome.NOT_APPLICABLE}
    numbers = {name: sum(check.outcome is outcome for check in score.checks) for name, outcome in names.items()}
    return _say("tally", lang, **numbers)
