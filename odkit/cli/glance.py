"""What a run of ``odkit publish`` knows before any stage is loaded: the datasets for which there is nothing to do.

The files of each are looked at, not read, and the embedded portal is asked what it holds. For a CKAN elsewhere, and
for what has changed in any way, `odkit.cli.journey` asks in detail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from odkit.cache.index import (
    EMPTY,
    Entry,
    Folders,
    Ground,
    Held,
    Index,
    declared_ids,
    find_root,
    index_file,
    load_index,
)
from odkit.cli import base
from odkit.cli.told import Told
from odkit.portal.holdings import holdings

CACHE, JOURNALS = ".odkit/cache", ".odkit/journal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """The `wanted` datasets and what is known of them.

    `index` is what earlier runs have left, `ground` what odkit and the project in `root` looked like before anything
    else of them was loaded.
    """

    root: Path = Path()
    ground: Ground | None = None
    wanted: Sequence[str] = ()
    known: Mapping[str, tuple[Entry, Held]] = field(default_factory=dict)
    portal: tuple[str, str] = ("", "")
    index: Index = EMPTY

    @classmethod
    def of(cls, start: Path, portal_name: str, datasets: Sequence[str]) -> Overview:
        """Look at the project that `start` is in; nothing is known where something is not as it should be."""
        root = find_root(start)
        ground = Ground.of(root) if root else None
        if root is None or ground is None:
            return cls()
        index = load_index(index_file(root / CACHE), ground)
        name = portal_name or index.default_portal
        place = index.portals.get(name)
        # The names that a person writes may be short ones: then the project says which are meant.
        declared = declared_ids(root)
        wanted = declared if not datasets else list(dict.fromkeys(datasets)) if set(datasets) <= set(declared) else []
        if place is None or place.kind != "embedded" or (root / JOURNALS / name).exists():
            return cls(root=root, ground=ground, wanted=wanted, index=index)
        folders, held = Folders(root), holdings(Path(place.folder))
        return cls(
            root=root,
            ground=ground,
            wanted=wanted,
            known=dict(_known(wanted, name, index, folders, held)),
            portal=(place.kind, place.url),
            index=index,
        )

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing to do at all."""
        return bool(self.wanted) and all(name in self.known for name in self.wanted)

    def results(self, lang: str) -> list[Told]:
        """What is told of all that are wanted."""
        return [self.told(name, lang) for name in self.wanted]

    def told(self, name: str, lang: str) -> Told:
        """What is told of a dataset that is known, after the words about it."""
        entry, held = self.known[name]
        if held.remarks:
            remarks = import_module("odkit.cli.remarks")
            base.words(*remarks.issues(map(remarks.issue_of, held.remarks), lang))
        return Told(
            dataset=name,
            rows=entry.rows,
            changes=entry.changes,
            issues=entry.issues,
            before=entry.before,
            after=entry.after,
            action="unchanged",
            address=held.address,
        )


def _known(
    wanted: Sequence[str], portal: str, index: Index, folders: Folders, holds: Mapping[str, str]
) -> Iterator[tuple[str, tuple[Entry, Held]]]:
    for name in wanted:
        entry = index.entries.get(name)
        held = entry.portals.get(portal) if entry else None
        if entry and held and holds.get(held.name) == held.digest and folders.stands(name, entry):
            yield name, (entry, held)
