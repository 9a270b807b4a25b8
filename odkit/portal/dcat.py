"""The catalogue as DCAT (JSON-LD): what harvesters of other catalogues read. Every node has an address of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from odkit.portal.store import Record

CONTEXT: Mapping[str, object] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def catalogue(site_url: str, datasets: Iterable[Record]) -> dict[str, Any]:
    """The catalogue of shown datasets (public ones), in the order given."""
    listed = [dataset_record(site_url, dataset) for dataset in datasets]
    return {
        "@context": CONTEXT,
        "@id": f"{site_url}/catalog",
        "@type": "dcat:Catalog",
        "dct:title": [_text("オープンデータカタログ", "ja"), _text("Open data catalogue", "en")],
        "foaf:homepage": {"@id": f"{site_url}/"},
        "dcat:dataset": listed,
    }


def dataset_record(site_url: str, dataset: Record) -> dict[str, Any]:
    """One dataset with its distributions."""
    extras = {extra["key"]: extra["value"] for extra in dataset["extras"]}
    address, owner = f"{site_url}/dataset/{dataset['name']}", dataset["organization"]
    record = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": dataset["name"],
        "dct:title": _texts(dataset["title"], extras.get("title_en", "")),
        "dct:description": _texts(dataset["notes"], extras.get("notes_en", "")),
        "dct:issued": _moment(dataset["metadata_created"]),
        "dct:modified": _moment(dataset["metadata_modified"]),
        "dct:license": _link(extras.get("odkit_licence_url") or dataset.get("license_url")),
        "dct:publisher": {
            "@id": f"{site_url}/organization/{owner['name']}",
            "@type": "foaf:Organization",
            "foaf:name": owner["title"] or owner["name"],
        },
        "dcat:keyword": [_text(tag["name"], "ja") for tag in dataset["tags"]],
        "dcat:landingPage": {"@id": address},
        "dcat:distribution": [_distribution(address, resource) for resource in dataset["resources"]],
    }
    return {name: value for name, value in record.items() if value}


def _distribution(dataset: str, resource: Record) -> dict[str, Any]:
    media_type = resource.get("mimetype") or ""
    record = {
        "@id": f"{dataset}#{resource['id']}",
        "@type": "dcat:Distribution",
        "dct:title": _texts(resource.get("name") or "", resource.get("name_en") or ""),
        "dct:format": resource.get("format"),
        "dcat:mediaType": {"@id": MEDIA_TYPES + media_type} if media_type else None,
        "dcat:byteSize": resource.get("size"),
        "dcat:downloadURL" if resource.get("url_type") == "upload" else "dcat:accessURL": _link(resource.get("url")),
    }
    return {name: value for name, value in record.items() if value}


def _texts(japanese: str | None, english: str | None) -> list[dict[str, str]]:
    return [_text(text, lang) for text, lang in ((japanese, "ja"), (english, "en")) if text]


def _text(text: str, lang: str) -> dict[str, str]:
    return {"@value": text, "@language": lang}


def _moment(text: str) -> dict[str, str]:
    return {"@value": f"{text}Z", "@type": "xsd:dateTime"}


def _link(url: object) -> dict[str, str] | None:
    """A web address; nothing else that somebody may have written there."""
    text = str(url or "")
    plain = text.startswith(("http://", "https://")) and not any(char in text for char in ' "<>\\^`{|}')
    return {"@id": text} if plain else None
