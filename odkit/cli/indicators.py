"""``odkit indicators``: where a plan stands, computed from the value cells by its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from odkit import messages
from odkit.clean import clean_table, recognise
from odkit.cli import base, show
from odkit.cli.settled import headings_given
from odkit.errors import SourceError, UsageError
from odkit.indicators import (
    Comparison,
    Evaluation,
    Rules,
    compare,
    comparison_table,
    default_rules,
    evaluate_table,
    load_rules,
    read_detail,
    render_page,
    report,
    tidy_tables,
)
from odkit.indicators.periods import year_name
from odkit.indicators.table import INDICATORS, heading_years, names_indicators, year_headings
from odkit.indicators.totals import AGREES, DIFFERS, SETTLED
from odkit.model import SourceSpec
from odkit.package import write_csv
from odkit.project import current_schema, load_schema
from odkit.read import read_source

PATH = click.Path(path_type=Path, exists=True, dir_okay=False)
SEEN = 5
"""How many of a wrong file's headings are told."""


@click.command("indicators", cls=base.Command, help="indicators")
@click.argument("file", type=click.Path(path_type=Path))
@base.option("--sheet", help="sheet", default="")
@base.option("--year", help="year", type=click.IntRange(1989, 2100))
@base.option("--heading", "pairs", help="heading", multiple=True, metavar="HEADING=COLUMN")
@base.option("--rules", "rules_file", help="rules", type=PATH)
@base.option("--check", help="check-marks", is_flag=True)
@base.option("--detail", help="detail", type=PATH)
@base.option(
    "--compare", "others", help="compare", type=click.Path(path_type=Path), multiple=True, metavar="FILE[#SHEET]"
)
@base.option("-o", "--output", help="output-folder", type=click.Path(path_type=Path, file_okay=False))
@base.fails_on
@base.writes_json
@base.speaks
def command(
    *,
    file: Path,
    sheet: str,
    year: int | None,
    pairs: Sequence[str],
    rules_file: Path | None,
    check: bool,
    detail: Path | None,
    others: Sequence[Path],
    output: Path | None,
    fail_on: str,
    as_json: bool,
    lang: str,
) -> int:
    """Evaluate one table of indicators; nothing is written unless -o names a folder."""
    rules = load_rules(rules_file, str(rules_file)) if rules_file else default_rules()
    given = headings_given(pairs)
    found = _evaluate(SourceSpec(path=file, sheet=sheet), year, rules, given)
    earlier = [one for other in others for one in _other_years(_place(other), found, given)]
    comparison = compare([*earlier, found]) if earlier else None
    joined = read_detail(_text(detail), found.results) if detail else None
    if output is not None:
        _write(output, found, comparison, lang)
    if as_json:
        base.show_json(report.everything(found, comparison, joined, lang))
    else:
        _show(found, lang, check=check)
        tables = [comparison_table(comparison, lang)] if comparison else []
        for table in (*tables, *([report.detail_table(joined, lang)] if joined else [])):
            click.echo()
            show.show_table(show.table(*table))
        base.words(*show.issues(found.all_issues, lang))
    differs = check and any(finding.state == DIFFERS for finding in found.findings)
    return int(differs or bool(base.failures(found.all_issues, fail_on)))


def _evaluate(spec: SourceSpec, year: int | None, rules: Rules, given: Mapping[str, str]) -> Evaluation:
    file = spec.path
    source = read_source(spec, str(file))
    recognised = recognise(source.headings)
    years = heading_years(source.headings)
    if year is None and len(years) > 1:
        raise UsageError("indicators.several-years", file=file, years=", ".join(map(str, years)), last=years[-1])
    if year is not None and years and year not in years:
        raise UsageError("indicators.no-such-year", file=file, value=year, years=", ".join(map(str, years)))
    headings = {**year_headings(source.headings, year), **given}
    table = clean_table(source, load_schema(current_schema(INDICATORS)), headings=headings)
    if (recognised and load_schema(recognised).name != INDICATORS) or not names_indicators(table):
        seen = ", ".join([heading for heading in source.headings if heading.strip()][:SEEN])
        raise UsageError("indicators.not-indicators", file=file, headings=seen)
    return evaluate_table(table, rules, year)


def _other_years(spec: SourceSpec, found: Evaluation, given: Mapping[str, str]) -> Iterator[Evaluation]:
    """The years of a file to compare with: of years side by side all but the one that is looked at."""
    years = heading_years(read_source(spec, str(spec.path)).headings)
    if len(years) < 2:
        yield _evaluate(spec, None, found.rules, given)
    for year in years if len(years) > 1 else ():
        if year != found.year:
            yield _evaluate(spec, year, found.rules, given)


def _place(named: Path) -> SourceSpec:
    """A file, or with ``#`` a sheet of it: 進捗状況.xlsx#令和2年度."""
    path, sign, sheet = str(named).rpartition("#")
    return SourceSpec(path=Path(path), sheet=sheet) if sign and not named.exists() else SourceSpec(path=named)


def _text(file: Path) -> str:
    """The detailed table as text. It comes out of a PDF: nothing about its layout can be relied on."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError("indicators.not-utf8", file=file, offset=error.start) from error


def _show(found: Evaluation, lang: str, *, check: bool) -> None:
    facts = {"title": found.rules.title, "year": year_name(found.year, lang), "count": str(len(found.results))}
    show.console().print(messages.text("cli.indicators-title", lang, facts), markup=False, style="bold")
    tables = [
        report.status_table(found.totals, found.rules, lang),
        report.trend_table(found.totals, found.rules, lang),
        report.result_table(found.results, lang),
    ]
    for headings, rows in (table for table in tables if table[1]):
        click.echo()
        show.show_table(show.table(headings, rows))
    if check:
        _show_check(found, lang)


def _show_check(found: Evaluation, lang: str) -> None:
    states = [finding.state for finding in found.findings]
    counts = {state: str(states.count(state)) for state in (AGREES, SETTLED, DIFFERS)}
    click.echo()
    click.echo(messages.text("cli.indicators-agree", lang, {"count": str(len(states)), **counts}))
    unlike = [finding for finding in found.findings if finding.state != AGREES]
    if unlike:
        show.show_table(show.table(*report.finding_table(unlike, found.rules, lang)))


def _write(folder: Path, found: Evaluation, comparison: Comparison | None, lang: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for table in (found.table, *tidy_tables(found.table, found)):
        write_csv(folder / f"{table.name}.csv", [match.name for match in table.matches], table.rows, "utf-8-sig")
    if comparison is not None:
        write_csv(folder / "comparison.csv", *comparison_table(comparison, lang), "utf-8-sig")
    page = folder / "index.html"
    page.write_text(render_page(found, comparison, lang), encoding="utf-8", newline="\n")
    base.say("cli.indicators-written", lang, folder=folder, page=page)
