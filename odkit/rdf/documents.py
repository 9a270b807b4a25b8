"""What answers at the addresses of our own words: the vocabulary and the code lists, each as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from odkit.model import Document, Entry
from odkit.rdf.codes import Scheme, about_scheme, schemes
from odkit.rdf.dataset import below
from odkit.rdf.formats import JSON_LD, TURTLE, thing_blocks
from odkit.rdf.terms import Thing
from odkit.rdf.vocabulary import TITLE, TITLE_EN, VOCABULARY, about_words, own_words


def documents(base_uri: str) -> Mapping[str, Document]:
    """Every document of ours by what follows `base_uri`: ``vocabulary``, ``codes/hazard`` …"""
    return dict(_documents(base_uri))


def _documents(base_uri: str) -> Iterator[tuple[str, Document]]:
    words = own_words().values()
    entries = tuple(
        Entry(name=word.name, label=word.label, label_en=word.label_en, description=word.definition) for word in words
    )
    yield (
        VOCABULARY,
        Document(title=TITLE, title_en=TITLE_EN, entries=entries, files=_files(about_words(words, base_uri), base_uri)),
    )
    for scheme in schemes().values():
        yield f"codes/{scheme.name}", _list(scheme, base_uri)


def _list(scheme: Scheme, base_uri: str) -> Document:
    entries = tuple(
        Entry(name=item.code, label=item.label, label_en=item.label_en, description="、".join(item.aliases))
        for item in scheme.concepts
    )
    things = about_scheme(scheme, below(base_uri, "codes", ""))
    return Document(title=scheme.title, title_en=scheme.title_en, entries=entries, files=_files(things, base_uri))


def _files(things: Sequence[Thing], base_uri: str) -> Mapping[str, bytes]:
    return {kind.media_type: b"".join(thing_blocks(things, base_uri, kind)) for kind in (TURTLE, JSON_LD)}
