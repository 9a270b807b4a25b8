"""Other people's engines over our files: morph-kgc with the exported RML, pyoxigraph as a reader (csvw: test_rdf_csvw).

They live in an environment of their own (their dependencies hold others back): ODKIT_TEST_ENGINES names its Python.
"""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import XSD, Graph, Literal, URIRef
from rdflib.term import Node as Term

from odkit.model import DatasetSpec, Row, TableSchema
from odkit.project import data_file, load_schema
from odkit.rdf.compile import compile_writer
from odkit.rdf.dataset import dataset_address
from odkit.rdf.formats import JSON_LD, N_TRIPLES, TURTLE, rdf_blocks, row_tree
from odkit.rdf.mapping import Mapping, find_mapping
from odkit.rdf.ontology import namespaces
from odkit.rdf.rml import Exported, export_mapping, sayable
from odkit.rdf.statements import NTriples
from odkit.rdf.subject import subject_namer
from odkit.rdf.tree import Node

pytestmark = pytest.mark.engines

BASE = "https://opendata.pref.chiba.lg.jp/id/"
SCHEMAS = sorted(file.stem for file in data_file("vocab", "mapping").glob("*.csv"))
VALUES = {
    "code_municipality": "122033",
    "corporate_number": "8000020130001",
    "latitude": "35.72",
    "longitude": "139.93",
    "phone": "(047)712-8569",
    "date": "2024-04-01",
    "time": "09:00",
    "integer": "3",
    "number": "3",
    "url": "https://www.city.ichikawa.lg.jp/a",
    "email": "a@city.ichikawa.lg.jp",
    "flag": "1",
}
READ = """
import sys, pyoxigraph
kinds = {"ttl": "text/turtle", "nt": "application/n-triples"}
for path in sys.argv[1:] or map(str.strip, sys.stdin):
    read = pyoxigraph.parse(path, kinds[path.rpartition(".")[2]])
    print(len({(t.subject, t.predicate, t.object) for t in read}), flush=True)
"""
ANY_TEXT = st.text(max_size=9) | st.sampled_from(("https://", "http://a.jp/", "https://a.jp")).flatmap(
    lambda start: st.text("/?#[]:@%|.あ\ue000a9 ", max_size=9).map(start.__add__)
)


def rows_of(schema: TableSchema) -> list[Row]:
    """Rows with an ID: a full one, one with two columns in three empty, one with odd text."""
    full = [(*field.enum, VALUES.get(field.meaning, f"{field.name}の値"))[0] for field in schema.fields]
    keys = {name for name in schema.names if name in key_columns(schema)}
    kept = keys | {field.name for field in schema.fields if field.required}
    rows = []
    for number in range(3):
        cells = [
            cell if number != 1 or name in kept or place % 3 == 0 else ""
            for place, (name, cell) in enumerate(zip(schema.names, full, strict=True))
        ]
        for place, field in enumerate(schema.fields):
            if field.name in keys and not field.enum and field.meaning not in VALUES:
                cells[place] = f"K{number}"
            elif number == 2 and field.meaning in {"text", "longtext", "name"} and not field.enum:
                cells[place] = f'二行の\n"{field.name}" と \\ と \''
        rows.append(tuple(cells))
    return rows


@pytest.fixture(scope="module")
def reader(engines: str) -> Iterator[Callable[[Path], int]]:
    """pyoxigraph in a process of its own: how many statements a file holds."""
    command = [engines, "-c", READ]
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": ""}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:

        def read(path: Path) -> int:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield read
        assert process.stdin
        process.stdin.close()


def key_columns(schema: TableSchema) -> str:
    mapping = find_mapping(schema.id)
    assert mapping
    return mapping.subjects[0]


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([tuple(columns), *rows])


def run(python: str, *words: str, folder: Path) -> str:
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": ""}
    done = subprocess.run(
        [python, *words], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ours(tree: Node, mapping: Mapping, schema: TableSchema, spec: DatasetSpec) -> Graph:
    namer = subject_namer(mapping.subjects, schema.names, dataset_address(spec, BASE) + "/")
    write = compile_writer(NTriples(namespaces=namespaces(BASE)), tree, len(schema.names), namer)
    return Graph().parse(data=b"".join(write(rows_of(schema))), format="nt")


def without_empty_nodes(theirs: Graph, wanted: Graph, fixed: set[tuple[Term, Term]]) -> set[tuple[Term, Term, Term]]:
    """Their statements, without the nodes whose cells are all empty: these hold nothing but what is fixed."""
    empty = set(theirs.subjects()) - set(wanted.subjects())
    for node in empty:
        said = {(predicate, value) for predicate, value in theirs.predicate_objects(node) if value not in empty}
        assert said <= fixed, (node, said - fixed)
    return {(s, p, o) for s, p, o in theirs if s not in empty and o not in empty}


def plain(graph: Graph) -> Graph:
    """With addresses spelled in Unicode: engines differ in what they percent-encode."""
    made = Graph()
    for triple in graph:
        made.add(tuple(URIRef(unquote(str(term))) if isinstance(term, URIRef) else term for term in triple))  # type: ignore[arg-type]  # three terms stay three
    return made


@pytest.mark.parametrize("name", SCHEMAS)
def test_morph_kgc_makes_the_same_graph_from_our_rml(
    name: str, engines: str, spec: DatasetSpec, tmp_path: Path
) -> None:
    schema, mapping = load_schema(name), find_mapping(name)
    assert mapping
    tree = row_tree(spec, mapping, schema.names, BASE)
    exported = exported_mapping(tree, mapping, schema, spec)
    write_csv(tmp_path / "data.csv", schema.names, rows_of(schema))
    (tmp_path / "data.rml.ttl").write_text(exported.rml, encoding="utf-8")
    (tmp_path / "morph.ini").write_text("[CONFIGURATION]\noutput_file=out.nt\n[data]\nmappings=data.rml.ttl\n")
    run(engines, "-m", "morph_kgc", "morph.ini", folder=tmp_path)
    theirs = plain(Graph().parse(tmp_path / "out.nt", format="nt"))
    wanted = plain(ours(sayable(tree), mapping, schema, spec))
    fixed = {(predicate, value) for _, predicate, value in wanted if not isinstance(value, Literal)}
    fixed |= {
        (predicate, value)
        for _, predicate, value in theirs
        if str(predicate).endswith(("種別", "役割", "体系", "type"))
    }
    found = without_empty_nodes(theirs, wanted, fixed)
    assert (found - set(wanted), set(wanted) - found) == (set(), set())
    assert len(found) > len(schema.names)


def test_morph_kgc_makes_the_same_graph_from_yarrrml_but_for_times(
    engines: str, spec: DatasetSpec, tmp_path: Path
) -> None:
    schema, mapping = load_schema("public_toilet.v2"), find_mapping("public_toilet.v2")
    assert mapping
    exported = exported_mapping(row_tree(spec, mapping, schema.names, BASE), mapping, schema, spec)
    write_csv(tmp_path / "data.csv", schema.names, rows_of(schema))
    graphs = []
    for name, text in (("a.rml.ttl", exported.rml), ("a.yml", exported.yarrrml)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / "morph.ini").write_text(f"[CONFIGURATION]\noutput_file=out.nt\n[data]\nmappings={name}\n")
        run(engines, "-m", "morph_kgc", "morph.ini", folder=tmp_path)
        graphs.append(Graph().parse(tmp_path / "out.nt", format="nt"))
    times = {triple for triple in graphs[0] if isinstance(triple[2], Literal) and triple[2].datatype == XSD.time}
    assert set(graphs[0]) - set(graphs[1]) == times
    assert set(graphs[1]) <= set(graphs[0])
    beside = set(exported.yarrrml_unsaid) - set(exported.unsaid)
    assert {(item.column, item.reason) for item in beside} == {("利用開始時間", "time"), ("利用終了時間", "time")}
    assert len(times) > len(beside)


def exported_mapping(tree: Node, mapping: Mapping, schema: TableSchema, spec: DatasetSpec) -> Exported:
    subject = f"{dataset_address(spec, BASE)}/{mapping.subjects[0]}"
    return export_mapping(tree, schema.names, subject, "data.csv", namespaces(BASE))


def test_what_rml_cannot_say_is_listed(spec: DatasetSpec) -> None:
    schema, mapping = load_schema("public_wireless_lan.v2"), find_mapping("public_wireless_lan.v2")
    assert mapping
    exported = exported_mapping(row_tree(spec, mapping, schema.names, BASE), mapping, schema, spec)
    assert {(item.column, item.reason) for item in exported.unsaid} == {
        ("全国地方公共団体コード", "digits"),
        ("所在地_全国地方公共団体コード", "digits"),
        ("法人番号", "digits"),
        ("電話番号", "several"),
        ("連絡先メールアドレス", "several"),
        ("SSID", "several"),
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_pyoxigraph_reads_as_many_statements_as_rdflib(
    name: str, engines: str, spec: DatasetSpec, tmp_path: Path
) -> None:
    schema, mapping = load_schema(name), find_mapping(name)
    assert mapping
    for kind in (TURTLE, N_TRIPLES, JSON_LD):
        data = b"".join(rdf_blocks(kind, spec, mapping, schema.names, BASE)(rows_of(schema)))
        (tmp_path / f"data.{kind.extension}").write_bytes(data)
    counts = set(run(engines, "-c", READ, "data.ttl", "data.nt", folder=tmp_path).split())
    assert counts == {str(len(Graph().parse(tmp_path / "data.ttl")))}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(ANY_TEXT, min_size=28, max_size=28).map(tuple), min_size=1, max_size=3))
def test_any_cells_are_read_by_pyoxigraph_as_by_rdflib(
    reader: Callable[[Path], int], spec: DatasetSpec, tmp_path: Path, rows: list[Row]
) -> None:
    schema, mapping = load_schema("public_wireless_lan.v2"), find_mapping("public_wireless_lan.v2")
    assert mapping
    graphs = []
    for kind in (TURTLE, N_TRIPLES):
        file = tmp_path / f"data.{kind.extension}"
        file.write_bytes(b"".join(rdf_blocks(kind, spec, mapping, schema.names, BASE)(rows)))
        graphs.append(Graph().parse(file))
        assert reader(file) == len(graphs[-1])
    assert set(graphs[0]) == set(graphs[1])
