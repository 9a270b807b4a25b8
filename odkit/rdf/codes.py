"""Code lists (vocab/schemes/): concepts that a table's words stand for, and the SKOS that describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from odkit.project import data_file, municipalities, read_csv, wards
from odkit.rdf.terms import Iri, Term, Text, Thing, texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Concept:
    """A code of a list: the end of its address, its names, and other words for it."""

    code: str
    label: str
    label_en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheme:
    """A code list. Its address is ``<base_uri>codes/<name>``, a concept's ``<base_uri>codes/<name>#<code>``."""

    name: str
    title: str
    title_en: str
    concepts: tuple[Concept, ...]

    def by_word(self) -> Mapping[str, str]:
        """Word of a table -> code."""
        return {word: item.code for item in self.concepts for word in (item.label, *item.aliases)}


@cache
def schemes() -> Mapping[str, Scheme]:
    """The code lists, by name."""
    rows = read_csv(data_file("vocab", "schemes", "schemes.csv"))
    return {
        row["scheme"]: Scheme(
            name=row["scheme"], title=row["title"], title_en=row["title_en"], concepts=_concepts(row["scheme"])
        )
        for row in rows
    }


@cache
def place_names() -> Mapping[str, str]:
    """Six-digit code -> the name under which 住所LOD has the place: ``千葉県長生郡一宮町``, ``千葉県千葉市中央区``."""
    known = municipalities()
    names = {
        code: place.prefecture + (place.district + place.name) * (place.name != place.prefecture)
        for code, place in known.items()
    }
    return names | {code: names[ward.city_code] + ward.name for code, ward in wards().items()}


def about_scheme(scheme: Scheme, codes: str) -> tuple[Thing, ...]:
    """A code list as SKOS; `codes` is what the lists' addresses begin with."""
    address = codes + scheme.name
    listed: tuple[tuple[str, Term], ...] = tuple(
        ("skos:hasTopConcept", Iri(f"{address}#{item.code}")) for item in scheme.concepts
    )
    top = Thing(
        subject=address,
        types=("skos:ConceptScheme",),
        facts=(
            *texts("skos:prefLabel", scheme.title, scheme.title_en),
            *texts("dcterms:title", scheme.title, scheme.title_en),
            *listed,
        ),
    )
    return (top, *(_about_concept(item, address) for item in scheme.concepts))


def _about_concept(concept: Concept, scheme: str) -> Thing:
    return Thing(
        subject=f"{scheme}#{concept.code}",
        types=("skos:Concept",),
        facts=(
            ("skos:notation", Text(concept.code)),
            *texts("skos:prefLabel", concept.label, concept.label_en),
            *(("skos:altLabel", Text(word, "ja")) for word in concept.aliases),
            ("skos:inScheme", Iri(scheme)),
            ("skos:topConceptOf", Iri(scheme)),
        ),
    )


def _concepts(name: str) -> tuple[Concept, ...]:
    return tuple(
        Concept(
            code=row["code"],
            label=row["label"],
            label_en=row["label_en"],
            aliases=tuple(filter(None, row["aliases"].split(";"))),
        )
        for row in read_csv(data_file("vocab", "schemes", f"{name}.csv"))
    )
