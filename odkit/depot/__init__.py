"""The depot: a place in an object store through which files go to machines that share no folder, and come back.

Addresses are those of fsspec (``s3://bucket/prefix``); what is needed to open the place comes from the environment of
each machine. The store is not trusted: what comes out of it has the names, sizes and digests that came another way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from platform import node
from typing import TYPE_CHECKING

from odkit.depot.address import checked, shown
from odkit.depot.ending import Ending
from odkit.errors import OdkitError, RunStop, UsageError

if TYPE_CHECKING:
    from odkit.depot.place import Depot

Tell = Callable[[OdkitError], None]


def depot_at(address: str, tell: Tell) -> AbstractContextManager[Depot]:
    """A folder of its own for one run in the store at `address`, there as long as the block; then all is taken away.

    What cannot be taken away is given to `tell`. Entering raises RunStop where the store cannot be worked with.
    Raises UsageError where the address is none of a store, or fsspec is not installed.
    """
    return _at(checked(address), tell)


def depot_in(folder: Path, tell: Tell) -> AbstractContextManager[Depot]:
    """As `depot_at`, in a folder that all machines see under the same path.

    Raises UsageError where fsspec is not installed.
    """
    path = folder.absolute().as_posix()
    return _gone_after(folder, _at(f"file://{path}" if path.startswith("/") else f"file:///{path}", tell))


@contextmanager
def _gone_after(folder: Path, lent: AbstractContextManager[Depot]) -> Iterator[Depot]:
    """The folder is gone in the end, too, unless somebody else has something in it."""
    try:
        with lent as depot:
            yield depot
    finally:
        with suppress(OSError):
            folder.rmdir()


def _at(address: str, tell: Tell) -> AbstractContextManager[Depot]:
    try:
        place = import_module("odkit.depot.place")
    except ModuleNotFoundError as error:
        raise UsageError("cli.no-store-driver", module=error.name, machine=node()) from error
    return _lent(place.new_depot(address), tell)


@contextmanager
def _lent(depot: Depot, tell: Tell) -> Iterator[Depot]:
    with Ending() as ending:
        try:
            depot.begin()
        except UsageError as error:
            raise RunStop(error.code, **error.details) from error
        except KeyboardInterrupt:
            ending.hold()
            _end(depot, tell)
            raise
        try:
            yield depot
        finally:
            ending.hold()
            _end(depot, tell)


def _end(depot: Depot, tell: Tell) -> None:
    try:
        depot.end()
    except UsageError as error:
        reason = error.details.get("reason", error.code)
        where = {"address": shown(depot.address), "run": depot.run, "machine": node()}
        tell(UsageError("cli.store-left", **where, reason=reason))


__all__ = ["Ending", "depot_at", "depot_in"]
