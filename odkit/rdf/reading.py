"""What a tree takes from the rows of a table: cells and what is made of them, column by column, each once.

Rows are read as UTF-8 whose bytes stand as characters (`spelling.widen`): strings of one byte a character are joined
and encoded several times faster than Japanese ones, and only the cells have to be encoded at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, compress, islice, repeat
from typing import Any

from odkit.model import Row
from odkit.rdf import spelling
from odkit.rdf.terms import Hole, Iri, Term
from odkit.rdf.tree import Context, Node, is_open
from odkit.rdf.values import Recipe

Value = str | tuple[str, ...]
Values = tuple[Value, ...]
"""A row's values in the order of `Reading.names`; behind them the single ones where one is several."""
Pattern = bytes | tuple[int, ...]
"""Which values of a row are there: for each that may be missing 0 or 1; of several their number."""
Chunk = list[tuple[Pattern, Values]]
Naming = Callable[[Sequence[Row]], tuple[Sequence[str], Sequence[str]]]
"""Rows -> their addresses as relative ones, and in full."""
Reader = Callable[[Sequence[Row]], Chunk]
Maker = Callable[[Sequence[Row]], tuple[Sequence[Value], bool]]

ROWS_PER_BLOCK = 100
"""Rows that are written at once: a megabyte or so. Ten times as many leave the processor's cache, and are slower."""
RELATIVE, FULL = "s", "a"
"""The variables that hold a row's address."""
_ADDRESSES = 2


class Reading:
    """The variables of a tree: a row's two addresses, cells (``c3``), what converters make of them (``v0``), and the
    addresses that a dataset gives (``h0``). `tree` is the tree with the names of these in its constants. `changing`
    are cells and what is made of them; of these the `links` are addresses, at least in one place.
    """

    def __init__(self, tree: Node, width: int) -> None:
        self.width = width
        self._held: dict[str, str] = {}
        self._cells: dict[int, str] = {}
        self._made: dict[Recipe, str] = {}
        self.tree = self._opened(tree)
        slots = [slot for node in tree.walk() for slot in node.slots]
        for recipe in [slot.recipe for slot in slots]:
            if recipe.plain:
                self._cells.setdefault(recipe.columns[0], f"c{recipe.columns[0]}")
            else:
                self._made.setdefault(recipe.made, f"v{len(self._made)}")
        self.changing = (*self._cells.values(), *self._made.values())
        self.links = frozenset(self.variable(slot.recipe) for slot in slots if slot.kind == "@id")
        self.names = (RELATIVE, FULL, *self.changing, *self._held.values())
        self.places = {name: place for place, name in enumerate(self.names)}

    def variable(self, recipe: Recipe) -> str:
        """The name of a value."""
        return self._cells[recipe.columns[0]] if recipe.plain else self._made[recipe.made]

    def recipes(self) -> Mapping[str, Recipe]:
        """The `changing` variables with what makes them."""
        cells = {name: Recipe(columns=(place,)) for place, name in self._cells.items()}
        return cells | {name: recipe for recipe, name in self._made.items()}

    def open(self, context: Context, naming: Naming) -> Reader:
        """The function that reads the rows of one table; `naming` is asked for each of them, in order."""
        held = [spelling.widen(spelling.iri_text(context.close(text))) for text in self._held]
        makers = [make or _maker(recipe.closed(context.close)) for recipe, make in self._makers]
        end = _ADDRESSES + len(self.changing)

        def read(rows: Sequence[Row]) -> Chunk:
            given = [*zip(*rows, strict=True)] or [()] * self.width
            addresses = map(spelling.widened_texts, naming(rows))
            columns = [*addresses, *_widened([given[place] for place in self._cells])]
            several = False
            for make in makers:
                made, more = make(given)
                several = several or more
                columns.append(made)
            found = zip(*columns, *(repeat(text, len(rows)) for text in held), strict=True)
            if several:
                return [_spread(values, end) for values in found]
            return [(bytes(map(bool, values[_ADDRESSES:end])), values) for values in found]

        return read

    @cached_property
    def _makers(self) -> Sequence[tuple[Recipe, Maker | None]]:
        """What makes the values of each recipe; None where a package has its say in that."""
        return [(recipe, None if is_open(recipe.template) else _maker(recipe)) for recipe in self._made]

    def _opened(self, node: Node) -> Node:
        constants = tuple((name, self._constant(term)) for name, term in node.constants)
        children = {key: self._opened(child) for key, child in node.children.items()}
        return replace(node, constants=constants, children=children)

    def _constant(self, term: Term) -> Term:
        if isinstance(term, Iri) and is_open(term.text):
            return Hole(self._held.setdefault(term.text, f"h{len(self._held)}"))
        return term


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows as they are read, some at a time."""
    rest = iter(rows)
    while found := list(islice(rest, ROWS_PER_BLOCK)):
        yield found


def _widened(columns: Sequence[Row]) -> Iterator[Sequence[Value]]:
    """Cells as they stand in a file, column by column; many columns of a table are empty."""
    filled = [any(column) for column in columns]
    cells = spelling.widened_cells(list(chain.from_iterable(compress(columns, filled))))
    start = 0
    for column, is_filled in zip(columns, filled, strict=True):
        if is_filled:
            yield cells[start : start + len(column)]
            start += len(column)
        else:
            yield column


def _maker(recipe: Recipe) -> Maker:
    """Columns of the table -> the values that a recipe makes, "" for none, and whether one of them is several."""
    convert = recipe.converter()
    own, *others = recipe.columns

    def make(columns: Sequence[Row]) -> tuple[Sequence[Value], bool]:
        cells = columns[own]
        distinct = {*cells} - {""}
        if not distinct or (not others and recipe.stands(distinct)):
            return cells, False
        if others:
            needed = zip(*[columns[place] for place in recipe.columns], strict=True)
            made = [convert(*needs) if all(needs) else "" for needs in needed]
        else:
            known: dict[str, Any] = {cell: convert(cell) for cell in distinct}
            known[""] = ""
            made = [known[cell] for cell in cells]
        if not recipe.many:
            return made, False
        several = any(len(values) > 1 for values in made)
        return [values if len(values) > 1 else values[0] if values else "" for values in made], several

    return make


def _spread(values: Values, end: int) -> tuple[Pattern, Values]:
    """The pattern of a row in which values may be several; these stand behind the others, too."""
    changing = values[_ADDRESSES:end]
    several = [value for value in changing if isinstance(value, tuple)]
    if not several:
        return bytes(map(bool, changing)), values
    pattern = tuple(len(value) if isinstance(value, tuple) else int(bool(value)) for value in changing)
    return pattern, (*values, *chain.from_iterable(several))
