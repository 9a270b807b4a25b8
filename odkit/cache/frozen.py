"""Values of the model to bytes and back, under a digest: what was cut off, changed or made by others is not opened."""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Callable
from copyreg import __newobj__ as newobj  # type: ignore[attr-defined]
from dataclasses import fields, is_dataclass
from hashlib import sha256
from operator import attrgetter
from typing import Any

HEADER = 32
"""Bytes of the digest in front."""
LITTLE = 256 << 10
"""Bytes up to which nothing is gained by making them fewer."""
HOMES = ("odkit.model.", "odkit.decisions", "odkit.cache.record")
"""The modules whose frozen types may be made from bytes."""
PLAIN = frozenset({"builtins.range", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib._local.PosixPath"})


def freeze(value: object) -> bytes:
    """`value` as bytes that `thaw` takes back."""
    written = io.BytesIO()
    pickler = pickle.Pickler(written, protocol=5)
    pickler.dispatch_table = _WAYS
    pickler.dump(value)
    packed = written.getvalue()
    # To press what is small takes longer than to write it.
    body = zlib.compress(packed, level=1 if len(packed) > LITTLE else 0)
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


class _Ways(dict[type, Callable[[Any], tuple[Any, Any, Any]]]):
    """How values of a type are taken apart, for the types of the model; others are left to pickle.

    A type is asked once for its fields, where dataclasses look them up for each value again.
    """

    def __missing__(self, kind: type) -> Callable[[Any], tuple[Any, Any, Any]]:
        names = [item.name for item in fields(kind)] if is_dataclass(kind) and "__slots__" in vars(kind) else []
        if len(names) < 2:  # of one name attrgetter makes no tuple
            raise KeyError(kind)
        state, made = attrgetter(*names), (kind,)
        way = self[kind] = lambda value: (newobj, made, state(value))
        return way


_WAYS = _Ways()


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
