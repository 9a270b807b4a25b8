"""A row's tree -> what writes rows, made once per layout and syntax: no walk through the tree for a row.

Rows that fill the same columns look the same but for their cells: for each such pattern there is a `Plan`, the whole
text with holes. Where a table has more patterns than a table usually has, the rest is written by one Python function
in which each part has its condition. The generated source holds only names made here; every piece of text stands in it
as a literal that `repr` wrote.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, Protocol

from odkit.model import Row
from odkit.rdf import spelling
from odkit.rdf.reading import Chunk, Pattern, Reading, Values, chunks
from odkit.rdf.subject import Namer
from odkit.rdf.terms import Thing
from odkit.rdf.tree import OPEN, Node, Slot

Writer = Callable[[Iterable[Row]], Iterator[bytes]]
"""Rows -> one block of text per row."""
Texts = Callable[[Chunk], Iterator[bytes]]
"""Rows as a `Reading` has read them -> one block of text per row."""
Write = Callable[[Values], str]
Piece = str
"""A piece of a row's text, variables in it; "" where it says nothing."""

_MARK = "\x00"
"""Stands on both sides of a variable in a piece of text; no text of ours holds it (`spelling.escape`)."""
_MOST_PLANS = 32


def variable(name: str) -> Piece:
    """A variable, as it stands in a piece of text."""
    return f"{_MARK}{name}{_MARK}"


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

    def row(self, source: Source, root: Node) -> Piece:
        """The text of a node and all below it."""

    def end(self) -> str:
        """What stands at the end."""


class Source(ABC):
    """What a syntax makes the text of a row with. A condition is a piece: it holds where the piece says something."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @abstractmethod
    def written(self, slot: Slot, before: str, after: str, between: str) -> Piece:
        """A property with its values."""

    @abstractmethod
    def optional(self, text: Piece, condition: Piece) -> Piece:
        """The text where the condition holds."""

    @abstractmethod
    def either(self, pieces: Sequence[Piece]) -> Piece:
        """The condition that any of these says something."""

    @abstractmethod
    def all_of(self, pieces: Sequence[Piece]) -> Piece:
        """The condition that each of these says something."""

    @abstractmethod
    def listed(self, before: str, items: Piece, after: str) -> Piece:
        """Items, each of which begins with a comma, as a list without the first comma; nothing where there is none."""


class Plan(Source):
    """The text of the rows of one pattern: everything is decided but the values."""

    def __init__(self, reading: Reading, pattern: Pattern, syntax: Syntax) -> None:
        super().__init__(reading)
        self._counts = dict(zip(reading.changing, pattern, strict=True))
        self._places = dict(reading.places)
        self._behind: dict[str, int] = {}
        place = len(reading.names)
        for name, count in self._counts.items():
            if count > 1:
                self._behind[name] = place
                place += count
        pieces = spelling.widen(syntax.row(self, reading.tree)).split(_MARK)
        self.pieces = [pieces[0]]
        places = []
        for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            places.append(int(name) if name.isdigit() else reading.places[name])
            self.pieces += ["", piece]
        self._pick: Callable[[Values], tuple[Any, ...]] = (
            itemgetter(*places) if len(places) > 1 else lambda values: tuple([values[place] for place in places])
        )

    def writer(self) -> Write:
        """The function that writes such rows; each has holes of its own."""
        pieces, pick, join = list(self.pieces), self._pick, "".join

        def write(values: Values) -> str:
            pieces[1::2] = pick(values)
            return join(pieces)

        return write

    def written(self, slot: Slot, before: str, after: str, between: str) -> Piece:
        """As `Source.written`."""
        name = self.reading.variable(slot.recipe)
        count = self._counts[name]
        if count > 1:
            first = self._behind[name]
            return before + between.join([variable(str(place)) for place in range(first, first + count)]) + after
        return before + variable(name) + after if count else ""

    def optional(self, text: Piece, condition: Piece) -> Piece:
        """As `Source.optional`."""
        return text if condition else ""

    def either(self, pieces: Sequence[Piece]) -> Piece:
        """As `Source.either`."""
        return next(filter(None, pieces), "")

    def all_of(self, pieces: Sequence[Piece]) -> Piece:
        """As `Source.all_of`."""
        return pieces[0] if all(pieces) else ""

    def listed(self, before: str, items: Piece, after: str) -> Piece:
        """As `Source.listed`."""
        return before + items[1:] + after if items else ""


class Code(Source):
    """The source of a function that writes rows of any pattern; it grows with what the syntax asks for."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.body: list[str] = []

    def written(self, slot: Slot, before: str, after: str, between: str) -> Piece:
        """As `Source.written`."""
        name = self.reading.variable(slot.recipe)
        if slot.recipe.many:
            joined = f"{literal(before)} + {literal(between)}.join(several({name})) + {literal(after)}"
            return self._assign(f"{joined} if {name} else ''")
        return self.optional(before + variable(name) + after, variable(name))

    def optional(self, text: Piece, condition: Piece) -> Piece:
        """As `Source.optional`."""
        return self._assign(f"{literal(text)} if {_name(condition)} else ''")

    def either(self, pieces: Sequence[Piece]) -> Piece:
        """As `Source.either`."""
        return pieces[0] if len(pieces) == 1 else self._assign(" or ".join(map(_name, pieces)) or "''")

    def all_of(self, pieces: Sequence[Piece]) -> Piece:
        """As `Source.all_of`."""
        return self._assign(" and ".join(map(_name, pieces)))

    def listed(self, before: str, items: Piece, after: str) -> Piece:
        """As `Source.listed`."""
        both = _name(self._assign(literal(items)))
        return self._assign(f"{literal(before)} + {both}[1:] + {literal(after)} if {both} else ''")

    def function(self, syntax: Syntax) -> Write:
        """The function."""
        result = syntax.row(self, self.reading.tree)
        names = ", ".join(self.reading.names)
        lines = [f"{names}, = values[:{len(self.reading.names)}]", *self.body, f"return {literal(result)}"]
        text = "def write(values):\n" + "".join(f"    {line}\n" for line in lines)
        namespace: dict[str, Any] = {"several": _several}
        exec(compile(text, "<rdf row writer>", "exec"), namespace)  # noqa: S102 - our own names only, see above
        write: Write = namespace["write"]
        return write

    def _assign(self, expression: str) -> Piece:
        """A new variable with this value."""
        name = f"t{len(self.body)}"
        self.body.append(f"{name} = {expression}")
        return variable(name)


class Template:
    """How a layout's rows are written in a syntax. It serves all tables of the layout, one after the other or at once:
    what it keeps changes its speed alone.
    """

    def __init__(self, syntax: Syntax, reading: Reading) -> None:
        self.syntax, self.reading = syntax, reading
        self._plans: dict[Pattern, Plan] = {}

    def texts(self) -> Texts:
        """The function that writes the rows of one table."""
        known: dict[Pattern, Write] = {}

        def write(chunk: Chunk) -> Iterator[bytes]:
            for pattern, values in chunk:
                make = known.get(pattern)
                if make is None:
                    make = known[pattern] = self._writer(pattern)
                yield make(values).encode("latin-1")

        return write

    def _writer(self, pattern: Pattern) -> Write:
        plan = self._plans.get(pattern)
        if plan is None and len(self._plans) < _MOST_PLANS:
            plan = self._plans[pattern] = Plan(self.reading, pattern, self.syntax)
        return plan.writer() if plan else self._function

    @cached_property
    def _function(self) -> Write:
        return Code(self.reading).function(self.syntax)


def compile_writer(syntax: Syntax, root: Node, width: int, subject: Namer) -> Writer:
    """The function that writes rows of `width` cells as this tree; it takes any iterable and keeps nothing."""
    reading = Reading(root, width)
    read = reading.open(OPEN, lambda rows: ([*map(subject, rows)],) * 2)
    texts = Template(syntax, reading).texts()
    return lambda rows: chain.from_iterable(texts(read(chunk)) for chunk in chunks(rows))


def _name(piece: Piece) -> str:
    """The variable that a piece is."""
    return piece.strip(_MARK)


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)
