"""What holds for every table: nothing is lost, and every difference is accounted for."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odkit import messages
from odkit.clean import clean_table
from odkit.model import CleanTable, Origin, Publisher, SourceTable
from odkit.project import heading_aliases, load_schema

Account = Callable[[SourceTable, CleanTable], None]

SCHEMA = load_schema("cultural_property.v2")
GOVERNMENT = ["都道府県コード又は市区町村コード", "都道府県名", "市区町村名"]  # often enough to meet each other
HEADINGS = [*SCHEMA.names, *heading_aliases(SCHEMA.name), *GOVERNMENT * 9, "", " ", "担当／名称", "設置／緯度", "メモ"]
MESSY = (
    "| |〃|同上|千葉県|S32.2.21|22196|1基|139.9|35.7|○|12203|市川市|千葉県市川市八幡1|０４７－７１２－８５６９|"
    "047-334-1111 内線12|月～金|９時|a、b|ﾃｽﾄ|272-8501|-|１，０００|"
    "月～金（祝日を除く）|9:00-17:00（土曜は12:00まで）|129.92|047-334-1111（代）"
)
CELL = st.one_of(st.sampled_from(MESSY.split("|")), st.text(alphabet="１2年月日,.-ー ｶ\n", max_size=6))


@st.composite
def sources(draw: st.DrawFn) -> SourceTable:
    headings = draw(st.lists(st.sampled_from(HEADINGS), max_size=7))
    width = len(headings)
    rows = draw(st.lists(st.tuples(*[CELL] * width), max_size=5))
    last = 4 + len(rows)
    merged = draw(st.lists(st.sampled_from([f"B4:B{last}", "C5:D6", f"D4:D{last}", "B1:C2"]), max_size=2))
    return SourceTable(
        origin=Origin(location="表.xlsx"),
        headings=tuple(headings),
        rows=tuple(rows),
        row_numbers=tuple(range(4, last)),
        header_rows=(3,),
        first_column=2,
        merged=tuple(merged),
    )


def cleaned(source: SourceTable, declared: dict[str, str] | None = None) -> CleanTable:
    publisher = Publisher(code="120006", name="x", title="千葉県", title_en="Chiba")
    return clean_table(source, SCHEMA, publisher, declared)


DECLARED = st.dictionaries(
    st.sampled_from(["メモ", "担当／名称", "名称", ""]), st.sampled_from(["", "名称", "ID", "独自の列"]), max_size=3
)


@settings(max_examples=200, deadline=None)
@given(sources(), DECLARED)
def test_every_source_cell_is_accounted_for(account: Account, source: SourceTable, declared: dict[str, str]) -> None:
    table = cleaned(source, declared)
    account(source, table)
    names = [match.name for match in table.matches]
    assert len(set(names)) == len(names)
    assert tuple(names[: len(SCHEMA.names)]) == SCHEMA.names


@settings(max_examples=100, deadline=None)
@given(sources())
def test_a_clean_table_stays_as_it_is(source: SourceTable) -> None:
    once = cleaned(source)
    # A ditto mark with nothing above it may find something there once other cells are filled in.
    assume(all(issue.code != "clean.ditto" for issue in once.issues))
    again = cleaned(
        SourceTable(
            origin=once.origin,
            headings=tuple(match.name for match in once.matches),
            rows=once.rows,
            row_numbers=once.row_numbers,
            header_rows=(3,),
            first_column=2,
        )
    )
    assert again.rows == once.rows
    assert again.changes == ()


@settings(max_examples=60, deadline=None)
@given(sources())
def test_every_issue_and_every_rule_has_words(source: SourceTable) -> None:
    table = cleaned(source)
    for lang in messages.LANGUAGES:
        for issue in table.issues:
            place = {"file": "", "cell": "", "field": "", "value": issue.value}
            assert messages.sentence(issue.code, lang, place | dict(issue.details))
        for change in table.changes:
            assert messages.text(f"rule.{change.rule}", lang)
