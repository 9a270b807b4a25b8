"""The questions of docs/rdf.md, asked of the packages that this project publishes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.query import ResultRow

from odkit.project import load_project
from odkit.publish import build
from odkit.rdf.ontology import namespaces

ROOT = Path(__file__).resolve().parent.parent.parent
QUESTIONS = re.findall(r"```sparql\n(.*?)```", (ROOT / "docs" / "rdf.md").read_text(encoding="utf-8"), re.DOTALL)
PREFIXES = "".join(
    f"PREFIX {prefix}: <{space}>\n" for prefix, space in namespaces("https://opendata.pref.chiba.lg.jp/id/").items()
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "publish.toml", folder)
    shutil.copytree(ROOT / "datapackages" / "120006", folder / "datapackages" / "120006")
    project = load_project(folder)
    graph = Graph()
    for dataset in project.select(()):
        build(project.dataset(dataset), project)
    for file in sorted(folder.glob("build/*/*/*.ttl")):
        graph.parse(file)
    return graph


def ask(graph: Graph, number: int) -> list[tuple[str, ...]]:
    rows = [row for row in graph.query(PREFIXES + QUESTIONS[number]) if isinstance(row, ResultRow)]
    return [tuple(map(str, row)) for row in rows]


def test_facilities_within_a_municipality(graph: Graph) -> None:
    assert ask(graph, 0) == [("木造薬師如来坐像",), ("絹本著色十一面観音像",)]


def test_spots_near_a_station(graph: Graph) -> None:
    assert ask(graph, 1) == [("千葉ポートタワー", "CHIBA_Free_Wi-Fi"), ("千葉県立美術館", "CHIBA_Free_Wi-Fi")]


def test_indicators_below_half(graph: Graph) -> None:
    assert ask(graph, 2) == [("介護職員の離職率", "18.5")]
