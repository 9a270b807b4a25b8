"""``odkit score``: which of the five stages a file or a package is at, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from odkit import messages
from odkit.cli import base, show
from odkit.model import Score
from odkit.score import format_name, next_step, reasons, score_path, to_json


@click.command("score", cls=base.Command, help="score")
@click.argument("targets", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@base.option("--licence", help="licence", default="")
@base.option("--fail-under", help="fail-under", type=click.IntRange(0, 5), default=0)
@base.writes_json
@base.speaks
def command(*, targets: Sequence[Path], licence: str, fail_under: int, as_json: bool, lang: str) -> int:
    """Score files, and built packages by their folder or datapackage.json."""
    scores: list[Score] = []
    failures = base.Failures(lang)
    for target in targets:
        with failures.caught(str(target)):
            scores.append(score_path(target, licence))
    if as_json:
        base.show_json([to_json(score, lang) for score in scores])
    else:
        for score in scores:
            _show(score, lang)
    low = any(score.level is None or score.level < fail_under for score in scores) if fail_under else False
    return failures.exit_code or int(low)


def _show(score: Score, lang: str) -> None:
    console = show.console()
    details = {"target": score.target, "level": show.stages(score), "format": format_name(score.format, lang)}
    console.print(messages.text("cli.score-title", lang, details), markup=False, style="bold")
    for line in reasons(score, lang):
        console.print(f"  {line}", markup=False)
    if step := next_step(score, lang):
        console.print(f"  → {messages.text('cli.score-next', lang, {'step': step})}", markup=False)
