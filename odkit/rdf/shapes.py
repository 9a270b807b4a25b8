"""SHACL shapes, made from the facts in vocab/: what a checker of anybody's can ask of our RDF.

``python -m odkit.rdf.shapes`` writes them to vocab/shapes/, where they are checked in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from odkit.project import data_file, read_csv
from odkit.rdf.ontology import ANYTHING, imi, prefixes

_SHAPES = "urn:odkit:shapes:"
_PHONE = "ic:電話番号型"
_PATTERN = "^[0-9+(),-]+$"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How often a class has a property, and of which `kind` its values are.

    ``literal``, ``iri``, ``datatype`` (`value` names it), ``class`` (`value`, or not described at all), ``phone``.
    """

    owner: str
    property: str
    least: str = "0"
    most: str = "n"
    kind: str
    value: str = ""


def imi_shapes() -> str:
    """The shapes of the IMI core vocabulary, as Turtle. A class has the rules that its parent does not have alike."""
    rules: dict[tuple[str, str], Rule] = {}
    for row in read_csv(data_file("vocab", "imi", "properties.csv")):
        rules[row["class"], row["property"]] = Rule(
            owner=row["class"], property=row["property"], most=row["max"], **_kind(row["range"])
        )
    parents = imi().parents
    own = [rule for (name, term), rule in rules.items() if not _alike(rule, rules.get((parents[name], term)))]
    classes = "".join(f"{name} rdfs:subClassOf {parent} .\n" for name, parent in parents.items() if parent)
    return _shapes(own, ["ic", "rdf", "rdfs", "xsd"]) + "\n" + classes


def dcat_shapes() -> str:
    """The shapes of a catalogue record, as Turtle."""
    rules = [
        Rule(
            owner=row["class"],
            property=row["property"],
            least=row["min"],
            most=row["max"],
            kind=row["kind"],
            value=row["value"],
        )
        for row in read_csv(data_file("vocab", "shapes", "dcat.csv"))
    ]
    return _shapes(rules, ["dcat", "dcterms", "foaf", "prov", "rdf", "skos", "spdx", "vcard", "xsd"])


def _kind(span: str) -> dict[str, str]:
    if span == ANYTHING:
        return {"kind": "iri"}
    if span == _PHONE:
        return {"kind": "phone"}
    if span == "xsd:string":
        return {"kind": "literal"}
    if span not in imi().parents and not span.startswith("xsd:"):
        return {"kind": "literal"}
    return {"kind": "datatype" if span.startswith("xsd:") else "class", "value": span}


def _alike(rule: Rule, other: Rule | None) -> bool:
    return other is not None and (rule.most, rule.kind, rule.value) == (other.most, other.kind, other.value)


def _shapes(rules: Iterable[Rule], used: Iterable[str]) -> str:
    by_class: dict[str, list[Rule]] = {}
    for rule in rules:
        by_class.setdefault(rule.owner, []).append(rule)
    head = "".join(f"@prefix {name}: <{prefixes()[name]}> .\n" for name in used)
    head += f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n@prefix shape: <{_SHAPES}> .\n"
    return head + "".join(_node_shape(name, listed) for name, listed in by_class.items())


def _node_shape(owner: str, rules: list[Rule]) -> str:
    name = f"shape:{owner.replace(':', '-')}"
    properties = [f"  sh:property [ {' ; '.join(_constraints(rule))} ]" for rule in rules]
    return f"\n{name} a sh:NodeShape ;\n  sh:targetClass {owner} ;\n" + " ;\n".join(properties) + " .\n"


def _constraints(rule: Rule) -> Iterator[str]:
    yield f"sh:path {rule.property}"
    if rule.least != "0":
        yield f"sh:minCount {rule.least}"
    if rule.most != "n":
        yield f"sh:maxCount {rule.most}"
    match rule.kind:
        case "iri":
            yield "sh:nodeKind sh:IRI"
        case "literal":
            yield "sh:nodeKind sh:Literal"
        case "datatype":
            yield f"sh:datatype {rule.value}"
        case "phone":
            yield f'sh:nodeKind sh:Literal ; sh:pattern "{_PATTERN}"'
        case _:
            unknown = "[ sh:property [ sh:path rdf:type ; sh:maxCount 0 ] ]"
            yield f"sh:nodeKind sh:IRI ; sh:or ( [ sh:class {rule.value} ] {unknown} )"


def main() -> None:
    """Write the shapes to vocab/shapes/."""
    for name, text in (("imi", imi_shapes()), ("dcat", dcat_shapes())):
        data_file("vocab", "shapes", f"{name}.ttl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
