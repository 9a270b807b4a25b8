"""One run's folder in a store: the only importer of fsspec, loaded where a store is named."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from platform import node
from typing import Any

from fsspec.core import url_to_fs
from fsspec.registry import known_implementations

from odkit.depot.address import LOCAL, shown
from odkit.errors import OdkitError, UsageError

STEP = 8 << 20
"""Bytes that are asked for at once."""
OPEN = "open"
"""An object that is there as long as the run wants something."""
LONGEST = 300
"""Characters of a driver's own words that are told."""
FORBIDDEN = frozenset({401, 403, "401", "403"})
FOLDERS = frozenset({"sftp", "ssh", "smb", "ftp", "hdfs", "webhdfs"})
"""Where a folder must be made before a file can be put into it. Elsewhere making one may make a bucket."""


@dataclass(frozen=True, slots=True)
class Depot:
    """Objects under names of one run, by the credentials of the machine it is used on. Travels between machines.

    Every method raises UsageError where the store cannot be worked with.
    """

    address: str
    run: str

    def begin(self) -> None:
        """Make the run known; finds out whether the store can be written."""
        with self._told() as store:
            if self.address.partition("://")[0].lower() in FOLDERS:
                store.makedirs(self._path(), exist_ok=True)
            store.pipe_file(self._path(OPEN), b"1")

    def is_wanted(self) -> bool:
        """Whether the run is still going on: who has put something after its end must take it away."""
        try:
            with self._told(missing=FileNotFoundError) as store:
                return bool(store.cat_file(self._path(OPEN)))
        except FileNotFoundError:
            return False

    def put(self, name: str, data: bytes) -> None:
        """Put an object there."""
        with self._told() as store:
            store.pipe_file(self._path(name), data)

    def put_file(self, name: str, path: Path) -> None:
        """Put a file there, in pieces."""
        with self._told() as store:
            store.put_file(str(path), self._path(name))

    def pieces(self, name: str, size: int) -> Iterator[bytes]:
        """The `size` bytes of an object, and no more than these; UsageError where it has fewer, or is not there."""
        for start in range(0, size, STEP):
            end = min(start + STEP, size)
            try:
                with self._told(missing=FileNotFoundError) as store:
                    piece = store.cat_file(self._path(name), start=start, end=end)
            except FileNotFoundError as error:
                raise self.damaged(name) from error
            if len(piece) != end - start:
                raise self.damaged(name)
            yield piece

    def remove(self, names: Iterable[str]) -> None:
        """Take objects away that nobody needs any more; what cannot be taken away now is taken at the end."""
        with suppress(UsageError), self._told() as store:
            for name in names:
                store.rm_file(self._path(name))

    def end(self) -> None:
        """Take away all that was put there in this run."""
        with self._told() as store:
            # First this one: whoever puts something from now on sees that nobody wants it, and takes it away.
            with suppress(FileNotFoundError):
                store.rm_file(self._path(OPEN))
            store.invalidate_cache()
            with suppress(FileNotFoundError):
                store.rm(self._path(), recursive=True)

    @staticmethod
    def mark() -> str:
        """What tells objects of one attempt from those of another: a worker that was given up may still be writing."""
        return secrets.token_hex(8)

    def damaged(self, name: str) -> UsageError:
        """What is raised where something is not what was put there."""
        return UsageError("cli.store-damaged", address=shown(self.address), file=name)

    def _path(self, name: str = "") -> str:
        root: str = url_to_fs(self.address)[1]
        return "/".join(filter(None, (root.rstrip("/"), self.run, name)))

    @contextmanager
    def _told(self, missing: type[Exception] | tuple[()] = ()) -> Iterator[Any]:
        """The store; what its driver raises is told in our words. Drivers raise what they like."""
        local = self.address.partition("://")[0].lower() in LOCAL
        try:
            yield url_to_fs(self.address, **({"auto_mkdir": True} if local else {}))[0]
        except OdkitError:
            raise
        except ImportError as error:
            raise UsageError("cli.no-store-driver", module=self._driver(error), machine=node()) from error
        except missing:
            raise
        except Exception as error:  # noqa: BLE001 - each driver has its own, and they have no common base
            code = "cli.store-refused" if _is_refusal(error) else "cli.store-unreachable"
            # Without the cause: its words may hold what must not be shown.
            told = shown(" ".join(str(error).split()))[:LONGEST] or type(error).__name__
            raise UsageError(code, address=shown(self.address), machine=node(), reason=told) from None

    def _driver(self, error: ImportError) -> str:
        """The library that a store needs; fsspec's own drivers need another one."""
        known = known_implementations.get(self.address.partition("://")[0].lower(), {}).get("class", "")
        home = known.partition(".")[0]
        missing = error if error.name else error.__cause__
        return home if home not in ("", "fsspec") else str(getattr(missing, "name", None) or error)


def new_depot(address: str) -> Depot:
    """A folder that no other run uses, and nobody guesses; its name is in no result."""
    return Depot(address, f"odkit-{secrets.token_hex(8)}")


def _is_refusal(error: Exception) -> bool:
    status = getattr(error, "status_code", getattr(error, "code", None))
    return isinstance(error, PermissionError) or status in FORBIDDEN or "Credential" in type(error).__name__
