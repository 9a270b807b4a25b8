"""A table of figures as an RDF Data Cube: the structure (vocab/cube/), the code lists, and an observation per figure.

Lines of vocab/cube/<schema>.csv: ``次元`` (dimension), ``測度`` (measure) and ``属性`` (attribute) with the column they
come from and the term; ``観測`` names a column of figures and what every figure in it has in common. An observation is
written where its figure and all dimensions are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from odkit.model import DatasetSpec
from odkit.project import data_file, read_csv
from odkit.rdf import spelling
from odkit.rdf.compile import Template
from odkit.rdf.dataset import dataset_address, publisher_address
from odkit.rdf.formats import TURTLE, Blocks, row_context, row_naming, syntax_of
from odkit.rdf.mapping import Mapping
from odkit.rdf.notation import Extra, parse_extra
from odkit.rdf.ontology import namespaces
from odkit.rdf.reading import Reading
from odkit.rdf.subject import subject_namer
from odkit.rdf.terms import Iri, Name, Term, Text, Thing, expand, texts
from odkit.rdf.tree import OPEN, Cells, Context, Node, make_slot
from odkit.rdf.vocabulary import vocabulary

_LAYOUTS = 4
_SEXES = (("T", "総数", "total"), ("M", "男性", "male"), ("F", "女性", "female"))
_SEX = "http://purl.org/linked-data/sdmx/2009/code#sex"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cube:
    """A parsed line list: terms with the column they come from, "" where the figures' columns say it."""

    schema: str
    dimensions: tuple[tuple[str, Extra], ...]
    measure: Extra
    attributes: tuple[tuple[str, Extra], ...]
    figures: tuple[tuple[str, tuple[Extra, ...]], ...]

    @property
    def extras(self) -> tuple[Extra, ...]:
        """All its terms."""
        said = (extra for _, listed in self.figures for extra in listed)
        return (*(extra for _, extra in (*self.dimensions, *self.attributes)), self.measure, *said)


@cache
def find_cube(schema: str) -> Cube | None:
    """The cube of a schema, None where its tables are no figures."""
    file = data_file("vocab", "cube", f"{schema}.csv")
    if not file.is_file():
        return None
    lines = [(row["種類"], row["列名"], tuple(map(parse_extra, row["項目"].split(";")))) for row in read_csv(file)]
    of_kind = {
        kind: tuple((column, extras[0]) for name, column, extras in lines if name == kind)
        for kind in ("次元", "測度", "属性")
    }
    return Cube(
        schema=schema,
        dimensions=of_kind["次元"],
        measure=of_kind["測度"][0][1],
        attributes=of_kind["属性"],
        figures=tuple((column, extras) for kind, column, extras in lines if kind == "観測"),
    )


def cube_blocks(cube: Cube, mapping: Mapping, spec: DatasetSpec, columns: Sequence[str], base_uri: str) -> Blocks:
    """How the whole cube is written, as Turtle. Its observations are parts of the rows: ``<row>#総人口``."""
    template = _template(cube, tuple(columns), base_uri)
    things = (*_structure(cube, spec, base_uri), *vocabulary(cube.extras, base_uri), *_sdmx(cube, base_uri))
    address = f"{dataset_address(spec, base_uri)}/"
    syntax = syntax_of(TURTLE, template.reading.tree, things, base_uri)
    naming = row_naming(subject_namer(mapping.subjects, columns), address)
    return Blocks(
        start=(syntax.start(address) + syntax.things(things)).encode(),
        read=template.reading.open(row_context(spec, base_uri), naming),
        texts=template.texts(),
        end=b"",
    )


@lru_cache(_LAYOUTS)
def _template(cube: Cube, columns: tuple[str, ...], base_uri: str) -> Template:
    tree = Node(types=())
    for column, extras in cube.figures:
        tree.children[column, "", "", ()] = _observation(cube, column, extras, columns, OPEN)
    return Template(syntax_of(TURTLE, tree, (), base_uri), Reading(tree, len(columns)))


def _observation(cube: Cube, column: str, extras: Sequence[Extra], columns: Sequence[str], context: Context) -> Node:
    said = [*((name, extra) for name, extra in cube.dimensions if name), (column, cube.measure), *cube.attributes]
    slots = [
        make_slot(
            extra, "" if extra.link else extra.datatype, Cells(columns=columns, column=name, separator=""), context
        )
        for name, extra in said
    ]
    fixed = ((extra.name, Iri(context.fill(extra.template))) for extra in extras)
    return Node(
        fragment=spelling.segment(column),
        types=("qb:Observation",),
        constants=(("qb:dataSet", Iri(_part(cube, context.dataset, "cube"))), *fixed),
        slots=slots,
        required=len(slots) - len(cube.attributes),
    )


def _structure(cube: Cube, spec: DatasetSpec, base_uri: str) -> Iterator[Thing]:
    dataset = dataset_address(spec, base_uri)
    structure = _part(cube, dataset, "structure")
    parts = [
        *(("qb:dimension", extra.name) for _, extra in cube.dimensions),
        ("qb:measure", cube.measure.name),
        *(("qb:attribute", extra.name) for _, extra in cube.attributes),
    ]
    yield Thing(
        subject=_part(cube, dataset, "cube"),
        types=("qb:DataSet",),
        facts=(
            *texts("rdfs:label", spec.title, spec.title_en),
            ("qb:structure", Iri(structure)),
            ("dcterms:isPartOf", Iri(dataset)),
            ("dcterms:publisher", Iri(publisher_address(spec.publisher, base_uri))),
            *([("dcterms:license", Iri(spec.licence.url))] if spec.licence.url else ()),
        ),
    )
    components = [f"{structure}.{name.partition(':')[2]}" for _, name in parts]
    yield Thing(
        subject=structure,
        types=("qb:DataStructureDefinition",),
        facts=tuple(("qb:component", Iri(address)) for address in components),
    )
    for number, ((kind, name), address) in enumerate(zip(parts, components, strict=True), start=1):
        order: tuple[str, Term] = ("qb:order", Text(str(number), datatype="xsd:integer"))
        yield Thing(subject=address, types=("qb:ComponentSpecification",), facts=((kind, Name(name)), order))


def _sdmx(cube: Cube, base_uri: str) -> Iterator[Thing]:
    """What the integrity constraints ask of the SDMX dimensions, said again: their ranges and code lists."""
    names = {extra.name for _, extra in cube.dimensions if extra.name.startswith("sdmx-dimension:")}
    for name in sorted(names):
        coded = name == "sdmx-dimension:sex"
        facts: tuple[tuple[str, Term], ...] = (("rdfs:range", Name("skos:Concept" if coded else "rdfs:Resource")),)
        yield Thing(
            subject=expand(name, namespaces(base_uri)),
            types=("rdf:Property", "qb:DimensionProperty", *(["qb:CodedProperty"] if coded else [])),
            facts=(*facts, ("qb:codeList", Iri(_SEX))) if coded else facts,
        )
    if "sdmx-dimension:sex" in names:
        yield Thing(subject=_SEX, types=("skos:ConceptScheme",), facts=texts("skos:prefLabel", "性別", "Sex"))
        for code, label, label_en in _SEXES:
            listed: tuple[tuple[str, Term], ...] = (("skos:inScheme", Iri(_SEX)), ("skos:topConceptOf", Iri(_SEX)))
            yield Thing(
                subject=f"{_SEX}-{code}",
                types=("skos:Concept",),
                facts=(("skos:notation", Text(code)), *texts("skos:prefLabel", label, label_en), *listed),
            )


def _part(cube: Cube, dataset: str, name: str) -> str:
    return f"{dataset}#{name}-{cube.schema.partition('.')[0]}"
