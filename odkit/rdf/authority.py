"""Other people's codes that a catalogue record uses: what each says of itself, for who cannot look it up.

DCAT-AP asks for the class of whatever a record points to. The labels in English are the authority's own.
"""

from __future__ import annotations

from functools import cache

from odkit.model import Publisher
from odkit.project import data_file, file_types, read_csv
from odkit.rdf.terms import Thing, texts

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_PUBLISHER_TYPE = "http://purl.org/adms/publishertype/"
_OF_A_PREFECTURE = "000"
THEMES = Thing(
    subject=_AUTHORITY + "data-theme",
    types=("skos:ConceptScheme",),
    facts=texts("dcterms:title", "データの分野", "Data theme"),
)
JAPANESE = Thing(
    subject=_AUTHORITY + "language/JPN",
    types=("dcterms:LinguisticSystem",),
    facts=texts("rdfs:label", "日本語", "Japanese"),
)
PUBLIC = Thing(
    subject=_AUTHORITY + "access-right/PUBLIC",
    types=("dcterms:RightsStatement",),
    facts=texts("rdfs:label", "公開", "public"),
)


def is_prefecture(publisher: Publisher) -> bool:
    """Whether a government is a prefecture: its code ends with ``000`` before the check digit."""
    return publisher.code[2:5] == _OF_A_PREFECTURE


def publisher_type(publisher: Publisher) -> Thing:
    """What kind of authority a government is."""
    if is_prefecture(publisher):
        return _concept(_PUBLISHER_TYPE + "RegionalAuthority", "都道府県", "Regional authority")
    return _concept(_PUBLISHER_TYPE + "LocalAuthority", "市区町村", "Local Authority")


def theme(standard: str) -> Thing | None:
    """What a standard dataset is about; None where that is not one thing."""
    return _themes().get(standard)


def file_type(media_type: str) -> Thing | None:
    """The kind of file; None for one that the authority has no word for."""
    address = file_types().get(media_type)
    return Thing(subject=address, types=("dcterms:MediaTypeOrExtent",)) if address else None


@cache
def _themes() -> dict[str, Thing]:
    return {
        standard: _concept(f"{_AUTHORITY}data-theme/{row['theme']}", row["label"], row["label_en"])
        for row in read_csv(data_file("vocab", "dcat", "themes.csv"))
        for standard in row["standards"].split(";")
    }


def _concept(address: str, label: str, label_en: str) -> Thing:
    return Thing(subject=address, types=("skos:Concept",), facts=texts("skos:prefLabel", label, label_en))
