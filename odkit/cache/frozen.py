"""Values of the model to bytes and back, under a digest: what was cut off, changed or made by others is not opened."""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Callable
from copyreg import __newobj__ as newobj  # type: ignore[attr-defined]
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from typing import Any

HEADER = 32
"""Bytes of the digest in front."""
HOMES = ("odkit.model.", "odkit.decisions", "odkit.cache.record")
"""The modules whose frozen types may be made from bytes."""
PLAIN = frozenset({"builtins.range", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib._local.PosixPath"})


def freeze(value: object) -> bytes:
    """`value` as bytes that `thaw` takes back."""
    written = io.BytesIO()
    _Quick(written, protocol=5).dump(value)
    body = zlib.compress(written.getvalue(), level=1)
    return sha256(body).digest() + body


def thaw(data: bytes) -> Any:
    """The value that was frozen; raises ValueError where the bytes are not whole, or name what is not of the model."""
    digest, body = data[:HEADER], data[HEADER:]
    if sha256(body).digest() != digest:
        raise ValueError("the digest does not fit")
    try:
        return _Careful(io.BytesIO(zlib.decompress(body))).load()
    except Exception as error:  # whatever bytes that somebody has made up lead pickle to
        raise ValueError("not of this odkit") from error


class _Quick(pickle.Pickler):
    """Asks a type of the model once for its fields, where dataclasses look them up for each value again."""

    def reducer_override(self, value: Any) -> Any:
        """What the value's own `__getstate__` comes to."""
        kind = value.__class__
        state = _state(kind)
        return (newobj, (kind,), state(value)) if state else NotImplemented


@cache
def _state(kind: type) -> Callable[[Any], list[object]] | None:
    """The values of the fields, for a type whose state dataclasses have written; None for others."""
    if not is_dataclass(kind) or "__slots__" not in vars(kind):
        return None
    names = [item.name for item in fields(kind)]
    return lambda value: [getattr(value, name) for name in names]


class _Careful(pickle.Unpickler):
    """Makes the model's own types and nothing else: a file from a stranger's project runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        """The type of that name, where it is one of ours."""
        if f"{module}.{name}" in PLAIN:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module.startswith(HOMES) and "." not in name else None
        if isinstance(found, type) and found.__module__ == module:
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is not of the model")
