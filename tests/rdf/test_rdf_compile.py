"""What writes rows is made once per layout: the same bytes for every package, pattern of cells and way to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.model import DatasetSpec, Package, Publisher, Row
from odkit.project import data_file, load_schema
from odkit.rdf import compile as rows_of_text
from odkit.rdf import formats, write_rdf
from odkit.rdf.compile import compile_writer
from odkit.rdf.cube import cube_blocks, find_cube
from odkit.rdf.dataset import about_area, about_dataset, about_publisher, dataset_address
from odkit.rdf.formats import (
    JSON_LD,
    N_TRIPLES,
    TURTLE,
    rdf_blocks,
    row_context,
    row_naming,
    row_reader,
    row_tree,
    syntax_of,
)
from odkit.rdf.mapping import Mapping, find_mapping, load_mapping
from odkit.rdf.reading import Naming
from odkit.rdf.subject import Namer, subject_namer

BASES = ("https://opendata.pref.chiba.lg.jp/id/", "https://data.example.lg.jp/あ b/")
SCHEMAS = sorted(file.stem for file in data_file("vocab", "mapping").glob("*.csv"))
CUBES = sorted(file.stem for file in data_file("vocab", "cube").glob("*.csv"))
WIFI = "public_wireless_lan.v2"
VALUES = {
    "code_municipality": ("122033", "12", ""),
    "corporate_number": ("8000020130001", ""),
    "latitude": ("35.72", "北"),
    "longitude": ("139.93", ""),
    "phone": ("(047)712-8569", "なし", ""),
    "date": ("2024-04-01", "2024-02-30"),
    "url": ("https://a.jp/ https://b.jp/", "https://a.jp/あ い", ""),
    "email": ("a@b.jp;c@d.jp;e@f.jp", "a@b.jp", ""),
}
TEXTS = ("値", 'a"b\\', "改\n行", "", "\x1f", "\ud800", "{0}%s", "A;B;C", "A;A", ".", "a:b")
MakePackage = Callable[[str, Sequence[Row]], Package]


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """What other tests have made is made anew."""
    formats._template.cache_clear()
    formats.layout_reading.cache_clear()


def cells_of(name: str) -> st.SearchStrategy[list[Row]]:
    fields = load_schema(name).fields
    cells = [st.sampled_from((*field.enum[:2], *VALUES.get(field.meaning, ("3", *TEXTS)))) for field in fields]
    return st.lists(st.tuples(*cells), max_size=5)


def mapped(name: str) -> Mapping:
    mapping = find_mapping(name)
    assert mapping
    return mapping


def other(spec: DatasetSpec) -> DatasetSpec:
    publisher = Publisher(code="121002", name="chiba", title="千葉市", title_en="Chiba City")
    return replace(spec, id="121002/い う", name="い う", publisher=publisher, licence=replace(spec.licence, url=""))


@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_packages_of_a_layout_share_what_writes_them(name: str, spec: DatasetSpec, data: st.DataObject) -> None:
    mapping, columns = mapped(name), load_schema(name).names
    for package, base in ((spec, BASES[0]), (other(spec), BASES[0]), (other(spec), BASES[1]), (spec, BASES[0])):
        rows = data.draw(cells_of(name))
        tree = row_tree(package, mapping, columns, base)
        address = dataset_address(package, base) + "/"
        things = (
            about_dataset(package, base),
            about_publisher(package.publisher, base),
            about_area(package.publisher),
        )
        for kind in (TURTLE, JSON_LD, N_TRIPLES):
            naming = row_naming(subject_namer(mapping.subjects, columns), address)
            place = 0 if kind is TURTLE else 1
            blocks = rdf_blocks(kind, package, mapping, columns, base)
            alone = compile_writer(
                syntax_of(kind, tree, things, base),
                tree,
                len(columns),
                lambda row, naming=naming, place=place: naming([row])[place][0],  # type: ignore[misc]  # bound in the loop
            )
            assert b"".join(blocks(rows)) == blocks.start + b"".join(alone(rows)) + blocks.end


@pytest.mark.parametrize("most", [0, 1])
@pytest.mark.parametrize("name", SCHEMAS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_of_many_patterns_are_written_as_those_of_few(
    name: str, most: int, spec: DatasetSpec, data: st.DataObject
) -> None:
    rows, mapping, columns = data.draw(cells_of(name)), mapped(name), load_schema(name).names
    for kind in (TURTLE, JSON_LD, N_TRIPLES):
        written = []
        for plans in (32, most):
            formats._template.cache_clear()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(rows_of_text, "_MOST_PLANS", plans)
                written.append(b"".join(rdf_blocks(kind, spec, mapping, columns, BASES[0])(rows)))
        assert written[0] == written[1]


@pytest.mark.parametrize("name", CUBES)
def test_cubes_of_many_patterns_are_written_as_those_of_few(
    name: str, spec: DatasetSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    cube, columns = find_cube(name), load_schema(name).names
    assert cube
    rows = [tuple("3" if (place + row) % (row + 2) else "" for place in range(len(columns))) for row in range(9)]
    for package in (spec, other(spec)):
        written = []
        for plans in (32, 0):
            monkeypatch.setattr(rows_of_text, "_MOST_PLANS", plans)
            written.append(b"".join(cube_blocks(cube, mapped(name), package, columns, BASES[0])(rows)))
        assert written[0] == written[1]


def test_no_more_plans_are_kept_than_a_table_usually_has(spec: DatasetSpec) -> None:
    columns = load_schema(WIFI).names
    read = row_reader(spec, mapped(WIFI), columns, BASES[0])
    rows = [tuple("値" if number >> place & 1 else "" for place in range(len(columns))) for number in range(256)]
    template = formats._template(TURTLE, mapped(WIFI), columns, BASES[0], frozenset())
    texts = template.texts()
    assert len(list(texts(read(rows)))) == len(rows)
    assert len(template._plans) == rows_of_text._MOST_PLANS


def test_a_mapping_that_has_changed_is_another_one(spec: DatasetSpec) -> None:
    mapping = load_mapping(data_file("vocab", "mapping", f"{WIFI}.csv"))
    changed = replace(mapping, types=("geo:SpatialThing",))
    columns = load_schema(WIFI).names
    rows = [tuple("W1" for _ in columns)]
    ours, theirs = (b"".join(rdf_blocks(TURTLE, spec, item, columns, BASES[0])(rows)) for item in (mapping, changed))
    assert b"schema:Place" in ours
    assert b"schema:Place" not in theirs


def test_the_rows_of_a_table_are_read_once_for_all_its_files(
    make_package: MakePackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    naming = formats.row_naming

    def counted(namer: Namer, base: str) -> Naming:
        def name(rows: Sequence[Row]) -> tuple[Sequence[str], Sequence[str]]:
            nonlocal asked
            asked += len(rows)
            return made(rows)

        made = naming(namer, base)
        return name

    monkeypatch.setattr(formats, "row_naming", counted)
    package = make_package(WIFI, [tuple("W1" for _ in load_schema(WIFI).names)])
    write_rdf(package, BASES[0], (TURTLE, JSON_LD, N_TRIPLES))
    assert asked == 1


def test_what_a_package_gives_stands_in_the_rows(spec: DatasetSpec) -> None:
    name = "indicators.v1"
    rows = [tuple("1-01" for _ in load_schema(name).names)]
    for package in (spec, other(spec)):
        context = row_context(package, BASES[0])
        written = b"".join(rdf_blocks(N_TRIPLES, package, mapped(name), load_schema(name).names, BASES[0])(rows))
        assert f"isPartOf> <{context.dataset}> .".encode() in written
