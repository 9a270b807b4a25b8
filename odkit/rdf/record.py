"""The catalogue record of a package: DCAT 3 as DCAT-AP 3.0.1 wants it, and PROV for how its files were made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from odkit import __version__
from odkit.model import DatasetSpec, Origin, Package, Publisher, Resource
from odkit.rdf.authority import JAPANESE, PUBLIC, THEMES, file_type, publisher_type, theme
from odkit.rdf.dataset import (
    AREA,
    about_area,
    about_dataset,
    about_publisher,
    area_code,
    below,
    dataset_address,
    publisher_address,
)
from odkit.rdf.terms import Iri, Term, Text, Thing, texts

_MEDIA = "https://www.iana.org/assignments/media-types/"
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "yearly": "ANNUAL",
    "irregular": "IRREG",
}
_ALGORITHM = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
_STANDARD = "https://www.digital.go.jp/resources/open_data/municipal-standard-data-set-test"
Facts = Iterator[tuple[str, Term]]


def package_record(package: Package, resources: Sequence[Resource], base_uri: str) -> tuple[Thing, ...]:
    """The dataset with a distribution for each of these files, and everything that the record points to."""
    return dataset_record(package.spec, origin_of(package), resources, base_uri, standard=is_standard(package))


def origin_of(package: Package) -> Origin:
    """The file that a package was made from."""
    return package.tables[0].origin if package.tables else Origin(location="")


def is_standard(package: Package) -> bool:
    """Whether a package has a table in a layout of the municipal standard datasets."""
    return any(table.schema.kind == "recommended" for table in package.tables)


def dataset_record(
    spec: DatasetSpec, origin: Origin, resources: Sequence[Resource], base_uri: str, *, standard: bool
) -> tuple[Thing, ...]:
    """As `package_record`: `standard` says that it is one of the municipal standard datasets."""
    address = dataset_address(spec, base_uri)
    return (
        Thing(
            subject=address,
            types=("dcat:Dataset", "prov:Entity"),
            facts=tuple(_dataset_facts(spec, resources, base_uri, standard=standard)),
        ),
        *(_distribution(item, spec, address) for item in resources),
        *(_checksum(item, address) for item in resources),
        *_provenance(origin, address, base_uri),
        *_pointed_at(spec, resources, base_uri, standard=standard),
    )


def catalogue(packages: Sequence[Package], publisher: Publisher, base_uri: str) -> tuple[Thing, ...]:
    """A catalogue over packages; each keeps its own record. `publisher` is who keeps the catalogue."""
    listed = (("dcat:dataset", Iri(dataset_address(package.spec, base_uri))) for package in packages)
    top = Thing(
        subject=below(base_uri, "catalogue"),
        types=("dcat:Catalog",),
        facts=(
            *texts("dcterms:title", f"{publisher.title} オープンデータ", f"Open data of {publisher.title_en}"),
            *texts(
                "dcterms:description",
                f"{publisher.title}が公開するデータの一覧。",
                f"The data that {publisher.title_en or publisher.title} publishes.",
            ),
            ("dcterms:publisher", Iri(publisher_address(publisher, base_uri))),
            ("dcterms:spatial", Iri(AREA + area_code(publisher))),
            ("dcterms:language", Iri(JAPANESE.subject)),
            ("dcat:themeTaxonomy", Iri(THEMES.subject)),
            *listed,
        ),
    )
    return (top, *_publisher(publisher, base_uri), JAPANESE, THEMES)


def _dataset_facts(spec: DatasetSpec, resources: Sequence[Resource], base_uri: str, *, standard: bool) -> Facts:
    address = dataset_address(spec, base_uri)
    yield from about_dataset(spec, base_uri).facts
    yield from (("dcat:keyword", Text(tag, "ja")) for tag in spec.tags)
    if spec.update_cycle in _FREQUENCIES:
        yield "dcterms:accrualPeriodicity", Iri(_FREQUENCY + _FREQUENCIES[spec.update_cycle])
    yield "dcterms:language", Iri(JAPANESE.subject)
    if spec.licence.open:
        yield "dcterms:accessRights", Iri(PUBLIC.subject)
    if about := theme(spec.standard):
        yield "dcat:theme", Iri(about.subject)
    if _has_contact(spec.publisher):
        yield "dcat:contactPoint", Iri(f"{address}#contact")
    if standard:
        yield "dcterms:conformsTo", Iri(_STANDARD)
    yield from (("dcat:distribution", Iri(_file(item, address))) for item in resources)
    yield "prov:wasGeneratedBy", Iri(f"{address}#build")


def _distribution(item: Resource, spec: DatasetSpec, dataset: str) -> Thing:
    licence = spec.licence.url
    said: list[tuple[str, Term]] = [
        *texts("dcterms:title", item.title, item.title_en),
        ("dcat:accessURL", Iri(dataset)),
        ("dcat:mediaType", Iri(_MEDIA + item.media_type)),
        ("dcat:byteSize", Text(str(item.bytes), datatype="xsd:nonNegativeInteger")),
        ("dcterms:language", Iri(JAPANESE.subject)),
        ("spdx:checksum", Iri(f"{_file(item, dataset)}.sha256")),
    ]
    if licence:
        said.append(("dcterms:license", Iri(licence)))
    if kind := file_type(item.media_type):
        said.append(("dcterms:format", Iri(kind.subject)))
    return Thing(subject=_file(item, dataset), types=("dcat:Distribution",), facts=tuple(said))


def _checksum(item: Resource, dataset: str) -> Thing:
    return Thing(
        subject=f"{_file(item, dataset)}.sha256",
        types=("spdx:Checksum",),
        facts=(
            ("spdx:algorithm", Iri(_ALGORITHM)),
            ("spdx:checksumValue", Text(item.sha256, datatype="xsd:hexBinary")),
        ),
    )


def _provenance(origin: Origin, dataset: str, base_uri: str) -> Iterator[Thing]:
    tool = below(base_uri, "odkit")
    yield Thing(
        subject=f"{dataset}#build",
        types=("prov:Activity",),
        facts=(("prov:used", Iri(f"{dataset}#source")), ("prov:wasAssociatedWith", Iri(tool))),
    )
    digest: list[tuple[str, Term]] = [("dcterms:identifier", Text(f"sha256:{origin.sha256}"))] if origin.sha256 else []
    yield Thing(
        subject=f"{dataset}#source",
        types=("prov:Entity",),
        facts=(("rdfs:label", Text(origin.location)), *digest),
    )
    yield Thing(
        subject=tool,
        types=("prov:Agent", "prov:SoftwareAgent"),
        facts=(("rdfs:label", Text(f"odkit {__version__}")),),
    )


def _pointed_at(spec: DatasetSpec, resources: Sequence[Resource], base_uri: str, *, standard: bool) -> Iterator[Thing]:
    """What DCAT-AP wants to know the kind of: the publisher, the area, the licence, the media types …"""
    yield from _publisher(spec.publisher, base_uri)
    yield JAPANESE
    yield from (thing for thing in (PUBLIC if spec.licence.open else None, theme(spec.standard)) if thing)
    if spec.licence.url:
        label = texts("rdfs:label", spec.licence.title, "")
        yield Thing(subject=spec.licence.url, types=("dcterms:LicenseDocument",), facts=label)
    if spec.update_cycle in _FREQUENCIES:
        yield Thing(subject=_FREQUENCY + _FREQUENCIES[spec.update_cycle], types=("dcterms:Frequency",))
    if standard:
        title = texts("rdfs:label", "自治体標準オープンデータセット", "Municipal standard open datasets")
        yield Thing(subject=_STANDARD, types=("dcterms:Standard",), facts=title)
    if resources:
        yield Thing(subject=_ALGORITHM, types=("spdx:ChecksumAlgorithm",))
    for media_type in sorted({item.media_type for item in resources}):
        yield Thing(subject=_MEDIA + media_type, types=("dcterms:MediaType",))
        if kind := file_type(media_type):
            yield kind
    if _has_contact(spec.publisher):
        yield _contact(spec.publisher, f"{dataset_address(spec, base_uri)}#contact")


def _publisher(publisher: Publisher, base_uri: str) -> Iterator[Thing]:
    """The publisher with the kind of authority that it is, and its area."""
    kind, about = publisher_type(publisher), about_publisher(publisher, base_uri)
    yield replace(about, facts=(*about.facts, ("dcterms:type", Iri(kind.subject))))
    yield kind
    yield replace(about_area(publisher), facts=texts("rdfs:label", publisher.title, publisher.title_en))


def _contact(publisher: Publisher, address: str) -> Thing:
    said: list[tuple[str, Term]] = [("vcard:fn", Text(publisher.contact_name or publisher.title, "ja"))]
    if publisher.contact_email:
        said.append(("vcard:hasEmail", Iri(f"mailto:{publisher.contact_email}")))
    return Thing(subject=address, types=("vcard:Kind", "vcard:Organization"), facts=tuple(said))


def _has_contact(publisher: Publisher) -> bool:
    return bool(publisher.contact_name or publisher.contact_email)


def _file(item: Resource, dataset: str) -> str:
    return f"{dataset}#{item.key}"
