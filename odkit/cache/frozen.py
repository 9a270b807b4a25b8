"""Values of the model to bytes and back, under a digest: what was cut off, changed or made by others is not opened."""

from __future__ import annotations

import io
import pickle
import zlib
from hashlib import sha256
from typing import Any

HEADER = 32
"""Bytes of the digest in front."""
HOMES = ("odkit.model.", "odkit.decisions", "odkit.cache.record")
"""The modules whose frozen types may be made from bytes."""
PLAIN = frozenset({"builtins.range", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib._local.PosixPath"})


def freeze(value: object) -> bytes:
    """`value` as bytes that `thaw` takes back."""
    body = zlib.compress(pickle.dumps(value, protocol=5), level=1)
    return sha256(body).digest() + body


def thaw(data: bytes) -> Any:
    """The value that was frozen; raises ValueError where the bytes are not whole, or name what is not of the model."""
    digest, body = data[:HEADER], data[HEADER:]
    if sha256(body).digest() != digest:
        raise ValueError("the digest does not fit")
    try:
        return _Careful(io.BytesIO(zlib.decompress(body))).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, zlib.error) as error:
        raise ValueError("not of this odkit") from error


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
