"""Values of the model to bytes and back, under a digest: what was cut off, changed or made by others is not opened."""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
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


@cache
def _names(kind: type) -> Sequence[str]:
    """The fields of a type of the model that is taken apart here; none for types that are left to pickle.

    A type is asked once for its fields, where dataclasses look them up for each value again.
    """
    names = [item.name for item in fields(kind)] if is_dataclass(kind) and "__slots__" in vars(kind) else []
    return names if len(names) > 1 else ()  # of one name attrgetter makes no tuple


class _Ways(dict[type, Callable[[Any], tuple[type, tuple[object, ...]]]]):
    """How values of a type are taken apart: into the type and the values of its fields."""

    def __missing__(self, kind: type) -> Callable[[Any], tuple[type, tuple[object, ...]]]:
        if not (names := _names(kind)):
            raise KeyError(kind)
        values = attrgetter(*names)
        way = self[kind] = lambda value: (kind, values(value))
        return way


_WAYS = _Ways()


@cache
def _maker(kind: type) -> Callable[..., object]:
    """What puts a value of that type together again; the type itself where it was left to pickle."""
    puts = [getattr(kind, name).__set__ for name in _names(kind)]

    def made(*values: object) -> object:
        whole: object = object.__new__(kind)
        for put, value in zip(puts, values, strict=True):
            put(whole, value)
        return whole

    return made if puts else kind


class _Careful(pickle.Unpickler):
    """Makes the model's own types and nothing else: a file from a stranger's project runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        """What makes a value of the type of that name, where it is one of ours."""
        if f"{module}.{name}" in PLAIN:
            return super().find_class(module, name)
        found = super().find_class(module, name) if module.startswith(HOMES) and "." not in name else None
        if isinstance(found, type) and found.__module__ == module:
            return _maker(found)
        raise pickle.UnpicklingError(f"{module}.{name} is not of the model")
