"""The catalogue as DCAT (JSON-LD): what harvesters of other catalogues read. Every node has an address of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from odkit.portal.store import Record
from odkit.project import file_types

CONTEXT: Mapping[str, object] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Typed = dict[str, str]
"""An address with what is there, or a value with its datatype."""
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def catalogue(site_url: str, datasets: Iterable[Record]) -> dict[str, Any]:
    """The catalogue of shown datasets (public ones), in the order given. As DCAT-AP wants it: what others keep (a
    licence, a page, a kind of file) says what it is.
    """
    listed = [dataset_record(site_url, dataset) for dataset in datasets]
    return {
        "@context": CONTEXT,
        "@id": f"{site_url}/catalog",
        "@type": "dcat:Catalog",
        "dct:title": [_text("オープンデータカタログ", "ja"), _text("Open data catalogue", "en")],
        "dct:description": [
            _text("このサイトで公開しているデータの一覧。", "ja"),
            _text("The data that this site publishes.", "en"),
        ],
        "dct:publisher": {
            "@id": f"{site_url}/catalog#publisher",
            "@type": "foaf:Agent",
            "foaf:name": [_text("このカタログの運営者", "ja"), _text("Who runs this catalogue", "en")],
        },
        "foaf:homepage": {"@id": f"{site_url}/", "@type": "foaf:Document"},
        "dcat:dataset": listed,
    }


def dataset_record(site_url: str, dataset: Record) -> dict[str, Any]:
    """One dataset with its distributions."""
    extras = {extra["key"]: extra["value"] for extra in dataset["extras"]}
    address, owner = f"{site_url}/dataset/{dataset['name']}", dataset["organization"]
    title = dataset["title"] or dataset["name"]
    licence = _link(extras.get("odkit_licence_url") or dataset.get("license_url"), "dct:LicenseDocument")
    record = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": dataset["name"],
        "dct:title": _texts(title, extras.get("title_en", "")),
        "dct:description": _texts(dataset["notes"] or title, extras.get("notes_en", "")),
        "dct:issued": _moment(dataset["metadata_created"]),
        "dct:modified": _moment(dataset["metadata_modified"]),
        "dct:license": licence,
        "dct:publisher": {
            "@id": f"{site_url}/organization/{owner['name']}",
            "@type": ["foaf:Agent", "foaf:Organization"],
            "foaf:name": owner["title"] or owner["name"],
        },
        "dcat:keyword": [_text(tag["name"], "ja") for tag in dataset["tags"]],
        "dcat:landingPage": {"@id": address, "@type": "foaf:Document"},
        "dcat:distribution": [_distribution(address, resource, licence) for resource in dataset["resources"]],
    }
    return {name: value for name, value in record.items() if value}


def _distribution(dataset: str, resource: Record, licence: Typed | None) -> dict[str, Any]:
    media_type = resource.get("mimetype") or ""
    link, uploaded = _link(resource.get("url")), resource.get("url_type") == "upload"
    record = {
        "@id": f"{dataset}#{resource['id']}",
        "@type": "dcat:Distribution",
        "dct:title": _texts(resource.get("name") or "", resource.get("name_en") or ""),
        "dct:format": _link(file_types().get(media_type), "dct:MediaTypeOrExtent"),
        "dct:license": licence,
        "dcat:mediaType": _link(MEDIA_TYPES + media_type, "dct:MediaType") if media_type else None,
        "dcat:byteSize": _size(resource.get("size")),
        "dcat:accessURL": (None if uploaded else link) or {"@id": dataset},
        "dcat:downloadURL": link if uploaded else None,
    }
    return {name: value for name, value in record.items() if value}


def _texts(japanese: str | None, english: str | None) -> list[dict[str, str]]:
    return [_text(text, lang) for text, lang in ((japanese, "ja"), (english, "en")) if text]


def _text(text: str, lang: str) -> dict[str, str]:
    return {"@value": text, "@language": lang}


def _moment(text: str) -> dict[str, str]:
    return {"@value": f"{text}Z", "@type": "xsd:dateTime"}


def _size(size: int | None) -> Typed | None:
    return {"@value": str(size), "@type": "xsd:nonNegativeInteger"} if size is not None else None


def _link(url: object, kind: str = "") -> Typed | None:
    """A web address, and what is there; nothing else that somebody may have written there."""
    text = str(url or "")
    plain = text.startswith(("http://", "https://")) and not any(char in text for char in ' "<>\\^`{|}')
    return {"@id": text} | ({"@type": kind} if kind else {}) if plain else None
