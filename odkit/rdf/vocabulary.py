"""Our own words (vocab/own/): what IMI has no term for, declared for others to look up, and their code lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from odkit.project import data_file, read_csv
from odkit.rdf.codes import about_scheme, schemes
from odkit.rdf.dataset import below
from odkit.rdf.notation import Extra
from odkit.rdf.terms import Iri, Name, Term, Text, Thing, texts

PREFIX = "own:"
VOCABULARY = "vocabulary"
TITLE, TITLE_EN = "odkit の語彙", "Vocabulary of odkit"
_COMPONENTS = {
    "dimension": "qb:DimensionProperty",
    "measure": "qb:MeasureProperty",
    "attribute": "qb:AttributeProperty",
}
_LIST = re.compile(r"\{コード\}([\w-]+)#")


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A property of ours. `super` is the known property that it narrows, `range` a datatype or class,
    `codes` the code list that its values are from.
    """

    name: str
    kind: str
    label: str
    label_en: str
    definition: str
    super: str
    range: str
    codes: str

    @property
    def takes_iri(self) -> bool:
        """Whether its values are resources."""
        return not self.range.startswith("xsd:")


@cache
def own_words() -> Mapping[str, Word]:
    """Our own words, by prefixed name."""
    return {PREFIX + row["name"]: Word(**row) for row in read_csv(data_file("vocab", "own", "terms.csv"))}


def vocabulary(extras: Iterable[Extra], base_uri: str) -> tuple[Thing, ...]:
    """Our words and code lists that these terms of a mapping use, declared; nothing where they use none."""
    said = tuple(extras)
    names = {step.name for extra in said for step in extra.steps}
    words = [word for name, word in own_words().items() if name in names]
    listed = {name for extra in said for name in _LIST.findall(extra.template)} | {word.codes for word in words}
    if not words:
        return ()
    return (
        *about_words(words, base_uri),
        *(
            thing
            for scheme in schemes().values()
            if scheme.name in listed
            for thing in about_scheme(scheme, below(base_uri, "codes", ""))
        ),
    )


def about_words(words: Iterable[Word], base_uri: str) -> tuple[Thing, ...]:
    """Our words, declared, and above them the vocabulary that they belong to."""
    top = Thing(
        subject=below(base_uri, VOCABULARY), types=("owl:Ontology",), facts=texts("rdfs:label", TITLE, TITLE_EN)
    )
    return (top, *(_about_word(word, base_uri) for word in words))


def _about_word(word: Word, base_uri: str) -> Thing:
    shape = "owl:ObjectProperty" if word.takes_iri else "owl:DatatypeProperty"
    component = _COMPONENTS.get(word.kind)
    return Thing(
        subject=f"{below(base_uri, VOCABULARY)}#{word.name}",
        types=("rdf:Property", shape, *([component] if component else [])),
        facts=tuple(_word_facts(word, base_uri)),
    )


def _word_facts(word: Word, base_uri: str) -> Iterator[tuple[str, Term]]:
    yield from texts("rdfs:label", word.label, word.label_en)
    yield "rdfs:comment", Text(word.definition, "ja")
    yield "rdfs:subPropertyOf", Name(word.super)
    yield "rdfs:range", Name(word.range)
    yield "rdfs:isDefinedBy", Iri(below(base_uri, VOCABULARY))
    if word.codes and word.kind in _COMPONENTS:
        yield "qb:codeList", Iri(below(base_uri, "codes", word.codes))
