"""What a package's RDF holds, told from its rows: the same as the probe finds in the files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from odkit.model import DatasetSpec, Package, Row
from odkit.project import data_file, load_schema
from odkit.rdf import FORMATS, Chunk, probe, survey, write_rdf
from odkit.rdf.formats import N_TRIPLES, rdf_blocks
from odkit.rdf.lines import read_lines
from odkit.rdf.mapping import find_mapping
from odkit.rdf.parse import MAX_BYTES
from odkit.rdf.reading import ROWS_PER_BLOCK

BASE, NOWHERE = "https://opendata.pref.chiba.lg.jp/id/", "https://data.example.lg.jp/id/"
WIFI = "public_wireless_lan.v2"
COLUMNS = load_schema(WIFI).names
SYNTAXES = {"data.ttl": "turtle", "data.nt": "nt", "data.jsonld": "json-ld", "data.rdf": "xml"}
CELLS = {
    "ID": ("W1", "W1", "W2", "あ/い", ""),
    "名称": ("駅", '"駅"\\', "改\n行", ""),
    "全国地方公共団体コード": ("122033", "120006", ""),
    "所在地_全国地方公共団体コード": ("122033", "122041", "12", ""),
    "緯度": ("35.7", "北", ""),
    "経度": ("139.9", ""),
    "URL": ("https://www.city.ichikawa.lg.jp/a", "https://www.wikidata.org/entity/Q1", "なし", ""),
    "備考": ("\t", "#", ""),
}
MEANT = {
    "code_municipality": ("122033", "122041", "12", ""),
    "corporate_number": ("8000020130001", ""),
    "latitude": ("35.72", "北"),
    "longitude": ("139.93", ""),
    "date": ("2024-04-01", "2024-02-30"),
    "url": ("https://www.city.ichikawa.lg.jp/あ い https://www.wikidata.org/entity/Q1", "https://a.jp/b.pdf", ""),
}
SCHEMAS = sorted(file.stem for file in data_file("vocab", "mapping").glob("*.csv"))
MakePackage = Callable[[str, Sequence[Row]], Package]
rows_of_wifi = st.lists(st.fixed_dictionaries({name: st.sampled_from(CELLS[name]) for name in CELLS}), max_size=6)


def row(cells: dict[str, str]) -> Row:
    return tuple(cells.get(name, "") for name in COLUMNS)


def written(package: Package, base: str = BASE, seen: dict[str, Chunk] | None = None) -> Package:
    return replace(package, resources=write_rdf(package, base, tuple(FORMATS.values()), seen=seen))


@given(rows_of_wifi)
@example([{}])
@example([{"ID": "W1"}, {"ID": "W1", "URL": "https://www.wikidata.org/entity/Q2"}])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_says_what_the_probe_finds_in_every_file(make_package: MakePackage, cells: list[dict[str, str]]) -> None:
    seen: dict[str, Chunk] = {}
    package = written(make_package(WIFI, [row(item) for item in cells]), seen=seen)
    known = survey(package, BASE)
    assert set(known) == (set(SYNTAXES) if cells else set())
    assert known == survey(package, BASE, seen)
    for path, facts in known.items():
        found = probe((package.folder / path).read_bytes(), SYNTAXES[path])
        assert replace(facts, triples=0) == replace(found, triples=0)
        assert facts.triples


@pytest.mark.parametrize("name", SCHEMAS)
@given(data=st.data())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_says_what_the_probe_finds_in_tables_of_every_mapping(
    name: str, make_package: MakePackage, data: st.DataObject
) -> None:
    fields = load_schema(name).fields
    cells = [st.sampled_from((*field.enum[:2], *MEANT.get(field.meaning, ("1", "値", "")))) for field in fields]
    seen: dict[str, Chunk] = {}
    package = written(make_package(name, data.draw(st.lists(st.tuples(*cells), max_size=4))), seen=seen)
    assert survey(package, BASE, seen) == survey(package, BASE)
    for path, facts in survey(package, BASE).items():
        found = probe((package.folder / path).read_bytes(), SYNTAXES[path])
        assert replace(facts, triples=0) == replace(found, triples=0)


def test_links_of_all_rows_count(make_package: MakePackage) -> None:
    towns = [row({"ID": f"W{code}", "所在地_全国地方公共団体コード": code}) for code in ("122033", "122041", "122041")]
    facts = survey(written(make_package(WIFI, towns)), BASE)["data.ttl"]
    assert {link for link in facts.links if "sac/C122" in link} == {
        "http://data.e-stat.go.jp/lod/sac/C12203",
        "http://data.e-stat.go.jp/lod/sac/C12204",
    }
    assert facts.instances == 3


def test_what_was_seen_of_small_tables_is_not_read_again(make_package: MakePackage) -> None:
    seen: dict[str, Chunk] = {}
    package = written(make_package(WIFI, [row({"ID": "W1"}), row({"ID": "W2"})]), seen=seen)
    other = make_package(WIFI, [row({"ID": "W3"})])
    assert survey(replace(package, tables=other.tables), BASE, seen)["data.ttl"].instances == 2
    large = [row({"ID": f"W{number}"}) for number in range(ROWS_PER_BLOCK + 1)]
    assert written(make_package(WIFI, large), seen=(nothing := dict[str, Chunk]())).resources
    assert list(seen) == ["data"]
    assert not nothing


def test_addresses_on_no_real_host_are_told(make_package: MakePackage) -> None:
    package = written(make_package(WIFI, [row({"ID": "W1"}), row({"ID": "W2"})]), NOWHERE)
    facts = survey(package, NOWHERE)["data.ttl"]
    assert replace(facts, triples=0) == replace(probe((package.folder / "data.ttl").read_bytes(), "turtle"), triples=0)
    assert (facts.subjects, facts.bad_count) == ((), 2)


def test_of_large_statements_that_end_within_a_row_nothing_is_said(make_package: MakePackage) -> None:
    package = written(make_package(WIFI, [row({"ID": "W1"})]))
    large = [replace(item, bytes=MAX_BYTES + 1) if item.path == "data.nt" else item for item in package.resources]
    known = survey(replace(package, resources=tuple(large)), BASE)
    assert sorted(known) == ["data.jsonld", "data.rdf", "data.ttl"]


MANY = st.lists(st.fixed_dictionaries({name: st.sampled_from(CELLS[name]) for name in CELLS}), min_size=1, max_size=12)


@given(MANY, st.integers(2_000, 60_000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_large_turtle_it_says_what_the_probe_finds_at_its_beginning(
    make_package: MakePackage, cells: list[dict[str, str]], limit: int
) -> None:
    package = written(make_package(WIFI, [row(item) for item in cells]))
    with pytest.MonkeyPatch.context() as patch:
        for module in map(import_module, ("odkit.rdf.parse", "odkit.rdf.survey")):
            patch.setattr(module, "MAX_BYTES", limit)
            patch.setattr(module, "ENOUGH", limit + 1)
        told = survey(package, BASE).get("data.ttl")
        found = probe((package.folder / "data.ttl").read_bytes(), "turtle")
    assert told is not None or found.error or not found.instances
    assert told is None or replace(told, triples=0) == replace(found, triples=0)


def test_turtle_of_eight_megabytes_is_told_from_the_rows_at_its_beginning(make_package: MakePackage) -> None:
    about = {"備考": "長" * 500, "緯度": "35.7", "経度": "139.9"}
    rows = [row({"ID": f"W{n}", "URL": f"https://www.wikidata.org/entity/Q{n}", **about}) for n in range(3_000)]
    package = written(make_package(WIFI, rows))
    told, found = survey(package, BASE)["data.ttl"], probe((package.folder / "data.ttl").read_bytes(), "turtle")
    assert found.sampled
    assert 0 < found.instances < len(rows)
    assert replace(told, triples=0) == replace(found, triples=0)


def test_what_has_no_beginning_of_its_own_is_too_large(make_package: MakePackage) -> None:
    """As the probe would say, had it read all of it."""
    package = written(make_package(WIFI, [row({"ID": "W1"})]))
    large = tuple(replace(item, bytes=MAX_BYTES + 1) for item in package.resources)
    known = survey(replace(package, resources=large), BASE)
    assert {path: facts.error for path, facts in known.items()} == {"data.jsonld": "too large", "data.rdf": "too large"}


def test_nothing_is_said_without_a_mapping_or_a_file(make_package: MakePackage) -> None:
    package = make_package(WIFI, [row({"ID": "W1"})])
    assert survey(package, BASE) == {}
    assert survey(written(make_package("changes.v1", [("a",) * 11])), BASE) == {}


@given(rows_of_wifi)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_regular_lines_are_read_as_rdflib_reads_them(spec: DatasetSpec, cells: list[dict[str, str]]) -> None:
    mapping = find_mapping(WIFI)
    assert mapping is not None
    lines = b"".join(rdf_blocks(N_TRIPLES, spec, mapping, COLUMNS, BASE)([row(item) for item in cells]))
    assert read_lines(lines) is not None
    assert probe(lines, "nt") == probe(b"# a comment, which lines for the quick way have not\n" + lines, "nt")


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"<http://a.jp/b> <http://a.jp/c> _:d .\n",
        b"<b> <http://a.jp/c> <http://a.jp/d> .\n",
        b"<http://a.jp/b> <http://a.jp/c> <http://a.jp/d>\n",
        b'<http://a.jp/b> <http://a.jp/c> "\\u3042" .\n',
        b'<http://a.jp/b> <http://a.jp/c> "a"b" .\n',
        b"<http://a.jp/b> <http://a.jp/c> <http://a.jp/d> . # e\n",
        b"<http://a.jp/b c> <http://a.jp/c> <http://a.jp/d> .\n",
        b'<http://a.jp/b> <http://a.jp/c> "\xff" .\n',
    ],
)
def test_other_lines_are_left_to_rdflib(lines: bytes) -> None:
    assert read_lines(lines) is None
