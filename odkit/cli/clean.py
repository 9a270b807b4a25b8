"""``odkit clean``: one file in the layout of a standard, with every change shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from odkit import messages
from odkit.clean import Gap, clean_table, find_gaps, recognise, version_of
from odkit.cli import base, show
from odkit.cli.settled import declared_dataset, headings_given
from odkit.decisions import NOTHING_SETTLED
from odkit.errors import UsageError
from odkit.model import CleanTable, DatasetSpec, Publisher, Row, SourceSpec, SourceTable, TableSchema
from odkit.package import write_csv
from odkit.package.workbook import Sheet, write_workbook
from odkit.project import INFERRED, current_schema, load_schema, municipalities
from odkit.read import read_source

PLAIN = ("exact", "missing")
"""How columns are settled that nobody has to look at."""


@click.command("clean", cls=base.Command, help="clean")
@click.argument("file", type=click.Path(path_type=Path))
@base.option("--standard", help="standard", default="")
@base.option("--publisher", "code", help="publisher", default="", metavar="CODE6")
@base.option("--heading", "pairs", help="heading", multiple=True, metavar="HEADING=COLUMN")
@base.finds_table
@base.option("--columns", "all_columns", help="columns", is_flag=True)
@base.option("--diff", help="diff", is_flag=True)
@base.option("--gaps", help="gaps", is_flag=True)
@base.option("-o", "--output", help="output", type=click.Path(path_type=Path, dir_okay=False))
@base.fails_on
@base.writes_json
@base.speaks
def command(
    *,
    file: Path,
    hints: Mapping[str, Any],
    standard: str,
    code: str,
    pairs: Sequence[str],
    output: Path | None,
    fail_on: str,
    as_json: bool,
    lang: str,
    **shown: bool,
) -> int:
    """Clean one file; nothing is written unless -o names where."""
    spec = declared_dataset(file)
    if spec is not None:
        base.say("cli.clean-declared", lang, dataset=spec.id)
    source = _read(file, spec, hints)
    cleaned = _cleaned(source, spec, standard, _publisher(code), headings_given(pairs))
    if output is not None:
        _write(cleaned, output, file, lang)
    if as_json:
        base.show_json(_facts(cleaned))
    else:
        _show(cleaned, lang, **shown)
    return int(bool(base.failures(cleaned.issues, fail_on)))


def _read(file: Path, spec: DatasetSpec | None, hints: Mapping[str, Any]) -> SourceTable:
    """The file, read as it is declared where it is; what the call says goes before that."""
    declared = spec.source if spec else SourceSpec(path=file)
    return read_source(replace(declared, **hints), str(file))


def _cleaned(
    source: SourceTable,
    spec: DatasetSpec | None,
    standard: str,
    publisher: Publisher | None,
    headings: Mapping[str, str],
) -> CleanTable:
    """The table, cleaned as it is declared where it is; what the call says goes before that."""
    return clean_table(
        source,
        _schema(source, standard, spec),
        publisher or (spec.publisher if spec else None),
        {**(spec.headings if spec else {}), **headings},
        decisions=spec.decisions if spec else NOTHING_SETTLED,
    )


def _schema(source: SourceTable, standard: str, spec: DatasetSpec | None) -> TableSchema:
    """The layout to clean into: the one asked for or declared, else the current version of the one that is recognised.

    A table that follows no standard keeps its own columns.
    """
    if standard or spec is None:
        recognised = "" if standard else recognise(source.headings)
        return load_schema(current_schema(standard or (load_schema(recognised).name if recognised else INFERRED)))
    return load_schema(spec.standard)


def _publisher(code: str) -> Publisher | None:
    if not code:
        return None
    if code not in municipalities():
        raise UsageError("cli.unknown-government", value=code)
    government = municipalities()[code]
    return Publisher(code=code, name=code, title=government.name, title_en=government.name_en)


def _write(cleaned: CleanTable, output: Path, file: Path, lang: str) -> None:
    """A workbook for people where the name ends in .xlsx, else a CSV for programs."""
    if output.exists() and output.samefile(file):
        raise UsageError("cli.same-file", file=output)
    if output.suffix.lower() == ".xlsx":
        headings, rows = _gaps(find_gaps(cleaned), lang)
        write_workbook(output, cleaned, lang, [Sheet(messages.text("cli.gaps", lang), headings, rows)])
        return
    write_csv(output, [match.name for match in cleaned.matches], cleaned.rows, "utf-8-sig")


def _show(cleaned: CleanTable, lang: str, *, all_columns: bool, diff: bool, gaps: bool) -> None:
    console = show.console()
    facts = {
        "title": cleaned.schema.title,
        "rows": str(len(cleaned.rows)),
        "changes": str(len(cleaned.changes)),
        "issues": str(len(cleaned.issues)),
    }
    console.print(messages.text("cli.clean-summary", lang, facts), markup=False)
    if _is_older(cleaned):
        console.print(messages.text("cli.clean-older", lang, {"version": cleaned.schema.version}), markup=False)
    _show_columns(cleaned, lang, every=all_columns)
    if diff:
        show.show_changes(cleaned.changes, lang)
    base.words(*show.issues(cleaned.issues, lang))
    if gaps:
        show.show_table(show.table(*_gaps(find_gaps(cleaned), lang)))


def _show_columns(cleaned: CleanTable, lang: str, *, every: bool) -> None:
    """Where the columns come from: those that need a look, or all of them; then the lines that settle what is open."""
    if cleaned.schema.kind == INFERRED:
        show.show_table(show.meanings(cleaned, lang))
    else:
        shown = [match for match in cleaned.matches if every or match.how not in PLAIN]
        if shown:
            show.show_table(show.columns(shown, lang))
        hows = Counter(match.how for match in cleaned.matches)
        facts = {how: str(hows[how]) for how in PLAIN}
        if not every:
            show.console().print(messages.text("cli.columns-plain", lang, facts), markup=False)
    for line in show.heading_lines(cleaned.issues, lang):
        click.echo(line)


def _is_older(cleaned: CleanTable) -> bool:
    """Whether the source has the headings of 推奨データセット and the table those of its successor."""
    old = version_of(match.heading for match in cleaned.matches) == "v1"
    return old and cleaned.schema.version not in ("v1", "")


def _gaps(found: Iterable[Gap], lang: str) -> tuple[list[str], list[Row]]:
    """What is missing: headings, and a row per column with what can be done about it."""
    headings = [messages.text(f"cli.column-{name}", lang) for name in ("field", "requirement", "state", "blank", "way")]
    rows: list[Row] = [
        (
            gap.field.name,
            gap.field.requirement,
            messages.text(f"cli.gap-{gap.state}", lang),
            f"{gap.blank} / {gap.total}",
            messages.text(f"cli.advice-{gap.advice}", lang, {"words": " ".join(filter(None, gap.field.enum))}),
        )
        for gap in found
    ]
    return headings, rows


def _facts(cleaned: CleanTable) -> dict[str, object]:
    return {
        "schema": cleaned.schema.id,
        "columns": [asdict(match) for match in cleaned.matches],
        "rows": base.Streamed(len(cleaned.rows), map(list, cleaned.rows)),
        "changes": base.Streamed(len(cleaned.changes), map(asdict, cleaned.changes)),
        "issues": base.Streamed(len(cleaned.issues), map(asdict, cleaned.issues)),
    }
