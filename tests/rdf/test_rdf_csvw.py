"""The CSVW metadata of every table that this project publishes, read by csvw: its JSON and RDF are ours, both ways."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node as Term

from odkit.model import Package
from odkit.package import load_package
from odkit.project import Project, load_project
from odkit.publish import build
from odkit.rdf import write_rdf
from odkit.rdf.csvw import PlainKeys
from odkit.rdf.dataset import dataset_address
from odkit.rdf.mapping import find_mapping

Triple = tuple[Term, Term, Term]
Readings = dict[str, tuple[Package, dict[str, dict[str, Any]]]]

ROOT = Path(__file__).resolve().parent.parent.parent
DATASETS = sorted(load_project(ROOT).dataset_ids())
SILENT = {
    ("120006/ict-indicators", "values"): "値の種別 is Japanese",
    ("122041/educational_institution", "data"): "学校コード is empty",
    ("122033/open_data_list", "data"): "ファイル_ID is empty",
    ("122033/population", "data"): "地域コード is empty",
    ("122360/population", "data"): "地域コード is empty",
}
"""The tables whose rows CSVW cannot address, and why."""
IC = "http://imi.go.jp/ns/core/rdf#"
SCHEMA = "http://schema.org/"
DCTERMS = "http://purl.org/dc/terms/"
DCAT = "http://www.w3.org/ns/dcat#"
OWN = "https://opendata.pref.chiba.lg.jp/id/vocabulary#"
UNSAID = {
    IC + "人数": "whole numbers, where the schema allows fractions",
    SCHEMA + "maximumAttendeeCapacity": "whole numbers, where the schema allows fractions",
    SCHEMA + "temporalCoverage": "text, where the schema has a year",
    SCHEMA + "url": "web addresses: a template would encode the Japanese in them, and a cell may hold several",
    DCTERMS + "spatial": "addresses made of a code without its check digit",
    DCTERMS + "subject": "addresses of other rows",
    OWN + "hazard": "addresses that are looked up by a word",
    OWN + "heritageCategory": "addresses that are looked up by a word",
}
"""What is said of a row and CSVW has no words for: the predicates, and why."""
PARTS_ONLY = {
    *(IC + name for name in ("市区町村コード", "住所コード", "参照先")),  # addresses, as above
    *(IC + name for name in ("開始時間", "終了時間")),  # 09:00, which RDF wants as 09:00:00
    *(SCHEMA + name for name in ("opens", "closes")),
    "http://www.opengis.net/ont/geosparql#asWKT",  # made of two cells
    *(IC + name for name in ("種別", "役割")),  # fixed words, where the part is there
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    *(IC + name for name in ("内線番号", "市区町村", "数値", "方書", "表記", "説明", "識別値", "郵便番号", "都道府県")),
    *(IC + name for name in ("開催期日", "電話番号")),
    SCHEMA + "name",
}
"""What is said of a part of a row (``#住所``) only: a table's rows have one address, as far as csvw reads JSON."""

READ = """
import json, sys
from csvw import CSVW

def statements(table):
    about = table.tableSchema.inherit("aboutUrl")
    columns = {column.header: column for column in table.tableSchema.columns if column.inherit("propertyUrl")}
    for number, row in enumerate(table.iterdicts(strict=False), start=1):
        subject = table.expand(about, row, _row=number) if about else ""
        for name, column in columns.items():
            predicate = column.inherit("propertyUrl").uri
            if column.virtual:
                yield subject, predicate, table.expand(column.inherit("valueUrl"), row, _row=number), "@id", ""
                continue
            for value in row[name] if isinstance(row[name], list) else [row[name]]:
                datatype = column.inherit("datatype").base
                if value not in (None, ""):
                    text = value.date().isoformat() if datatype == "date" else str(value)
                    yield subject, predicate, text, datatype, column.inherit("lang") or ""

said = {}
for name in sys.argv[1:]:
    file = CSVW(name + ".csv", md_url=name + ".csv-metadata.json", validate=True)
    assert file.is_valid, (name, [str(item.message) for item in file.warnings])
    (table,) = file.tables
    said[name] = {"rdf": list(statements(table)), "json": file.to_json()["tables"][0]["row"]}
print(json.dumps(said, default=str))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, built."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "publish.toml", folder)
    shutil.copytree(ROOT / "datapackages", folder / "datapackages")
    made = load_project(folder)
    for dataset in DATASETS:
        build(made.dataset(dataset), made)
    return made


def read(python: str, package: Package) -> dict[str, dict[str, Any]]:
    names = [table.name for table in package.tables]
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": ""}
    command = [python, "-c", READ, *names]
    done = subprocess.run(
        command, cwd=package.folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def readings(engines: str, project: Project) -> Readings:
    """Every package with what csvw reads of its tables."""
    packages = [load_package(project.dataset(name), project.build_folder / name) for name in DATASETS]
    return {package.spec.id: (package, read(engines, package)) for package in packages}


@pytest.mark.engines
@pytest.mark.parametrize("dataset", DATASETS)
def test_csvw_validates_and_says_what_our_graph_says(dataset: str, readings: Readings, project: Project) -> None:
    package, tables = readings[dataset]
    for name, said in tables.items():
        if (dataset, name) in SILENT:
            assert said["rdf"] == []
        else:
            assert_agreed(said, package, name, project.base_uri)


@pytest.mark.engines
def test_what_csvw_cannot_say_is_listed_and_no_more(readings: Readings, project: Project) -> None:
    unsaid = {
        (str(predicate), "#" in str(subject))
        for dataset, (package, tables) in readings.items()
        for name, said in tables.items()
        if (dataset, name) not in SILENT
        for graph, rows in [our_rows(package, name, project.base_uri)]
        for subject, predicate, _ in unread(graph, {triple(*item) for item in said["rdf"]}, rows)
    }
    assert unsaid == {(name, False) for name in UNSAID} | {(name, True) for name in PARTS_ONLY}


@pytest.mark.engines
@pytest.mark.parametrize(
    ("dataset", "column", "unsaid"),
    [
        ("122033/population", "地域コード", {DCTERMS + "date"}),  # a day that is part of a key is read as text
        ("122033/open_data_list", "ファイル_ID", {DCAT + name for name in ("landingPage", "downloadURL")}),  # addresses
    ],
)
def test_csvw_agrees_where_two_columns_are_the_key(
    dataset: str, column: str, unsaid: set[str], engines: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "publish.toml", tmp_path)
    folder = tmp_path / "datapackages" / dataset
    shutil.copytree(ROOT / "datapackages" / dataset, folder)
    (source,) = folder.glob("*.csv")
    made = load_project(tmp_path)
    spec = made.dataset(dataset)
    package, _, _ = build(spec, made)
    heads = [match.name for match in package.tables[0].matches]
    rows = [list(row) for row in package.tables[0].rows]
    for number, row in enumerate(rows, start=1):
        row[heads.index(column)] = f"12203300{number}"
    with source.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    package, _, _ = build(spec, made)
    assert_agreed(read(engines, package)["data"], package, "data", made.base_uri, unsaid)


def assert_agreed(
    said: dict[str, Any], package: Package, name: str, base_uri: str, unsaid: Collection[str] = ()
) -> None:
    """The same rows have the same addresses; all that is said there is said here, and here what can be said there."""
    graph, rows = our_rows(package, name, base_uri)
    theirs = {triple(*item) for item in said["rdf"]}
    assert {subject for subject, _, _ in theirs} == rows
    assert [thing["@id"] for row in said["json"] for thing in row["describes"]] == in_order(said)
    assert comparable(theirs) - comparable(graph) == set()
    missing = {(str(p), "#" in str(s)) for s, p, _ in unread(graph, theirs, rows)}
    assert missing <= {(p, False) for p in (*UNSAID, *unsaid)} | {(p, True) for p in PARTS_ONLY}
    assert_json(said["json"], graph)


def our_rows(package: Package, name: str, base_uri: str) -> tuple[Graph, set[Term]]:
    """Our graph of a table, and the addresses of its rows."""
    graph = Graph().parse(package.folder / f"{name}.ttl")
    return graph, set(graph.subjects(URIRef(DCTERMS + "isPartOf"), URIRef(dataset_address(package.spec, base_uri))))


def unread(graph: Graph, theirs: Iterable[Triple], rows: set[Term]) -> Iterator[Triple]:
    """What our graph says of rows and their parts and the reading does not, but for the links to the parts.

    A column has one term there: a text that is read counts, whichever of its terms on the row or a part has it.
    """
    read = {(row_of(s), text_of(o)) for s, _, o in theirs}
    for s, p, o in graph:
        told = (row_of(s), text_of(o)) in read or str(o).startswith(f"{row_of(s)}#")
        if URIRef(row_of(s)) in rows and not told:
            yield s, p, o


def row_of(subject: Term) -> str:
    """The row that a thing or its part is about."""
    return str(subject).partition("#")[0]


def text_of(value: Term) -> object:
    """A value as it is, whatever its datatype and language."""
    return as_json(value) if isinstance(value, Literal) else value


def in_order(said: dict[str, Any]) -> list[str]:
    """The subjects in the order of the rows."""
    return list(dict.fromkeys(item[0] for item in said["rdf"]))


def triple(subject: str, predicate: str, value: str, datatype: str, language: str) -> Triple:
    """As CSV2RDF has it: a plain string, one with a language, or one with a datatype."""
    if datatype == "@id":
        return URIRef(subject), URIRef(predicate), URIRef(value)
    if datatype == "string":
        known = language if language != "und" else None
        return URIRef(subject), URIRef(predicate), Literal(value, lang=known)
    return URIRef(subject), URIRef(predicate), Literal(value, datatype=f"http://www.w3.org/2001/XMLSchema#{datatype}")


def comparable(triples: Iterable[Triple]) -> set[tuple[object, ...]]:
    """Numbers and days by their values: csvw gives 35.70 as it reads it."""
    return {(s, p, (o.toPython(), o.datatype, o.language) if isinstance(o, Literal) else o) for s, p, o in triples}


def assert_json(rows: Iterable[dict[str, Any]], graph: Graph) -> None:
    """Every value of the JSON reading is a value of the same subject in our graph."""
    checked = 0
    for thing in (thing for row in rows for thing in row["describes"]):
        ours = {as_json(value) for value in graph.objects(URIRef(thing["@id"]), None)}
        for key, values in thing.items():
            if key in {"@id", "@type"}:
                continue
            for value in values if isinstance(values, list) else [values]:
                checked += 1
                assert as_json(value) in ours or key.startswith(("rdf:", "dc:isPartOf")), (key, value)
    assert checked > 5


def as_json(value: object) -> float | str:
    """JSON has one kind of number: 3 and 3.0 are the same there."""
    text = str(value.get("@value", value.get("@id"))) if isinstance(value, dict) else str(value)
    try:
        return float(text)
    except ValueError:
        return text


def test_a_second_run_writes_the_same_metadata(project: Project) -> None:
    package = load_package(project.dataset("122033/population"), project.build_folder / "122033/population")
    before = (package.folder / "data.csv-metadata.json").read_bytes()
    write_rdf(package, project.base_uri)
    assert (package.folder / "data.csv-metadata.json").read_bytes() == before


def test_every_standard_has_a_published_table(project: Project) -> None:
    packages = [load_package(project.dataset(name), project.build_folder / name) for name in DATASETS]
    ids = {table.schema.id for package in packages for table in package.tables}
    mapped = {file.stem for file in (ROOT / "vocab" / "mapping").glob("*.csv")}
    assert mapped <= ids
    assert all(find_mapping(schema) for schema in ids)


@pytest.mark.parametrize(
    ("template", "rows", "held"),
    [
        ("{a}", [("1", "x"), ("2", "x")], True),
        ("{a}/{b}", [("1", "2024-03-31"), ("1", "2025-03-31")], True),
        ("{a}", [("1", "x"), ("1", "y")], False),
        ("{a}", [("1", "x"), ("", "y")], False),
        ("{a}", [("市川", "x")], False),
        ("{a}", [("1/2", "x")], False),
        ("{a}/{b}", [("1", "")], False),
        ("{#a+b}", [("1", "2")], False),
    ],
)
def test_rows_that_a_template_of_csvw_addresses(template: str, rows: list[tuple[str, str]], held: bool) -> None:
    keys = PlainKeys(("a", "b"), template)
    keys.see(rows)
    assert keys.held is held
