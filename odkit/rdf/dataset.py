"""What stands above the rows: the dataset and its publisher, in a few statements."""

from __future__ import annotations

from odkit.model import DatasetSpec, Publisher
from odkit.rdf import spelling
from odkit.rdf.terms import Iri, Term, Text, Thing, texts

AREA = "http://data.e-stat.go.jp/lod/sac/C"
_CHECK_DIGIT = 1


def area_code(publisher: Publisher) -> str:
    """The publisher's 標準地域コード: its code without the check digit."""
    return publisher.code[:-_CHECK_DIGIT]


def below(base_uri: str, *parts: str) -> str:
    """An address of the project: ``<base_uri>codes/hazard``."""
    return "/".join((base_uri.rstrip("/"), *map(spelling.segment, parts)))


def publisher_address(publisher: Publisher, base_uri: str) -> str:
    """The publisher's own address: ``<base_uri>120006``."""
    return below(base_uri, publisher.code)


def dataset_address(spec: DatasetSpec, base_uri: str) -> str:
    """The dataset's address, with which its rows' addresses begin: ``<base_uri>120006/public_wireless_lan``."""
    return below(base_uri, spec.publisher.code, spec.name)


def about_dataset(spec: DatasetSpec, base_uri: str) -> Thing:
    """The dataset: its name, licence, publisher and area."""
    licence: tuple[tuple[str, Term], ...] = (("dcterms:license", Iri(spec.licence.url)),) if spec.licence.url else ()
    return Thing(
        subject=dataset_address(spec, base_uri),
        types=("dcat:Dataset",),
        facts=(
            ("dcterms:identifier", Text(spec.portal_name)),
            *texts("dcterms:title", spec.title, spec.title_en),
            *texts("dcterms:description", spec.description or spec.title, spec.description_en or spec.title_en),
            *licence,
            ("dcterms:publisher", Iri(publisher_address(spec.publisher, base_uri))),
            ("dcterms:spatial", Iri(AREA + area_code(spec.publisher))),
        ),
    )


def about_publisher(publisher: Publisher, base_uri: str) -> Thing:
    """The publisher: its code, names and home page."""
    homepage: tuple[tuple[str, Term], ...] = (("foaf:homepage", Iri(publisher.homepage)),) if publisher.homepage else ()
    return Thing(
        subject=publisher_address(publisher, base_uri),
        types=("foaf:Agent", "foaf:Organization"),
        facts=(
            ("dcterms:identifier", Text(publisher.code)),
            *texts("foaf:name", publisher.title, publisher.title_en),
            *homepage,
        ),
    )


def about_area(publisher: Publisher) -> Thing:
    """The kinds of thing that the area is, as DCAT-AP (for `dcterms:spatial`) and IMI (for a row's codes) ask."""
    return Thing(subject=AREA + area_code(publisher), types=("dcterms:Location", "ic:コード型"))
