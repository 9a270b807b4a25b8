"""Data Cubes keep the integrity constraints of the W3C recommendation, said again here in Python."""

from __future__ import annotations

from collections import Counter

import pytest
from rdflib import QB, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from odkit.model import DatasetSpec, Row
from odkit.project import data_file, load_schema
from odkit.rdf.cube import cube_blocks, find_cube
from odkit.rdf.mapping import find_mapping

BASE = "https://opendata.pref.chiba.lg.jp/id/"
POPULATION: list[Row] = [
    ("122033", "101001", "市川市", "2024-04-01", "国府台1丁目", "632", "311", "321", *["9"] * 36, "363", ""),
    ("122033", "101002", "市川市", "2024-04-01", "国府台2丁目", "192", "101", "", *["4"] * 36, "116", ""),
    ("122033", "", "市川市", "2024-04-01", "不明", "5", "3", "2", *["0"] * 36, "3", ""),
    ("122033", "101003", "市川市", "四月", "国府台3丁目", "5", "3", "2", *["0"] * 36, "3", ""),
]
VALUES: list[Row] = [
    ("1-01", "基準値", "1", "140", "人", "2019", "", "140人"),
    ("1-01", "実績値", "1", "70.8", "%", "", "", "70.8%"),
    ("1-01", "最終目標", "1", "", "", "", "", "内容の充実に努めます"),
]


def cube_graph(schema: str, rows: list[Row], spec: DatasetSpec) -> Graph:
    cube, mapping = find_cube(schema), find_mapping(schema)
    assert cube
    assert mapping
    blocks = cube_blocks(cube, mapping, spec, load_schema(schema).names, BASE)
    return Graph().parse(data=b"".join(blocks(rows)), format="turtle")


def components(graph: Graph, dataset: Node, kind: URIRef) -> set[Node]:
    structure = graph.value(dataset, QB.structure)
    return {part for item in graph.objects(structure, QB.component) for part in graph.objects(item, kind)}


@pytest.fixture(params=[("population.v2", POPULATION), ("indicator-values.v1", VALUES)], ids=lambda param: param[0])
def graph(request: pytest.FixtureRequest, spec: DatasetSpec) -> Graph:
    schema, rows = request.param
    return cube_graph(schema, rows, spec)


def test_every_cube_has_a_mapping_and_its_columns() -> None:
    for file in data_file("vocab", "cube").glob("*.csv"):
        cube, mapping = find_cube(file.stem), find_mapping(file.stem)
        assert cube
        assert mapping
        columns = {name for name, _ in (*cube.dimensions, *cube.attributes, *cube.figures) if name}
        assert columns <= set(load_schema(file.stem).names)
    assert find_cube("public_wireless_lan.v2") is None


def test_observations_are_the_figures_that_have_all_dimensions(spec: DatasetSpec) -> None:
    people = cube_graph("population.v2", POPULATION, spec)
    assert len(set(people.subjects(RDF.type, QB.Observation))) == 39 + 38
    values = cube_graph("indicator-values.v1", VALUES, spec)
    assert len(set(values.subjects(RDF.type, QB.Observation))) == 2


def test_ic_1_to_3_an_observation_has_a_data_set_with_a_structure_and_a_measure(graph: Graph) -> None:
    observations = set(graph.subjects(RDF.type, QB.Observation))
    assert observations
    for observation in observations:
        assert len(set(graph.objects(observation, QB.dataSet))) == 1
    for dataset in graph.subjects(RDF.type, QB.DataSet):
        (structure,) = graph.objects(dataset, QB.structure)
        assert (structure, RDF.type, QB.DataStructureDefinition) in graph
        assert len(components(graph, dataset, QB.measure)) == 1


def test_ic_4_and_5_a_dimension_has_a_range_and_of_concepts_a_code_list(graph: Graph) -> None:
    for dimension in graph.subjects(RDF.type, QB.DimensionProperty):
        spans = set(graph.objects(dimension, RDFS.range))
        assert spans
        if SKOS.Concept in spans:
            assert set(graph.objects(dimension, QB.codeList))


def test_ic_6_only_attributes_are_optional(graph: Graph) -> None:
    assert not set(graph.subject_objects(QB.componentRequired))


def test_ic_11_and_14_every_observation_has_every_dimension_and_the_measure_once(graph: Graph) -> None:
    for dataset in graph.subjects(RDF.type, QB.DataSet):
        needed = components(graph, dataset, QB.dimension) | components(graph, dataset, QB.measure)
        for observation in graph.subjects(QB.dataSet, dataset):
            assert {part: len(set(graph.objects(observation, part))) for part in needed} == dict.fromkeys(needed, 1)


def test_ic_12_no_two_observations_have_the_same_dimensions(graph: Graph) -> None:
    for dataset in graph.subjects(RDF.type, QB.DataSet):
        dimensions = sorted(components(graph, dataset, QB.dimension), key=str)
        places = Counter(
            tuple(graph.value(observation, part) for part in dimensions)
            for observation in graph.subjects(QB.dataSet, dataset)
        )
        assert set(places.values()) == {1}


def test_ic_19_codes_are_from_their_lists(graph: Graph) -> None:
    coded = list(graph.subject_objects(QB.codeList))
    assert coded
    for dimension, scheme in coded:
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graph
        for code in set(graph.objects(None, dimension)):
            assert (code, RDF.type, SKOS.Concept) in graph
            assert (code, SKOS.inScheme, scheme) in graph


def test_nothing_else_is_a_property_of_an_observation(graph: Graph) -> None:
    for dataset in graph.subjects(RDF.type, QB.DataSet):
        known = {
            kind for name in ("dimension", "measure", "attribute") for kind in components(graph, dataset, QB[name])
        }
        for observation in graph.subjects(QB.dataSet, dataset):
            assert set(graph.predicates(observation)) <= {RDF.type, QB.dataSet, *known}
