"""A row's tree -> one Python function over rows, written once per table: a few f-strings per row, no dispatch per cell.

The generated source holds only names made here; every piece of text is a constant in its namespace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from odkit.model import Row
from odkit.rdf import turtle
from odkit.rdf.subject import Namer
from odkit.rdf.tree import Node, Slot

Writer = Callable[[Iterable[Row]], Iterator[str]]
"""Rows -> one block of Turtle per row."""


def compile_writer(root: Node, width: int, subject: Namer) -> Writer:
    """The function that writes rows of `width` cells as this tree; it takes any iterable and keeps nothing."""
    source = _Source(subject)
    number = source.node(root)
    text = source.text(width, number)
    namespace: dict[str, Any] = dict(source.constants)
    exec(compile(text, "<rdf row writer>", "exec"), namespace)  # noqa: S102 - our own names only, see above
    writer: Writer = namespace["write"]
    return writer


class _Source:
    """The source as it grows: `body` computes, `blocks` are the expressions of the row's text in reading order."""

    def __init__(self, subject: Namer) -> None:
        self.constants: dict[str, object] = {
            "subject": subject,
            "special": turtle.needs_escape,
            "escape": turtle.escape_row,
            "join": "\x1f".join,
        }
        self.names: dict[str, str] = {}
        self.body: list[str] = []
        self.blocks: list[str] = []
        self.values = 0
        self.nodes = 0

    def text(self, width: int, root: int) -> str:
        """The whole function; `root` is the number of the row's own node."""
        cells = "".join(f"c{place}, " for place in range(width))
        lines = [
            "s = subject(row)",
            f"{cells}= escape(row) if special(join(row)) else row",
            *self.body,
            "yield f'" + "".join(f"{{{block}}}" for block in [self.blocks[root], *self._others(root)]) + "'",
        ]
        return "def write(rows):\n    for row in rows:\n" + "".join(f"        {line}\n" for line in lines)

    def node(self, node: Node) -> int:
        """Write a node after its children: its text is known before a parent asks whether it is empty."""
        number = self.nodes
        self.nodes += 1
        self.blocks.append("")
        children = [(child, self.node(child)) for child in node.children.values()]
        links = [self._child_link(child, at) for child, at in children]
        parts = [*self._slots(node.slots), *links]
        self.body.append(f"n{number} = f'" + "".join(f"{{{part}}}" for part in parts) + "'")
        self.blocks[number] = self._block(node, number)
        return number

    def constant(self, text: str) -> str:
        """The name of a piece of text."""
        name = self.names.setdefault(text, f"k{len(self.names)}")
        self.constants[name] = text
        return name

    def _others(self, root: int) -> list[str]:
        return [block for number, block in enumerate(self.blocks) if number != root]

    def _block(self, node: Node, number: int) -> str:
        place = f"#{node.fragment}" if node.fragment else ""
        constants = "".join(f" ;\n  {predicate} {term}" for predicate, term in node.constants)
        start, end = self.constant("<"), self.constant(" .\n")
        head = self.constant(f"{place}> a {', '.join(node.types)}{constants}")
        always = f"{start} + s + {head} + n{number} + {end}"
        return f"{always} if n{number} else {self.constant('')}" if place else always

    def _child_link(self, child: Node, number: int) -> str:
        before, after = self.constant(f" ;\n  {child.predicate} <"), self.constant(f"#{child.fragment}>")
        return f"{before} + s + {after} if n{number} else {self.constant('')}"

    def _slots(self, slots: list[Slot]) -> Iterator[str]:
        earlier: dict[str, list[str]] = {}
        for slot in slots:
            if slot.convert is None:
                yield self._plain(slot)
            else:
                yield self._converted(slot, earlier.setdefault(slot.predicate, []))

    def _plain(self, slot: Slot) -> str:
        before = self.constant(f' ;\n  {slot.predicate} "')
        after = self.constant('"' + (f"@{slot.language}" if slot.language else ""))
        return f"{before} + c{slot.column} + {after} if c{slot.column} else {self.constant('')}"

    def _converted(self, slot: Slot, earlier: list[str]) -> str:
        value, function = f"v{self.values}", f"f{self.values}"
        self.values += 1
        self.constants[function] = slot.convert
        self.body.append(f"{value} = {function}(row[{slot.column}]) if c{slot.column} else {self.constant('')}")
        before = self.constant(f" ;\n  {slot.predicate} ")
        known = "".join(f" and {value} != {other}" for other in earlier)
        earlier.append(value)
        return f"{before} + {value} if {value}{known} else {self.constant('')}"
