"""The portal's memory: one SQLite database beside a folder of files, made when first needed.

Every call of the API is one transaction: a reader sees the portal before or after a write, never in between, also
when `odkit publish` writes in one process while `odkit serve` reads in another (WAL). Records are JSON documents;
columns exist for what is looked up.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from odkit.errors import PortalStop
from odkit.portal.files import Files

Record: TypeAlias = dict[str, Any]
"""A JSON object."""

VERSION = 1
PATIENCE = 30.0  # seconds that a writer waits for another

DAMAGE = frozenset(
    {
        sqlite3.SQLITE_ERROR,  # a table or a column is missing
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_FORMAT,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
    }
)
"""SQLite's primary result codes that say that the database is not as odkit left it."""
REFUSED = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
}
"""Those by which the machine refuses to read or write, and what it says where files are written without SQLite."""

SCHEMA = """
CREATE TABLE organization (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
CREATE TABLE package (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    owner_org TEXT NOT NULL REFERENCES organization (id), body TEXT NOT NULL
);
CREATE TABLE resource (
    id TEXT PRIMARY KEY, package_id TEXT NOT NULL REFERENCES package (id), position INTEGER NOT NULL,
    digest TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX package_owner ON package (owner_org);
CREATE INDEX resource_package ON resource (package_id, position);
CREATE INDEX resource_digest ON resource (digest);
"""


@dataclass(frozen=True, slots=True)
class StoredResource:
    """A resource as stored: `body` without package_id and position, `digest` of its file (empty: none)."""

    body: Record
    digest: str = ""


@dataclass(frozen=True, slots=True)
class StoredPackage:
    """A dataset as stored: `body` holds its own fields, `resources` are in order."""

    body: Record
    resources: tuple[StoredResource, ...] = ()

    @property
    def id(self) -> str:
        """The dataset's id, which never changes."""
        return str(self.body["id"])


@dataclass(frozen=True, slots=True)
class Transaction:
    """What an action may read and write; all of it happens, or nothing. `discarded` collects digests let go of."""

    database: sqlite3.Connection
    discarded: set[str] = field(default_factory=set)

    def organization(self, key: str) -> Record | None:
        """The organisation with this id or name, whatever its state."""
        return self._one("SELECT body FROM organization WHERE id = ?1 OR name = ?1 ORDER BY id <> ?1", key)

    def organizations(self) -> list[Record]:
        """All organisations, by name."""
        return [json.loads(body) for (body,) in self.database.execute("SELECT body FROM organization ORDER BY name")]

    def put_organization(self, body: Record) -> None:
        """Insert an organisation, or replace the one with its id."""
        self.database.execute(
            "INSERT INTO organization VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body",
            (body["id"], body["name"], _text(body)),
        )

    def package(self, key: str) -> StoredPackage | None:
        """The dataset with this id or name, whatever its state."""
        body = self._one("SELECT body FROM package WHERE id = ?1 OR name = ?1 ORDER BY id <> ?1", key)
        return StoredPackage(body, self._resources(body["id"])) if body else None

    def packages(self, owner_org: str = "") -> list[StoredPackage]:
        """All datasets by name, of one organisation where `owner_org` (an id) is given."""
        rows = self.database.execute(
            "SELECT id, body FROM package WHERE ?1 = '' OR owner_org = ?1 ORDER BY name", (owner_org,)
        ).fetchall()
        return [StoredPackage(json.loads(body), self._resources(key)) for key, body in rows]

    def file_of(self, key: str, resource_id: str) -> tuple[Record, StoredResource] | None:
        """The fields of the dataset with this id or name, and its resource with that id, without all the others."""
        body = self._one("SELECT body FROM package WHERE id = ?1 OR name = ?1 ORDER BY id <> ?1", key)
        found = self.database.execute(
            "SELECT body, digest FROM resource WHERE id = ? AND package_id = ?",
            (resource_id, body["id"] if body else ""),
        ).fetchone()
        return (body, StoredResource(json.loads(found[0]), found[1])) if body and found else None

    def bodies(self, owner_org: str) -> list[Record]:
        """The fields of all datasets of the organisation with this id, without their resources."""
        rows = self.database.execute("SELECT body FROM package WHERE owner_org = ? ORDER BY name", (owner_org,))
        return [json.loads(body) for (body,) in rows]

    def package_of(self, resource_id: str) -> StoredPackage | None:
        """The dataset that holds this resource."""
        row = self.database.execute("SELECT package_id FROM resource WHERE id = ?", (resource_id,)).fetchone()
        return self.package(row[0]) if row else None

    def put_package(self, package: StoredPackage) -> None:
        """Insert a dataset with its resources, or replace the one with its id."""
        body = package.body
        self.database.execute(
            "INSERT INTO package VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET name = excluded.name, owner_org = excluded.owner_org, body = excluded.body",
            (body["id"], body["name"], body["owner_org"], _text(body)),
        )
        before = {resource.digest for resource in self._resources(package.id)}
        self.discarded.update(before - {resource.digest for resource in package.resources} - {""})
        self.database.execute("DELETE FROM resource WHERE package_id = ?", (package.id,))
        self.database.executemany(
            "INSERT INTO resource VALUES (?, ?, ?, ?, ?)",
            (
                (resource.body["id"], package.id, position, resource.digest, _text(resource.body))
                for position, resource in enumerate(package.resources)
            ),
        )

    def refers_to(self, digest: str) -> bool:
        """Whether any resource has the file with this digest."""
        return self.database.execute("SELECT 1 FROM resource WHERE digest = ?", (digest,)).fetchone() is not None

    def _resources(self, package_id: str) -> tuple[StoredResource, ...]:
        rows = self.database.execute(
            "SELECT body, digest FROM resource WHERE package_id = ? ORDER BY position", (package_id,)
        )
        return tuple(StoredResource(json.loads(body), digest) for body, digest in rows)

    def _one(self, query: str, key: str) -> Record | None:
        row = self.database.execute(query, (key,)).fetchone()
        body: Record | None = json.loads(row[0]) if row else None
        return body


@dataclass(frozen=True, slots=True)
class Store:
    """The portal in `folder`: ``catalogue.sqlite`` and ``files/``. Any number of threads and processes may use it."""

    folder: Path

    @property
    def exists(self) -> bool:
        """Whether there is a portal yet."""
        return self._catalogue.is_file()

    @property
    def files(self) -> Files:
        """The portal's files."""
        return Files(self.folder / "files")

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A view of the portal at one moment."""
        with self._sound(), self._line() as database:
            database.execute("BEGIN")
            yield Transaction(database)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """The right to write: one at a time, undone as a whole when the block raises.

        Files that no resource has any more are deleted after the commit.
        """
        with self._sound(), self._line() as database:
            database.execute("BEGIN IMMEDIATE")
            transaction = Transaction(database)
            yield transaction
            database.execute("COMMIT")
            self._discard(database, transaction.discarded)

    def _discard(self, database: sqlite3.Connection, digests: Iterable[str]) -> None:
        # Under the lock of a write of its own: no other writer can be about to refer to the same content.
        if not digests:
            return
        database.execute("BEGIN IMMEDIATE")
        transaction = Transaction(database)
        for digest in digests:
            if not transaction.refers_to(digest):
                self.files.remove(digest)
        database.execute("COMMIT")

    def _line(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection for one transaction. What is not committed when the block ends is undone."""
        return closing(self.connected())

    @property
    def _catalogue(self) -> Path:
        return self.folder / "catalogue.sqlite"

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Say of a database that somebody edited or replaced what it is (PortalStop), of a full disk that (OSError)."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            # Another's lock or a full disk leaves the database as it was: nobody is to be told to part with it.
            if isinstance(error, sqlite3.ProgrammingError):
                raise
            if _primary(error) in REFUSED:
                raise OSError(REFUSED[_primary(error)], str(error), str(self._catalogue)) from error
            if _primary(error) not in DAMAGE:
                raise
            raise PortalStop("portal.damaged", file=self._catalogue, reason=error) from error

    def connected(self) -> sqlite3.Connection:
        """A connection, which the caller closes; the portal is made where there is none."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Closing an uncommitted connection rolls back: the `with closing` of the callers is the whole error handling.
        with self._sound():
            database = sqlite3.connect(self._catalogue, timeout=PATIENCE, isolation_level=None)
        try:
            with self._sound():
                _prepare(database, self.folder)
        except BaseException:
            database.close()
            raise
        return database


@dataclass(frozen=True, slots=True)
class OpenStore(Store):
    """A store with a connection that stays, for one thread that calls it many times."""

    database: sqlite3.Connection

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[OpenStore]:
        """The portal in `folder`, as long as the block lasts; made where there is none."""
        with closing(Store(folder).connected()) as database:
            yield cls(folder, database)

    @contextmanager
    def _line(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self.database
        finally:
            self.database.rollback()


def _prepare(database: sqlite3.Connection, folder: Path) -> None:
    """Set a connection up, and make the tables in a new database."""
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA synchronous = FULL")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise PortalStop("portal.newer-folder", folder=folder.name)
    if version == VERSION:
        return
    _switch_to_wal(database)
    database.execute("BEGIN IMMEDIATE")
    if database.execute("PRAGMA user_version").fetchone()[0] == 0:
        for statement in filter(str.strip, SCHEMA.split(";")):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")


def _primary(error: sqlite3.Error) -> int:
    # Python itself raises some without a code: a text that is no UTF-8.
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)) & 0xFF


def _switch_to_wal(database: sqlite3.Connection) -> None:
    """Turn write-ahead logging on, for good; SQLite does not wait for others here, so this does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _text(body: Record) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
