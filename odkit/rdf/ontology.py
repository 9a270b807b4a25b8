"""What the IMI core vocabulary says: which properties a class has, and what their values are (vocab/imi/)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from odkit.project import data_file, read_csv
from odkit.rdf.notation import Path, Step
from odkit.rdf.values import LITERALS

OLD_SPACES = ("http://imi.ipa.go.jp/ns/core/", "http://imi.go.jp/ns/core/2#", "http://imi.go.jp/ns/core/210/")
"""Namespaces of the core vocabulary that are no longer used."""

_PROJECTS = 8
ANYTHING = "owl:Thing"
"""The range of a property whose value is an IRI of any kind: a web page, a picture."""


class TermError(ValueError):
    """A path that the vocabulary does not allow.

    `code` names the message, `term` is what does not fit, `owner` the class or range that it should fit.
    """

    def __init__(self, code: str, term: str, owner: str) -> None:
        super().__init__(f"{code}: {term} ({owner})")
        self.code = code
        self.term = term
        self.owner = owner


@dataclass(frozen=True, kw_only=True, slots=True)
class Ontology:
    """`ranges` maps (class, property) to the range, `parents` a class to its parent (the topmost to "").

    `single` are the (class, property) of which a thing may have only one.
    """

    ranges: Mapping[tuple[str, str], str]
    parents: Mapping[str, str]
    single: frozenset[tuple[str, str]]

    def range_of(self, owner: str, name: str) -> str:
        """The range of a property on a class; raises `TermError` where the class has no such property."""
        found = self.ranges.get((owner, name))
        if found is None:
            raise TermError("rdf.mapping-term", name, owner)
        return found

    def is_link(self, owner: str, name: str) -> bool:
        """Whether the property's values are resources, not literals."""
        return self.range_of(owner, name) not in LITERALS

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether a class is `ancestor` or below it."""
        while name and name != ancestor:
            name = self.parents.get(name, "")
        return bool(name)

    def node_class(self, owner: str, step: Step) -> str:
        """The class of the node that a step leads to: its ``{@型}``, else the range; raises `TermError`."""
        span = self.range_of(owner, step.name)
        if span not in self.parents:
            raise TermError("rdf.mapping-range", step.name, span)
        if step.type and not self.is_a(step.type, span):
            raise TermError("rdf.mapping-range", step.type, span)
        found = step.type or span
        for name, _ in step.fixed:
            self.range_of(found, name)
        return found

    def check_steps(self, path: Path) -> str:
        """The class that the last property stands on; raises `TermError` where a class has no such property."""
        owner = self._start(path.root.name)
        for step in path.steps[:-1]:
            owner = self.node_class(owner, step)
        for step in path.steps[-1:]:
            self.range_of(owner, step.name)
            if step.type or step.fixed:
                self.node_class(owner, step)
        return owner

    def _start(self, name: str) -> str:
        """The class a path begins at. A property stands for its range: ``ic:住所>ic:表記``."""
        spans = (
            {span for (_, term), span in self.ranges.items() if term == name} if name not in self.parents else {name}
        )
        for span in spans & set(self.parents):
            return span
        raise TermError("rdf.mapping-term", name, "IMI 2.4.2")

    def check(self, path: Path) -> None:
        """Raise `TermError` for a path that the vocabulary does not allow, or whose value is of another kind."""
        owner = self.check_steps(path)
        for step in path.steps[-1:]:
            if self.is_link(owner, step.name) != path.link:
                raise TermError("rdf.mapping-range", step.name, self.range_of(owner, step.name))


@cache
def imi() -> Ontology:
    """The IMI core vocabulary 2.4.2, as restated in vocab/imi/."""
    properties = read_csv(data_file("vocab", "imi", "properties.csv"))
    classes = read_csv(data_file("vocab", "imi", "classes.csv"))
    return Ontology(
        ranges={(row["class"], row["property"]): row["range"] for row in properties},
        parents={row["class"]: row["parent"] for row in classes},
        single=frozenset((row["class"], row["property"]) for row in properties if row["max"] == "1"),
    )


@cache
def prefixes() -> Mapping[str, str]:
    """The prefixes that our RDF may use, in the order of their names: prefix -> namespace.

    ``{基底}`` stands for what the project's addresses begin with (`namespaces`).
    """
    rows = read_csv(data_file("vocab", "context", "prefixes.csv"))
    return {row["prefix"]: row["namespace"] for row in sorted(rows, key=lambda row: row["prefix"])}


@cache
def other_terms() -> Mapping[str, str]:
    """The terms beside IMI that mappings may use -> ``class``, or what a property takes: ``iri``, ``literal``.

    Words of our own (vocab/own/) are among them.
    """
    own = read_csv(data_file("vocab", "own", "terms.csv"))
    known = {row["term"]: row["kind"] for row in read_csv(data_file("vocab", "context", "terms.csv"))}
    return known | {f"own:{row['name']}": "literal" if row["range"].startswith("xsd:") else "iri" for row in own}


@lru_cache(_PROJECTS)
def namespaces(base_uri: str) -> Mapping[str, str]:
    """The prefixes of a project whose addresses begin with `base_uri`."""
    base = base_uri.rstrip("/") + "/"
    return MappingProxyType({prefix: space.replace("{基底}", base) for prefix, space in prefixes().items()})
