"""``odkit rdf`` over built packages: more forms, mappings for other engines, the catalogue, the check."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from rdflib import DCAT, RDF, Graph

from odkit.cli import main
from odkit.project import load_project
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
    assert "data.rml.ttl: 3 of 3 rows have no 地域コード、調査年月日 of their own" in told.err
    folder = project / "build" / "120006" / "public_wireless_lan"
    graphs = [
        Graph().parse(folder / name, format=syntax)
        for name, syntax in (("data.ttl", "turtle"), ("data.nt", "nt"), ("data.rdf", "xml"))
    ]
    assert set(graphs[0]) == set(graphs[1]) == set(graphs[2])
    listed = {item["path"] for item in json.loads((folder / "datapackage.json").read_text())["resources"]}
    assert {path.name for path in folder.iterdir()} == listed | {"datapackage.json"}
    catalogue = Graph().parse(project / "build" / "catalogue.ttl")
    assert len(set(catalogue.subjects(RDF.type, DCAT.Dataset))) == len(load_project(project).dataset_ids()) == 27
    assert check_graph(catalogue) == ()


def test_the_usual_files_are_the_same_whatever_else_was_asked_for(project: Path) -> None:
    folder = project / "build" / "120006" / "cultural_property"
    assert run(["rdf", "cultural_property", "--project", str(project)]) == 0
    before = {path.name: path.read_bytes() for path in folder.glob("data.*")}
    assert run(["rdf", "cultural_property", "--format", "ntriples", "--project", str(project)]) == 0
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_a_column_beside_the_standard_gets_a_line_for_a_mapping(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "datapackages" / "122114" / "fire_hydrant"
    shutil.copy(ROOT / "publish.toml", tmp_path)
    shutil.copytree(ROOT / "datapackages" / "122114" / "fire_hydrant", folder)
    (source,) = folder.glob("*.csv")
    encoding = "utf-8-sig" if source.read_bytes().startswith(b"\xef\xbb\xbf") else "cp932"
    head, *rows = source.read_text(encoding=encoding).splitlines()
    numbers = (f"0475-50-{number}234" for number in range(1, 9))
    lines = [f"{head},管理者直通", *(f"{row},{number}" for row, number in zip(rows, numbers, strict=False))]
    source.write_text("\n".join(lines), encoding=encoding)
    assert run(["package", "--project", str(tmp_path), "122114/fire_hydrant"]) == 0
    capsys.readouterr()
    assert run(["rdf", "--project", str(tmp_path), "--lang", "en", "122114/fire_hydrant"]) == 0
    told = capsys.readouterr().err
    assert 'the column "管理者直通" is of your own' in told
    assert "管理者直通,ic:設備型>ic:連絡先>ic:電話番号,,schema:telephone," in told
