"""What the score looks at in an .xls and a table does not keep: formulas, numbers as text, hidden parts, objects."""

from __future__ import annotations

import struct

from odkit.model import SeenSheet
from odkit.read.biff import Globals, read_globals, records
from odkit.read.damage import damage_reported
from odkit.read.ole import Container
from odkit.read.sheets import Sheet
from odkit.read.xls import xls_document

_TEXTS = frozenset({0x00FD, 0x0204, 0x00D6})
_FORMULA, _OBJECT = 0x0006, 0x005D
_NO_OBJECTS = frozenset({0x14, 0x19})
"""Kinds of objects that Excel draws by itself: the arrows of a filter, the notes to cells."""


def look_into_xls(data: bytes, location: str) -> tuple[SeenSheet, ...]:
    """The worksheets of an .xls, hidden ones too. Raises `SourceError` as `xls_document` does."""
    document = xls_document(data, location)
    with damage_reported(location):
        stream = Container(data).stream("Workbook", "Book")
        shared = read_globals(stream)
        return tuple(_seen(stream, shared, at, sheet) for at, sheet in enumerate(document.sheets))


def _seen(stream: bytes, shared: Globals, at: int, sheet: Sheet) -> SeenSheet:
    grid = sheet.load()
    formulas: list[tuple[int, int]] = []
    texts: set[tuple[int, int]] = set()
    objects = 0
    for kind, begin, end in records(stream, shared.sheets[at][1]):
        if kind == _OBJECT and end - begin >= 6:
            objects += struct.unpack_from("<H", stream, begin + 4)[0] not in _NO_OBJECTS
        elif kind == _FORMULA or kind in _TEXTS:
            row, column = struct.unpack_from("<HH", stream, begin)
            formulas += [(row + 1, column + 1)] if kind == _FORMULA else []
            texts |= {(row + 1, column + 1)} if kind in _TEXTS else set()
    hidden = tuple(issue.details["range"] for issue in grid.issues if issue.code == "read.hidden")
    return SeenSheet(
        name=sheet.name,
        rows=grid.rows,
        merged=tuple((span.top + 1, span.left + 1, span.bottom + 1, span.right + 1) for span in grid.merged),
        formulas=tuple(formulas),
        texts=frozenset(texts),
        hidden=hidden if sheet.visible else (*hidden, sheet.name),
        objects=objects,
    )
