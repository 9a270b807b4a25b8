"""The parts of a zipped document, one event per element: a large sheet costs no memory. Entities are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import IO
from xml.parsers import expat

Start = Callable[[str, dict[str, str]], None]


def walk(
    archive: zipfile.ZipFile,
    path: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start`, `end` and `text` through one part; names are ``namespace name``. Raises ValueError, ExpatError."""
    with archive.open(path) as part:
        _parse(part, start, end, text)


def walk_text(document: str, start: Start) -> None:
    """Call `start` through a document at hand. Raises ValueError, ExpatError."""
    _parse(BytesIO(document.encode()), start, None, None)


def _parse(
    part: IO[bytes], start: Start, end: Callable[[str], None] | None, text: Callable[[str], None] | None
) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse_entities
    parser.ParseFile(part)


def _refuse_entities(*_: object) -> None:
    """A document of this kind declares no entities; a file that does is an attack on the parser."""
    raise ValueError("entity declaration")
