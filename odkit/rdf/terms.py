"""Names and values of a statement, before a syntax spells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Iri:
    """An address in full. What no IRI may hold is still in it; the syntax encodes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Hole(Iri):
    """An address that is known when rows are written: `text` is the variable that holds it, as a syntax spells it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A prefixed name: ``schema:Place``."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A literal; `datatype` is a prefixed name, and counts where there is no language."""

    text: str
    language: str = ""
    datatype: str = "xsd:string"


Term = Iri | Name | Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """What is said about one subject; `facts` are (predicate, value), the predicate a prefixed name."""

    subject: str
    types: tuple[str, ...]
    facts: tuple[tuple[str, Term], ...] = ()


def expand(name: str, namespaces: Mapping[str, str]) -> str:
    """The IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return namespaces[prefix] + local


def texts(predicate: str, japanese: str, english: str) -> tuple[tuple[str, Term], ...]:
    """A text in both languages, where it is known."""
    return tuple((predicate, Text(text, language)) for text, language in ((japanese, "ja"), (english, "en")) if text)
