"""A damaged file makes a library stumble in many ways; people are told one thing."""

from __future__ import annotations

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers.expat import ExpatError

from openpyxl.utils.exceptions import InvalidFileException

from odkit.errors import SourceError

# What zipfile, expat and openpyxl raise on a damaged workbook; none of them has an exception of its own for it.
_DAMAGE = (
    zipfile.BadZipFile,
    InvalidFileException,
    ExpatError,
    SyntaxError,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    StopIteration,
    EOFError,
    OSError,
)


@contextmanager
def damage_reported(location: str) -> Iterator[None]:
    """Turn a library's stumbling over a damaged part into our error; its warnings are about what we do not read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _DAMAGE as error:
        raise SourceError("read.broken-file", file=location, reason=f"{type(error).__name__}: {error}") from error
