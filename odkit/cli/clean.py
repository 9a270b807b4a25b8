"""``odkit clean``: one file in the layout of a standard, with every change shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from odkit import messages
from odkit.clean import Gap, clean_table, find_gaps, recognise, version_of
from odkit.cli import base, show
from odkit.errors import UsageError
from odkit.model import CleanTable, Publisher, Row, SourceSpec, SourceTable, TableSchema
from odkit.package import write_csv
from odkit.package.workbook import Sheet, write_workbook
from odkit.project import current_schema, load_schema, municipalities, standards
from odkit.read import read_source


@click.command("clean", cls=base.Command, help="clean")
@click.argument("file", type=click.Path(path_type=Path))
@base.option("--standard", help="standard", default="")
@base.option("--publisher", "code", help="publisher", default="", metavar="CODE6")
@base.option("--diff", help="diff", is_flag=True)
@base.option("--gaps", help="gaps", is_flag=True)
@base.option("-o", "--output", help="output", type=click.Path(path_type=Path, dir_okay=False))
@base.fails_on
@base.writes_json
@base.speaks
def command(
    *,
    file: Path,
    standard: str,
    code: str,
    diff: bool,
    gaps: bool,
    output: Path | None,
    fail_on: str,
    as_json: bool,
    lang: str,
) -> int:
    """Clean one file; nothing is written unless -o names where."""
    source = read_source(SourceSpec(path=file), str(file))
    cleaned = clean_table(source, _schema(source, standard), _publisher(code))
    if output is not None:
        _write(cleaned, output, file, lang)
    if as_json:
        base.show_json(_facts(cleaned))
    else:
        _show(cleaned, lang, diff=diff)
        if gaps:
            show.show_table(show.table(*_gaps(find_gaps(cleaned), lang)))
    return int(bool(base.failures(cleaned.issues, fail_on)))


def _schema(source: SourceTable, standard: str) -> TableSchema:
    """The layout to clean into: the one asked for, else the current version of the one that the table follows."""
    recognised = "" if standard else recognise(source.headings)
    if not (standard or recognised):
        raise UsageError("clean.no-standard", file=source.origin.location, known=", ".join(standards()))
    return load_schema(current_schema(standard or load_schema(recognised).name))


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


def _show(cleaned: CleanTable, lang: str, *, diff: bool) -> None:
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
    show.show_table(show.columns(cleaned, lang))
    if diff:
        show.show_table(show.changes(cleaned.changes, lang))
    base.words(*show.issues(cleaned.issues, lang))


def _is_older(cleaned: CleanTable) -> bool:
    """Whether the source has the headings of 推奨データセット and the table those of its successor."""
    return cleaned.schema.version != "v1" and version_of(match.heading for match in cleaned.matches) == "v1"


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
        "rows": [list(row) for row in cleaned.rows],
        "changes": [asdict(change) for change in cleaned.changes],
        "issues": [asdict(issue) for issue in cleaned.issues],
    }
