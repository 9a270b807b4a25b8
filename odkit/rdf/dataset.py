"""What stands above the rows: the prefixes, the dataset and its publisher, in a few statements."""

from __future__ import annotations

from collections.abc import Iterable

from odkit.model import DatasetSpec, Publisher
from odkit.rdf import turtle
from odkit.rdf.ontology import prefixes

_AREA = "http://data.e-stat.go.jp/lod/sac/C"
_CHECK_DIGIT = 1


def area_code(publisher: Publisher) -> str:
    """The publisher's 標準地域コード: its code without the check digit."""
    return publisher.code[:-_CHECK_DIGIT]


def publisher_address(publisher: Publisher, base_uri: str) -> str:
    """The publisher's own address: ``<base_uri>120006``."""
    return f"{base_uri.rstrip('/')}/{turtle.segment(publisher.code)}"


def dataset_address(spec: DatasetSpec, base_uri: str) -> str:
    """The dataset's address, with which its rows' addresses begin: ``<base_uri>120006/public_wireless_lan``."""
    return f"{publisher_address(spec.publisher, base_uri)}/{turtle.segment(spec.name)}"


def header(spec: DatasetSpec, base_uri: str) -> str:
    """Prefixes, dataset and publisher as Turtle."""
    lines = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes().items())
    return f"{lines}\n{_dataset(spec, base_uri)}{_publisher(spec.publisher, base_uri)}\n"


def _dataset(spec: DatasetSpec, base_uri: str) -> str:
    pairs = [
        ("a", "dcat:Dataset"),
        ("dcterms:identifier", turtle.quoted(spec.portal_name)),
        *_texts("dcterms:title", spec.title, spec.title_en),
        *_texts("dcterms:description", spec.description, spec.description_en),
        ("dcterms:license", turtle.reference(spec.licence.url) if spec.licence.url else ""),
        ("dcterms:publisher", turtle.reference(publisher_address(spec.publisher, base_uri))),
        ("dcterms:spatial", turtle.reference(_AREA + area_code(spec.publisher))),
    ]
    return _statement(dataset_address(spec, base_uri), pairs)


def _publisher(publisher: Publisher, base_uri: str) -> str:
    pairs = [
        ("a", "foaf:Organization"),
        ("dcterms:identifier", turtle.quoted(publisher.code)),
        *_texts("foaf:name", publisher.title, publisher.title_en),
        ("foaf:homepage", turtle.reference(publisher.homepage) if publisher.homepage else ""),
    ]
    return _statement(publisher_address(publisher, base_uri), pairs)


def _texts(predicate: str, japanese: str, english: str) -> list[tuple[str, str]]:
    return [(predicate, turtle.quoted(text, lang)) for text, lang in ((japanese, "ja"), (english, "en")) if text]


def _statement(subject: str, pairs: Iterable[tuple[str, str]]) -> str:
    return f"<{subject}> " + " ;\n  ".join(f"{predicate} {term}" for predicate, term in pairs if term) + " .\n"
