"""``odkit rdf`` over built packages: more forms, mappings for other engines, the catalogue, the check."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from rdflib import DCAT, RDF, Graph

from odkit.cli import main
from odkit.rdf.check import check_graph

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "publish.toml", folder)
    shutil.copytree(ROOT / "datapackages", folder / "datapackages")
    assert run(["package", "--project", str(folder)]) == 0
    return folder


def run(words: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_more_forms_and_a_catalogue(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["rdf", "--format", "ntriples", "--format", "rdfxml", "--export", "rml", "--export", "yarrrml"]
    assert run([*words, "--catalogue", "--check", "--json", "--lang", "en", "--project", str(project)]) == 0
    told = capsys.readouterr()
    assert {item["stage"] for item in json.loads(told.out)} == {5}
    assert "[error]" not in told.err
    assert "data.rml.ttl: 12 terms of the mapping cannot be said there" in told.err
    folder = project / "build" / "120006" / "public_wireless_lan"
    graphs = [
        Graph().parse(folder / name, format=syntax)
        for name, syntax in (("data.ttl", "turtle"), ("data.nt", "nt"), ("data.rdf", "xml"))
    ]
    assert set(graphs[0]) == set(graphs[1]) == set(graphs[2])
    listed = {item["path"] for item in json.loads((folder / "datapackage.json").read_text())["resources"]}
    assert {path.name for path in folder.iterdir()} == listed | {"datapackage.json"}
    catalogue = Graph().parse(project / "build" / "catalogue.ttl")
    assert len(set(catalogue.subjects(RDF.type, DCAT.Dataset))) == 3
    assert check_graph(catalogue) == ()


def test_the_usual_files_are_the_same_whatever_else_was_asked_for(project: Path) -> None:
    folder = project / "build" / "120006" / "cultural_property"
    assert run(["rdf", "cultural_property", "--project", str(project)]) == 0
    before = {path.name: path.read_bytes() for path in folder.glob("data.*")}
    assert run(["rdf", "cultural_property", "--format", "ntriples", "--project", str(project)]) == 0
    assert {name: (folder / name).read_bytes() for name in before} == before
