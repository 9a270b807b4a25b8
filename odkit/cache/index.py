"""All datasets of a project at a glance: which of them need nothing, though none of their files has been read.

An entry says of one dataset: while its declaration, its source and its package have these marks, and the portal holds
this of it, a run has nothing to do for it and says this. That stays true whatever happens afterwards, so that entries
of several runs stand side by side; whatever is not as an entry says is left to the record of that dataset.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from odkit.cache.marks import Glance, digest_of, exists, folders_in, seen_file, seen_in, seen_odkit
from odkit.cache.store import write_whole

SETTINGS, DECLARATIONS, DECLARATION = "publish.toml", "datapackages", "dataset.toml"
HEADER = 64
"""Characters of the digest in front."""
TICKS, TICK = 10, 0.005
"""How often, and for how many seconds, the clock of the disk is waited for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What a portal held of a dataset, there called `name`, when nothing had to be sent; `remarks` are made on it."""

    name: str
    digest: str
    address: str
    remarks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One dataset that stood as it was. `folders` (below the project) hold its declaration and its source."""

    folders: tuple[str, ...]
    sources: str
    package: str
    rows: int
    changes: int
    issues: Mapping[str, int]
    before: int | None
    after: int | None
    portals: Mapping[str, Held] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalPlace:
    """A portal as publish.toml declares it."""

    kind: str
    url: str
    folder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What all entries stand on: odkit as it is installed, and publish.toml. `changed` is the last change of both."""

    odkit: str
    settings: str
    changed: int

    @classmethod
    def of(cls, root: Path) -> Ground | None:
        """The ground of a project; None where it has no settings."""
        settings = seen_file(str(root / SETTINGS))
        odkit = seen_odkit()
        if settings is None:
            return None
        return cls(odkit=odkit.digest, settings=settings.digest, changed=max(odkit.changed, settings.changed))


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """The entries of a project by the ids of their datasets, and what publish.toml says of portals."""

    default_portal: str = ""
    portals: Mapping[str, PortalPlace] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)


EMPTY = Index()


class Folders:
    """The folders of a project as they are when they are first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self.seen = cache(self._seen)

    def _seen(self, folder: str) -> Glance | None:
        return seen_in(f"{self._root}/{folder}")

    def sources(self, folders: Iterable[str]) -> Glance | None:
        """Folders with a declaration and its source as one; None where one cannot be read."""
        found = [(name, self.seen(name)) for name in folders]
        if not all(seen for _, seen in found):
            return None
        digests = [(f"{name} {seen.digest}", ()) for name, seen in found if seen]
        return Glance(digest_of(digests), max(seen.changed for _, seen in found if seen))

    def package(self, dataset_id: str) -> Glance | None:
        """The package of a dataset."""
        return self.seen(f"build/{dataset_id}")

    def stands(self, dataset_id: str, entry: Entry) -> bool:
        """Whether all files of a dataset are as its entry says."""
        sources, package = self.sources(entry.folders), self.package(dataset_id)
        return (
            sources is not None
            and package is not None
            and (sources.digest, package.digest) == (entry.sources, entry.package)
        )


def find_root(start: Path) -> Path | None:
    """The folder with publish.toml, `start` or one above it."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / SETTINGS).is_file()), None)


def declared_ids(root: Path) -> list[str]:
    """The ids of all declared datasets, sorted."""
    top = f"{root}/{DECLARATIONS}"
    found = (f"{code}/{name}" for code in folders_in(top) for name in folders_in(f"{top}/{code}"))
    return sorted(name for name in found if exists(f"{top}/{name}/{DECLARATION}"))


def index_file(cache_folder: Path) -> Path:
    """Where the index is, in the cache of a project."""
    return cache_folder / "index"


def load_index(path: Path, ground: Ground) -> Index:
    """The index at `path`; empty where there is none that is whole and stands on that ground."""
    try:
        digest, body = (data := path.read_bytes())[:HEADER], data[HEADER:]
        if sha256(body).hexdigest().encode() != digest:
            return EMPTY
        found = json.loads(body)
        if (found["odkit"], found["settings"]) != (ground.odkit, ground.settings):
            return EMPTY
        return Index(
            default_portal=found["default_portal"],
            portals={name: PortalPlace(**item) for name, item in found["portals"].items()},
            entries={name: _entry(item) for name, item in found["entries"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return EMPTY


def save_index(path: Path, ground: Ground, index: Index, declared: Collection[str]) -> None:
    """Keep an index, with what is there already of other datasets that are `declared`, and of other portals.

    Whole or not at all; of two runs at once one may lose what the other adds, which is only work for a later run.
    """
    there = load_index(path, ground).entries
    entries = {name: entry for name, entry in there.items() if name in declared}
    entries |= {name: _merged(there.get(name), entry) for name, entry in index.entries.items()}
    told = {
        "odkit": ground.odkit,
        "settings": ground.settings,
        "default_portal": index.default_portal,
        "portals": {name: asdict(item) for name, item in index.portals.items()},
        "entries": {name: asdict(item) for name, item in entries.items()},
    }
    body = json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()
    with suppress(OSError):
        write_whole(path, sha256(body).hexdigest().encode() + body)


def clock_of(folder: Path) -> int:
    """The time by the clock that files in `folder` get theirs from; 0 where nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder) as file:
            return Path(file.name).stat().st_mtime_ns
    except OSError:
        return 0


def clock_past(changed: int, folder: Path) -> int:
    """The time by that clock, once it has gone past a change that was just made; soon given up."""
    for _ in range(TICKS):
        if (now := clock_of(folder)) > changed:
            return now
        time.sleep(TICK)
    return now


def _entry(item: dict[str, Any]) -> Entry:
    portals = {name: Held(**{**held, "remarks": tuple(held["remarks"])}) for name, held in item.pop("portals").items()}
    return Entry(**{**item, "folders": tuple(item["folders"])}, portals=portals)


def _merged(there: Entry | None, entry: Entry) -> Entry:
    """An entry, with what the one before it says of other portals where the files are the same."""
    if there is None or (there.sources, there.package) != (entry.sources, entry.package):
        return entry
    return Entry(**{**_fields(entry), "portals": {**there.portals, **entry.portals}})


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__slots__}
