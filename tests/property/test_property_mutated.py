"""Damaged files through reading and cleaning: an error of ours or a table that accounts for every cell, and soon."""

from __future__ import annotations

import csv
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.clean import clean_table, recognise
from odkit.errors import SourceError
from odkit.formulas import would_run
from odkit.model import CleanTable, SourceTable
from odkit.package import write_csv
from odkit.project import INFERRED, current_schema, load_schema
from odkit.read import read_source

SECONDS = 60
STANDARD = "public_wireless_lan.v2"
FORMULAS = ("=cmd|'/C calc'!A0", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x.example")', "+cmd|'/C'!A0", "-1+cmd|x")
NAMES = load_schema(STANDARD).names
ROWS = [
    list(NAMES),
    *(
        [
            {"名称": f"第{row}庁舎", "所在地_連結表記": f"千葉県市川市八幡{row}", "緯度": "35.72"}.get(name, "")
            for name in NAMES
        ]
        for row in range(1, 9)
    ),
]


def as_csv(rows: list[list[str]]) -> bytes:
    stream = StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8")


def flipped(data: bytes, dice: random.Random) -> bytes:
    """Some bytes turned into others."""
    made = bytearray(data)
    for place in dice.choices(range(len(made)), k=dice.randint(1, 8)):
        made[place] ^= 1 << dice.randrange(8)
    return bytes(made)


def cut_short(data: bytes, dice: random.Random) -> bytes:
    """The end lost."""
    return data[: dice.randrange(len(data))]


def with_nul(data: bytes, dice: random.Random) -> bytes:
    """NUL bytes in between."""
    place = dice.randrange(len(data))
    return data[:place] + bytes(dice.randint(1, 4)) + data[place:]


def unbalanced(data: bytes, dice: random.Random) -> bytes:
    """A quote too many."""
    place = dice.randrange(len(data))
    return data[:place] + b'"' + data[place:]


def ragged(data: bytes, dice: random.Random) -> bytes:
    """Rows with cells lost or added."""
    rows = list(csv.reader(StringIO(data.decode("utf-8"))))
    body = [[*row, "余り"] if dice.random() < 0.2 else row[: dice.randint(1, len(row))] for row in rows[1:]]
    return as_csv([rows[0], *body])


def shuffled(data: bytes, dice: random.Random) -> bytes:
    """Columns in another order."""
    rows = list(csv.reader(StringIO(data.decode("utf-8"))))
    order = dice.sample(range(len(rows[0])), len(rows[0]))
    return as_csv([[row[place] for place in order] for row in rows])


def with_formulas(data: bytes, dice: random.Random) -> bytes:
    """Text that a spreadsheet would run."""
    rows = list(csv.reader(StringIO(data.decode("utf-8"))))
    for row in rows[1:]:
        row[dice.randrange(len(row))] = dice.choice(FORMULAS)
    return as_csv(rows)


Mutation = Callable[[bytes, random.Random], bytes]
MUTATIONS: tuple[Mutation, ...] = (flipped, cut_short, with_nul, unbalanced, ragged, shuffled, with_formulas)


def outcome(data: bytes, folder: Path) -> tuple[SourceTable, CleanTable] | str:
    """What is read and what becomes of it, or the code of the error; slowness fails."""
    path = folder / "一覧"
    path.write_bytes(data)
    started = time.process_time()
    try:
        source = read_source(path, "一覧")
    except SourceError as error:
        return error.code
    known = recognise(source.headings)
    table = clean_table(source, load_schema(current_schema(load_schema(known).name if known else INFERRED)))
    assert len(list(table.rows)) == len(source.rows)
    assert time.process_time() - started < SECONDS
    return source, table


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms())
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_damaged_file(account: Callable[..., None], mutation: Mutation, dice: random.Random, tmp_path: Path) -> None:
    made = outcome(mutation(as_csv(ROWS), dice), tmp_path)
    if not isinstance(made, str):
        account(*made)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms())
def test_columns_in_another_order_say_the_same(dice: random.Random, tmp_path: Path) -> None:
    plain, moved = (outcome(data, tmp_path) for data in (as_csv(ROWS), shuffled(as_csv(ROWS), dice)))
    assert not isinstance(plain, str)
    assert not isinstance(moved, str)
    assert moved[1].rows == plain[1].rows


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms())
def test_no_text_that_would_run_is_written(dice: random.Random, tmp_path: Path) -> None:
    made = outcome(with_formulas(as_csv(ROWS), dice), tmp_path)
    assert not isinstance(made, str)
    _, table = made
    target = tmp_path / "data.csv"
    write_csv(target, [match.name for match in table.matches], table.rows, "utf-8-sig")
    with target.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if would_run(cell)] == []
    guarded = sum(cell.startswith("'") for cell in cells)
    assert Counter(change.rule for change in table.changes)["formula-guard"] == guarded


def bomb(size: int, claimed: int | None = None) -> bytes:
    """A zip whose one table unpacks to `size` bytes, or says that it does."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("一覧.csv", b"a,b\n" + b"1,2\n" * (size // 4))
    data = stream.getvalue()
    if claimed is None:
        return data
    entry = data.index(b"PK\x01\x02")
    return data[: entry + 24] + claimed.to_bytes(4, "little") + data[entry + 28 :]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bomb(80 << 20), "read.too-large"),
        (bomb(400, 1 << 30), "read.too-large"),
        (b"a,b\n" + bytes(99), "read.not-text"),
    ],
    ids=["bomb", "a gigabyte claimed", "NUL bytes"],
)
def test_what_is_refused(data: bytes, code: str, tmp_path: Path) -> None:
    assert outcome(data, tmp_path) == code


def test_ten_thousand_columns(account: Callable[..., None], tmp_path: Path) -> None:
    rows = [[f"列{place}" for place in range(10_000)], *([str(place) for place in range(10_000)] for _ in range(5))]
    made = outcome(as_csv(rows), tmp_path)
    assert not isinstance(made, str)
    account(*made)
