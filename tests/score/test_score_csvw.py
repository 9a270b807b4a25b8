"""CSVW metadata beside a CSV: what is told of regular rows is what the probe finds in the graph that they become."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from odkit.project import load_project
from odkit.publish import build
from odkit.rdf.probe import RdfFacts
from odkit.score import csvw, score_file

ROOT = Path(__file__).resolve().parent.parent.parent
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TEMPLATES = (
    "",
    "https://a.lg.jp/{id}",
    "https://a.lg.jp/{id}#{area}",
    "https://example.com/x{_row}",
    "https://{id}.lg.jp/",
    "https://a.lg.jp/{+area}",
    "https://a.lg.jp/fixed",
    "https://a.lg.jp/\x01{id}",
    "urn:{id}",
)
PROPERTIES = (
    "",
    "http://schema.org/name",
    "http://imi.ipa.go.jp/ns/core/rdf#名称",
    "http://purl.org/dc/terms/{id}",
    "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    RDF + "type",
    "https://a.lg.jp/1",
)
TARGETS = (
    "",
    "http://data.e-stat.go.jp/lod/sac/C{area}",
    "http://data.e-stat.go.jp/lod/sac/C12",
    "http://schema.org/Dataset",
    "http://schema.org/Place",
    "http://www.w3.org/2004/02/skos/core#Concept",
    "https://a.lg.jp/{id}",
    "{id}",
)
columns = st.fixed_dictionaries(
    {},
    optional={
        "propertyUrl": st.sampled_from(PROPERTIES),
        "valueUrl": st.sampled_from(TARGETS),
        "aboutUrl": st.sampled_from(TEMPLATES),
        "suppressOutput": st.booleans(),
    },
)
regular = st.fixed_dictionaries(
    {"propertyUrl": st.sampled_from(PROPERTIES[:3])}, optional={"valueUrl": st.sampled_from(TARGETS)}
)
fixed = st.fixed_dictionaries(
    {"virtual": st.just(True), "propertyUrl": st.sampled_from((*PROPERTIES, RDF + "type"))},
    optional={"valueUrl": st.sampled_from(TARGETS)},
)
cells = st.sampled_from(("1", "1-a_.~", "2", "", "あ", 'a"\n\\', "x/y#z"))
tables = st.tuples(
    st.sampled_from(TEMPLATES[1:4]) | st.sampled_from(TEMPLATES),
    st.tuples(regular, regular) | st.tuples(columns, columns),
    st.lists(fixed, max_size=2),
    st.lists(st.tuples(cells, cells), max_size=4),
)
Columns = Sequence[Mapping[str, Any]]


def both(
    about: str, described: Columns, virtual: Columns, rows: list[tuple[str, ...]]
) -> tuple[RdfFacts | None, RdfFacts]:
    named = [{"name": name, **column} for name, column in zip(("id", "area"), described, strict=True)]
    table = {"tableSchema": {"aboutUrl": about, "columns": [*named, *virtual]}}
    return csvw._told(rows, csvw._columns(table)), csvw._probed(rows, csvw._columns(table))


@given(tables)
@example(("https://a.lg.jp/{id}", ({}, {}), [], [("1", "2"), ("", "")]))
@example(("https://a.lg.jp/{id}", ({}, {}), [{"virtual": True, "propertyUrl": RDF + "type"}], [("1", "2")]))
def test_what_is_told_is_what_the_probe_finds(
    table: tuple[str, Columns, Columns, list[tuple[str, ...]]],
) -> None:
    told, found = both(*table)
    assert told is None or (not found.error and replace(told, triples=0) == replace(found, triples=0))


def test_regular_rows_are_told() -> None:
    types = [{"virtual": True, "propertyUrl": RDF + "type", "valueUrl": "http://schema.org/Place"}]
    told, _ = both(TEMPLATES[1], ({}, {"valueUrl": TARGETS[1]}), types, [("1", "12"), ("2", "13"), ("3", "")])
    assert told
    assert (told.instances, told.link_count) == (3, 2)
    assert both(TEMPLATES[1], ({}, {"propertyUrl": PROPERTIES[3]}), types, [("1", "12")])[0] is None


@pytest.mark.parametrize("dataset", ["120006/public_wireless_lan", "122041/aed", "122050/tourism", "122114/event"])
def test_the_tables_of_packages_are_regular(dataset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "publish.toml", tmp_path)
    shutil.copytree(ROOT / "datapackages" / dataset, tmp_path / "datapackages" / dataset)
    project = load_project(tmp_path)
    package, _, _ = build(project.dataset(dataset), project)
    graphs = []
    monkeypatch.setattr(csvw, "_probed", lambda *args: graphs.append(args))
    told = score_file(package.folder / "data.csv", "CC-BY-4.0")
    assert graphs == []
    monkeypatch.undo()
    monkeypatch.setattr(csvw, "_told", lambda *_: None)
    assert score_file(package.folder / "data.csv", "CC-BY-4.0") == told
    assert told.format == "csvw"
