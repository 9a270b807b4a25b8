"""A damaged file makes its reader stumble in many ways; people are told one thing."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers.expat import ExpatError

from odkit.errors import SourceError

# What zipfile, expat and our own readers of records raise on a damaged workbook.
_DAMAGE = (
    zipfile.BadZipFile,
    ExpatError,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    ArithmeticError,
    NotImplementedError,
    StopIteration,
    EOFError,
    OSError,
)


@contextmanager
def damage_reported(location: str) -> Iterator[None]:
    """Turn the stumbling over a damaged part into our error."""
    try:
        yield
    except _DAMAGE as error:
        raise SourceError("read.broken-file", file=location, reason=f"{type(error).__name__}: {error}") from error
