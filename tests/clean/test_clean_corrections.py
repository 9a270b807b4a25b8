"""corrections.csv: guarded by the expected value, shown with their reason, never applied in doubt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from odkit.clean import clean_table
from odkit.decisions import Correction, Decisions
from odkit.model import CleanTable, Field, Origin, SourceTable, TableSchema

FIELDS = (
    Field(name="ID", title="ID", meaning="id"),
    Field(name="指定日", title="指定日", meaning="date", type="date"),
    Field(name="備考", title="備考"),
)
SCHEMA = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=FIELDS)
Build = Callable[..., SourceTable]


def correction(**parts: Any) -> Correction:
    return Correction(
        **{"line": 2, "row": None, "key": "", "column": "指定日", "reason": "台帳の写し違い", "basis": "", **parts}
    )


def cleaned(source: SourceTable, *corrections: Correction) -> CleanTable:
    return clean_table(source, SCHEMA, decisions=Decisions(corrections=corrections))


def ledger(table: CleanTable) -> list[tuple[str, ...]]:
    return [(item.where.cell, item.before, item.after, item.rule, item.note) for item in table.changes]


def issues(table: CleanTable) -> list[tuple[str, str, str]]:
    return [(item.code, item.where.cell, item.value) for item in table.issues if "correction" in item.code]


def test_by_row_before_the_value_is_cleaned(source: Build) -> None:
    table = source(["ID", "指定日"], ["a", "S40.3.36"], ["b", "S41.1.1"])
    made = cleaned(table, correction(row=4, expected="S40.3.36", value="S40.3.26", basis="県報第12号"))
    assert made.rows == (("a", "1965-03-26", ""), ("b", "1966-01-01", ""))
    assert ledger(made)[:2] == [
        ("C4", "S40.3.36", "S40.3.26", "correction", "台帳の写し違い（県報第12号）"),
        ("C4", "S40.3.26", "1965-03-26", "era-date", ""),
    ]
    assert issues(made) == []


def test_by_key_and_by_the_heading_of_the_source(source: Build) -> None:
    table = source(["ID", "指定年月日"], ["a", "x"], [" b ", "x\r\n"])
    fix = correction(key="b", column="指定年月日", expected="x", value="1966-01-01")
    made = clean_table(table, SCHEMA, headings={"指定年月日": "指定日"}, decisions=Decisions(corrections=(fix,)))
    assert [row[1] for row in made.rows] == ["x", "1966-01-01"]


def test_a_cell_that_the_source_lacks_can_be_filled(source: Build) -> None:
    made = cleaned(source(["ID"], ["a"]), correction(row=4, column="備考", expected="", value="移設済み"))
    assert made.rows == (("a", "", "移設済み"),)
    assert ledger(made) == [("4", "", "移設済み", "correction", "台帳の写し違い")]


def test_a_source_that_was_put_right_is_left_alone(source: Build) -> None:
    table = source(["ID", "指定日"], ["a", "1965-03-26"])
    made = cleaned(table, correction(row=4, expected="S40.3.36", value="1965-03-26"))
    assert made.changes == ()
    assert issues(made) == [("clean.correction-stale", "C4", "1965-03-26")]
    assert made.issues[0].details == {"expected": "S40.3.36", "line": "2"}


def test_corrections_that_name_no_cell_or_two(source: Build) -> None:
    table = source(["ID", "指定日", "備考", "備考"], ["a", "x", "", ""], ["a", "x", "", ""])
    made = cleaned(
        table,
        correction(row=99, expected="x", value="y"),
        correction(row=4, column="無い列", expected="x", value="y"),
        correction(key="a", expected="x", value="y"),
        correction(key="c", expected="x", value="y"),
    )
    assert all(change.rule != "correction" for change in made.changes)
    assert issues(made) == [
        ("clean.correction-unknown", "99", "x"),
        ("clean.correction-unknown", "4", "x"),
        ("clean.correction-unknown", "", "x"),
        ("clean.correction-unknown", "", "x"),
    ]


def test_the_key_is_the_schemas_own_where_it_is_one_column(source: Build) -> None:
    schema = TableSchema(
        id="test.v1", name="test", title="試験", version="v1", kind="indicator", fields=FIELDS, primary_key=("備考",)
    )
    fix = correction(key="k2", column="ID", expected="b", value="c")
    made = clean_table(
        source(["ID", "備考"], ["a", "k1"], ["b", "k2"]), schema, decisions=Decisions(corrections=(fix,))
    )
    assert [row[0] for row in made.rows] == ["a", "c"]


TEXT = st.text(alphabet="ab 1", max_size=3)


@given(cells=st.lists(TEXT, min_size=1, max_size=5), row=st.integers(3, 10), expected=TEXT, value=TEXT)
def test_only_the_named_cell_changes_and_only_from_the_expected_value(
    cells: list[str], row: int, expected: str, value: str
) -> None:
    table = SourceTable(
        origin=Origin(location="表.csv"),
        headings=("備考",),
        rows=[(cell,) for cell in cells],
        row_numbers=range(4, 4 + len(cells)),
        header_rows=(3,),
    )
    fix = correction(row=row, column="備考", expected=expected, value=value)
    plain, made = cleaned(table), cleaned(table, fix)
    holds = 4 <= row < 4 + len(cells) and cells[row - 4].strip() == expected.strip()
    wanted = [value.strip() if holds and at == row - 4 else old[2] for at, old in enumerate(plain.rows)]
    assert [new[2] for new in made.rows] == wanted
    assert len(issues(made)) == (not holds)
