"""Calls on their way to workers of a cluster: as bytes, for what Dask itself cannot unpack there ends the worker."""

from __future__ import annotations

from collections.abc import Callable
from pickle import dumps
from typing import Any


class _Call:
    """Pickled, it is the call: who unpacks it has its result."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call

    def __reduce__(self) -> tuple[Callable[[], Any], tuple[()]]:
        return self._call, ()


def packed(call: Callable[[], Any]) -> bytes:
    """The call for a worker: ``pickle.loads`` makes it there.

    Where odkit is not installed, or another one, that is an ImportError of the task.
    """
    return dumps(_Call(call))
