"""How much the cache holds, and taking away what no package in build/ was made from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from odkit.cache.index import index_file
from odkit.cache.inputs import key_of_all
from odkit.cache.record import load_record, record_file
from odkit.cache.store import Store
from odkit.project import Project


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """Files of the cache and their bytes; `unused` are of no package in build/ as it stands."""

    files: int = 0
    bytes: int = 0
    unused_files: int = 0
    unused_bytes: int = 0


def cache_usage(project: Project) -> Usage:
    """What the cache of a project holds."""
    unused = set(_unused(project))
    sizes = [(path, _size(path)) for path in _all(project)]
    return Usage(
        files=len(sizes),
        bytes=sum(size for _, size in sizes),
        unused_files=len(unused),
        unused_bytes=sum(size for path, size in sizes if path in unused),
    )


def prune_cache(project: Project, *, everything: bool = False) -> Usage:
    """Take away what is unused, or `everything`; what is left. Safe beside runs: they lose work, never a package."""
    for path in [*(_all(project) if everything else _unused(project))]:
        with suppress(OSError):
            path.unlink()
    return cache_usage(project)


def _all(project: Project) -> Iterator[Path]:
    yield from Store(project.cache_folder / "stages").entries()
    yield from (path for path in (project.cache_folder / "built").glob("*") if path.is_file())
    yield from (path for path in project.cache_folder.glob("*") if path.is_file())


def _unused(project: Project) -> Iterator[Path]:
    declared = {record_file(project.cache_folder, name) for name in project.dataset_ids()}
    store, records = Store(project.cache_folder / "stages"), filter(None, map(load_record, declared))
    used = {store.place(key_of_all(record.inputs)) for record in records}
    wanted = used | declared | {index_file(project.cache_folder)}
    return (path for path in _all(project) if path not in wanted)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
