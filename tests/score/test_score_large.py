"""Large text files: rows on disk, columns folded, and the same findings as in a small file."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odkit.clean import conform
from odkit.model import Outcome, Score
from odkit.rdf.parse import MAX_BYTES
from odkit.score import Rules, columns, score_file, store, values
from odkit.score.facts import Grid
from odkit.score.layout import find_layout
from odkit.score.runs import Runs
from odkit.score.store import BLOCK, IN_MEMORY, StoredRows, stored
from odkit.score.values import kind_of


def failing(score: Score) -> dict[str, list[tuple[str, str]]]:
    return {
        check.id: [(item.range, item.value) for item in check.evidence]
        for check in score.checks
        if check.outcome is Outcome.FAIL
    }


@pytest.mark.parametrize("count", [0, 1, IN_MEMORY - 1, IN_MEMORY, IN_MEMORY + 1, IN_MEMORY + BLOCK + 7])
def test_rows_come_back_as_they_were(count: int) -> None:
    rows = [(str(number), "施設\n" * (number % 3)) for number in range(count)]
    kept = stored(iter(rows))
    assert (len(kept), list(kept)) == (count, rows)
    assert isinstance(kept, StoredRows) is (count >= IN_MEMORY)
    if count:
        assert (kept[0], kept[-1], kept[count // 2], list(kept[-3:])) == (
            rows[0],
            rows[-1],
            rows[count // 2],
            rows[-3:],
        )
    with pytest.raises(IndexError):
        kept[count]


@given(st.integers(-15, 15) | st.none(), st.integers(-15, 15) | st.none(), st.integers(-3, 3).filter(bool))
def test_rows_on_disk_are_cut_as_a_tuple_is(start: int | None, stop: int | None, step: int) -> None:
    rows = tuple((str(number),) for number in range(11))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "BLOCK", 4)
        kept = StoredRows(rows[:8], iter(rows[8:]))
        assert tuple(kept[start:stop:step]) == rows[start:stop:step]


def test_findings_far_down_are_found(tmp_path: Path) -> None:
    lines = [f"施設{number},{number},備考" for number in range(40_000)]
    lines[30_000], lines[39_990] = '施設X,"1,234人",㈱', '施設Y,"5,678人",〃'
    path = tmp_path / "a.csv"
    path.write_text("名称,人数,備考\n" + "\n".join(lines) + "\n短い\n", encoding="utf-8")
    score = score_file(path, "CC BY 4.0")
    assert (score.level, score.format_level) == (2, 3)
    found = failing(score)
    assert found["1-3"] == [("R30002C2", "1,234人"), ("R39992C2", "5,678人")]
    assert found["1-10"] == [("R30002C3", "㈱")]
    assert found["1-6"] == [("R39992C3", "〃")]
    assert found["structure"] == [("R40002", "短い")]
    assert score.sheets[0].size == (40_002, 3)


def test_quoting_that_breaks_far_down(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "x,1\n" * (IN_MEMORY + 10) + '"open,2\n', encoding="utf-8")
    assert failing(score_file(path, "CC0"))["parse"] == [("", '"')]


ALPHABET = "0123456789-:/.,\\()（）'HRT \u3000円人丁目番平成元年約△①㈱〃ー・アあ市x+$"


@given(st.text(ALPHABET, max_size=14) | st.from_regex(values.ORDINARY, fullmatch=True))
@settings(max_examples=200)
def test_what_is_known_at_a_glance_is_what_a_closer_look_says(text: str) -> None:
    number, plain, *looks = values.signature(text)
    assert kind_of(text) == (None if any(looks) or (number and not plain) else (number, plain))


TEXTS = st.text(ALPHABET, max_size=6) | st.sampled_from(
    ["名称", "市川市", "公園 1", "1\n2", " ", "\x1c", "不明", "X", "NA"]
)


@given(st.lists(TEXTS, unique=True))
def test_of_many_texts_at_once_those_are_told_apart_that_rules_may_point_at(texts: list[str]) -> None:
    odd = values.unusual(texts)
    assert odd == [text for text in texts if text in odd]
    assert {text for text in texts if kind_of(text) is None} <= {*odd, ""}


@given(st.lists(TEXTS | st.from_regex(values.ORDINARY, fullmatch=True) | st.from_regex("0{0,2}[0-9]{1,3}")))
@settings(max_examples=300)
def test_ordinary_texts_are_told_apart_at_once_as_one_by_one(texts: list[str]) -> None:
    ordinary = [text for text in texts if text not in {"", *values.unusual(texts)}]
    runs = list(values.alike(ordinary))
    assert [text for _, run in runs for text in run] == ordinary
    assert [kind for kind, run in runs for _ in run] == [kind_of(text) for text in ordinary]


@given(st.lists(TEXTS, min_size=1, max_size=40))
@settings(max_examples=200)
def test_what_is_not_kept_is_counted_with_its_kind(cells: list[str]) -> None:
    rows = [("名称", "備考"), *(("あ", cell) for cell in cells)]
    layout = find_layout(rows, fixed_width=True)
    every = columns.columns_of(rows, layout)[1]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("SHORT", -1), ("DISTINCT", 2), ("BLOCK", 5)):
            patch.setattr(columns, name, value)
        some = columns.columns_of(rows, layout)[1]
    kinds = [Counter[object](), Counter[object]()]
    for column, counted in zip((every, some), kinds, strict=True):
        for text, count in column.counts.items():
            counted[text if text in every.telling else kind_of(text)] += count
    assert kinds[0] == kinds[1]
    assert (list(some.rows), [*some.telling]) == (list(every.rows), [*every.telling])


WIRELESS = ["全国地方公共団体コード", "ID", "名称", "所在地_連結表記", "経度", "SSID", "提供エリア"]


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=12), st.booleans())
@settings(max_examples=200)
def test_a_short_column_is_counted_as_a_long_one(lines: list[list[str]], known: bool) -> None:
    rows = [("名称", "電話番号", "緯度"), *map(tuple, lines)]
    layout = find_layout(rows, fixed_width=True)
    standard = conform(["緯度", "電話番号", "URL", *WIRELESS]) if known else None
    assert bool(standard) is known
    short = columns.columns_of(rows, layout, standard)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "SHORT", -1)
        long = columns.columns_of(rows, layout, standard)
    for one, other in zip(short, long, strict=True):
        assert (one.heading, list(one.counts.items())) == (other.heading, list(other.counts.items()))
        assert (one.telling, list(one.rows), list(one.marks)) == (other.telling, list(other.rows), list(other.marks))


@given(st.lists(st.integers(1, 60), unique=True).map(sorted), st.integers(-70, 70), st.integers(-70, 70))
def test_runs_are_a_tuple_of_numbers(numbers: list[int], start: int, stop: int) -> None:
    runs = Runs.of(numbers)
    assert (list(runs), list(reversed(runs)), len(runs)) == (numbers, numbers[::-1], len(numbers))
    assert list(runs[start:stop]) == numbers[start:stop]
    assert [number for number in range(62) if number in runs] == numbers
    assert [runs[place] for place in range(-len(numbers), len(numbers))] == numbers * 2
    with pytest.raises(IndexError):
        runs[len(numbers)]


def test_texts_beyond_those_kept_are_found_by_what_they_are_alike_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "SHORT", 0)
    monkeypatch.setattr(columns, "TELLING", 3)
    monkeypatch.setattr(columns, "DISTINCT", 3)
    rows = [
        ("名称", "備考"),
        *((f"施設{number}", f"㈱{number}" if number % 2 else f"①{number}") for number in range(40)),
    ]
    grid_layout = find_layout(rows, fixed_width=True)
    grid = Grid(rows=rows, layout=grid_layout, columns=columns.columns_of(rows, grid_layout))
    names, remarks = grid.columns
    assert (names.filled, len(names.counts), remarks.filled, len(remarks.counts)) == (40, 3, 40, 5)
    stocks = [row for row, _ in grid.find(remarks, remarks.texts(lambda text: "㈱" in text))]
    assert stocks == list(range(3, 42, 2))


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (5_000, 15_000):
        path = tmp_path / f"{count}.csv"
        lines = (f"{number},施設{number}㈱,市川市八幡{number}番地,{number / 7:.6f}\n" for number in range(count))
        path.write_text("番号,名称,住所,距離（m）\n" + "".join(lines), encoding="utf-8")
        tracemalloc.start()
        assert score_file(path, "CC0").level == 3
        peaks.append(tracemalloc.get_traced_memory()[1] >> 20)
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 2, peaks


@given(st.text(max_size=12))
@settings(max_examples=300)
def test_only_ordinary_texts_are_folded(text: str) -> None:
    """What any rule could point at is kept as it is."""
    if kind_of(text) is not None:
        assert text.strip() not in ("〃", "同上", "***", "X", "-")
        assert not any(mark in text for mark in "①㈱℡")


RULES = Rules(conform=conform)
REAL = (
    ("bichiku/130001_evacuation_center.csv", 3, ""),
    ("ichikawa/122033_101_public_facility.csv", 3, "1-5"),
    ("ichikawa/122033_102_cultural_property.csv", 3, ""),
    ("ichikawa/122033_103_evacuation_space.csv", 3, "schema"),
    ("ichikawa/122033_104_population.csv", 3, ""),
    ("ichikawa/122033_105_preschool.csv", 3, "1-5"),
    ("ichikawa/122033_106_open_data_list.csv", 3, ""),
    ("ichikawa/122033_107_public_wireless_lan.csv", 3, ""),
    ("ichikawa/122033_108_aed.csv", 3, ""),
    ("ichikawa/122033_109_care_service.csv", 3, ""),
    ("ichikawa/122033_201_multipurpose_toilet.csv", 3, "schema"),
    ("ichikawa/122033_202_kohoichikwa.csv", 3, ""),
    ("ichikawa/122033_203_book_drop.csv", 3, ""),
    ("ichikawa/122033_204_mobile_library.csv", 3, "1-10"),
    ("ichikawa/122033_205_polling_place.csv", 3, ""),
    ("ichikawa/122033_206_kitaku_konnan.csv", 3, "1-10"),
    ("ichikawa/122033_207_well_for_disaster.csv", 3, ""),
    ("ichikawa/122033_208_medical_aid_station.csv", 3, ""),
    ("ichikawa/122033_209_100_best_landscapes.csv", 3, "1-5"),
    ("ichikawa/122033_210_sakura_map.csv", 3, ""),
    ("ichikawa/122033_211_magokoro_road.csv", 3, ""),
    ("ichikawa/122033_212_security_camera.csv", 3, "1-5"),
    ("ichikawa/122033_213_park_green_space.csv", 3, ""),
    ("ichikawa/122033_401_bus_stop_northeast_gtfs.zip", 3, ""),
    ("matsuyama/382019_evacuation_space.csv", 3, "1-3 1-5 2-1 schema"),
    ("takamatsu/0066_202004.xlsx", 2, "1-3 1-13"),
    ("takamatsu/0068.xlsx", 2, "1-3"),
    ("takamatsu/0084_202104.xlsx", 2, "1-3 1-10"),
    ("takamatsu/0085_建物用途.xlsx", 2, "1-3"),
    ("takamatsu/0091_2025.xlsx", 2, "1-3"),
    ("takamatsu/0112.xlsx", 2, "header-row 1-6"),
    ("takamatsu/data .xlsx", 2, "schema"),
    ("takamatsu/data.csv", 3, "schema"),
    ("takamatsu/data.xlsx", 2, "1-3 1-10"),
    ("takamatsu/data__nursery_school__data.xlsx", 2, "1-3 1-5"),
    ("takamatsu/data__polling_place_list__data.xlsx", 2, "1-3"),
    ("takamatsu/data__public_wireless_lan__data.xlsx", 2, "1-3"),
    ("takamatsu/data__tourist_facilities__data.xlsx", 2, "1-3"),
    ("tokyo/130001_evacuation_area.csv", 3, "1-5 1-10 2-1 schema"),
)
"""Each confirmed by eye once: the level, and the checks that are 要修正."""


@pytest.mark.parametrize(("name", "level", "ids"), REAL)
def test_real_files(shared: Path, name: str, level: int, ids: str) -> None:
    score = score_file(shared / "real" / name, "CC BY 4.0", rules=RULES)
    assert (score.level, " ".join(failing(score))) == (level, ids)
    assert all(item.range or item.expected for places in score.checks for item in places.evidence if item.value)


CSVW = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "a.csv",
    "tableSchema": {
        "aboutUrl": "https://data.city.ichikawa.lg.jp/id/{id}",
        "columns": [
            {"name": "id"},
            {"titles": "名称", "propertyUrl": "http://schema.org/name"},
            {"name": "area", "valueUrl": "http://data.e-stat.go.jp/lod/sac/C{area}"},
        ],
    },
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (5, 5, "csvw")),
        ({"url": "other.csv"}, (3, 3, "csv")),
        ({"@context": "https://schema.org"}, (3, 3, "csv")),
        ({"tableSchema": {"columns": [{"name": "id"}]}}, (3, 3, "csv")),
        ({"tableSchema": {"aboutUrl": "https://example.com/{id}", "columns": [{"name": "id"}]}}, (3, 4, "csvw")),
        ({"tableSchema": {"aboutUrl": "https://a.lg.jp/{id}", "columns": [{"name": "id"}]}}, (4, 4, "csvw")),
        ({"tableSchema": {"aboutUrl": "urn:{id}", "columns": [{"name": "id"}]}}, (3, 3, "csv")),
        ({"tableSchema": []}, (3, 3, "csv")),
    ],
)
def test_csvw_beside_the_file(tmp_path: Path, change: dict[str, object], expected: tuple[int, int, str]) -> None:
    (tmp_path / "a.csv").write_text('id,名称,地域\n1,A"館,12203\n2,B\\館,12204\n', encoding="utf-8")
    (tmp_path / "a.csv-metadata.json").write_text(json.dumps(CSVW | change), encoding="utf-8")
    score = score_file(tmp_path / "a.csv", "CC BY 4.0")
    assert (score.level, score.format_level, score.format) == expected


@pytest.mark.parametrize("content", ["", "[", "[" * 100_000, "[]", '{"@context": "http://www.w3.org/ns/csvw"}'])
def test_a_sidecar_that_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.csv").write_text("id,名称\n1,A館\n", encoding="utf-8")
    (tmp_path / "csv-metadata.json").write_text(content, encoding="utf-8")
    assert score_file(tmp_path / "a.csv", "CC BY 4.0").level == 3


def test_of_large_rdf_the_beginning_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its size: no file of statements is held whole."""
    monkeypatch.setattr("odkit.score.rate.FILE_LIMIT", 100)
    line = "<https://a.jp/{}> <http://purl.org/dc/terms/spatial> <http://data.e-stat.go.jp/lod/sac/C12203> .\n"
    for name in ("a.ttl", "a.nt"):
        path = tmp_path / name
        path.write_text("".join(line.format(number) for number in range(100_000)), encoding="utf-8")
        assert path.stat().st_size > MAX_BYTES
        tracemalloc.start()
        score = score_file(path, "CC BY 4.0")
        read = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (score.level, score.sha256) == (5, sha256(path.read_bytes()).hexdigest())
        assert read < 200 << 20
    other = tmp_path / "b.csv"
    other.write_text("a,b\n" * 100, encoding="utf-8")
    assert score_file(other, "CC BY 4.0").level is None
