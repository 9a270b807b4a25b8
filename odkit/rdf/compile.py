"""A row's tree -> one Python function over rows, written once per table and syntax: no dispatch per cell.

The generated source holds only names made here; every piece of text stands in it as a literal that `repr` wrote.

Rows are written as UTF-8 whose bytes stand as characters (`spelling.widen`): strings of one byte a character are
joined and encoded several times faster than Japanese ones, and only the cells have to be encoded at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from odkit.model import Row
from odkit.rdf import spelling
from odkit.rdf.subject import Namer
from odkit.rdf.terms import Thing
from odkit.rdf.tree import Node, Slot
from odkit.rdf.values import Recipe

Writer = Callable[[Iterable[Row]], Iterator[bytes]]
"""Rows -> one block of text per row."""

_MARK = "\x00"
"""Stands on both sides of a variable in a piece of text; no text of ours holds it (`spelling.escape`)."""


def variable(name: str) -> str:
    """A variable of the generated function, as it stands in a piece of text."""
    return f"{_MARK}{name}{_MARK}"


def variables(names: Iterable[str]) -> str:
    """Several variables, one after the other."""
    return "".join(map(variable, names))


def literal(text: str) -> str:
    """The f-string that makes a piece of text."""
    parts = spelling.widen(text).split(_MARK)
    doubled = [part.replace("{", "{{").replace("}", "}}") for part in parts[::2]]
    named = [f"{{{part}}}" for part in parts[1::2]]
    return "f" + repr("".join(piece for pair in zip(doubled, [*named, ""], strict=True) for piece in pair))


class Syntax(Protocol):
    """How a syntax writes a file; see `odkit.rdf.statements` and `odkit.rdf.jsonld`."""

    def start(self, base: str) -> str:
        """What stands at the top; `base` is what the rows' addresses begin with."""

    def things(self, things: Iterable[Thing]) -> str:
        """What is said about these subjects, in their order."""

    def row(self, source: Source, root: Node) -> str:
        """Add the code of a node and all below it; gives the row's text, variables in it."""

    def end(self) -> str:
        """What stands at the end."""


class Source:
    """The source as it grows: the cells, the values that are made from them, each made once, and what a syntax adds."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {}
        self.body: list[str] = []
        self._made: dict[Recipe, str] = {}
        self._names = 0

    def assign(self, expression: str) -> str:
        """A new variable with this value."""
        self._names += 1
        name = f"t{self._names}"
        self.body.append(f"{name} = {expression}")
        return name

    def optional(self, text: str, condition: str) -> str:
        """A new variable with this text where the condition holds, else ""."""
        return self.assign(f"{literal(text)} if {condition} else ''")

    def value(self, recipe: Recipe) -> str:
        """The variable that holds a value of the row: the escaped cell, or what a converter makes of the cells."""
        if recipe.plain:
            return f"c{recipe.columns[0]}"
        recipe = recipe.made
        if recipe not in self._made:
            function = f"f{len(self._made)}"
            self.constants[function] = recipe.converter()
            cells = ", ".join(f"row[{place}]" for place in recipe.columns)
            filled = " and ".join(f"c{place}" for place in recipe.columns)
            self._made[recipe] = self.assign(f"{function}({cells}) if {filled} else None")
        return self._made[recipe]

    def written(self, slot: Slot, before: str, after: str, between: str) -> str:
        """The variable that holds a property with its values, or "" for none."""
        value = self.value(slot.recipe)
        if slot.recipe.many:
            joined = f"{literal(before)} + {literal(between)}.join({value}) + {literal(after)}"
            return self.assign(f"{joined} if {value} else ''")
        return self.optional(before + variable(value) + after, value)

    def text(self, width: int, result: str) -> str:
        """The whole function."""
        lines = [
            "s = subject(row)",
            "".join(f"c{place}, " for place in range(width)) + "= cells(row)",
            *self.body,
            f"yield {literal(result)}.encode('latin-1')",
        ]
        return "def write(rows):\n    for row in rows:\n" + "".join(f"        {line}\n" for line in lines)


def compile_writer(syntax: Syntax, root: Node, width: int, subject: Namer) -> Writer:
    """The function that writes rows of `width` cells as this tree; it takes any iterable and keeps nothing."""
    source = Source()
    text = source.text(width, syntax.row(source, root))
    namespace: dict[str, Any] = {
        **source.constants,
        "subject": lambda row: spelling.widen(subject(row)),
        "cells": spelling.widened_cells,
    }
    exec(compile(text, "<rdf row writer>", "exec"), namespace)  # noqa: S102 - our own names only, see above
    writer: Writer = namespace["write"]
    return writer
