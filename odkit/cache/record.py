"""What stands in build/ for a dataset: what it was made from, and how its files looked when it was done."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path

from odkit.cache.frozen import thaw
from odkit.cache.inputs import Inputs, shape
from odkit.cache.marks import changed_at, mark_of
from odkit.model import Built
from odkit.project import Project


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was last read: `mark` is what the file system says of it, without its content."""

    mark: tuple[int, ...]
    sha256: str
    changed: int

    @classmethod
    def of(cls, path: Path, sha256: str = "") -> Seen:
        """The file at `path` as it is now; its digest is taken unless it is given."""
        found = path.stat()
        if not sha256:
            with path.open("rb") as file:
                sha256 = file_digest(file, "sha256").hexdigest()
        return cls(mark_of(found), sha256, changed_at(found))


@dataclass(frozen=True, slots=True)
class Record:
    """A package that was built. `files` are its files by name, `source` the file that it was made from."""

    inputs: Inputs
    source: Seen
    files: Mapping[str, Seen]
    built: Built
    written: int = field(default=0, compare=False)
    """When the record itself was written, by the clock of the file system; it knows this when it is read."""

    @property
    def is_young(self) -> bool:
        """Whether the record was written so soon after a file that it cannot vouch for it.

        A file that changed in the same tick of its clock as the record was written may have changed again in that
        tick, unseen: only what is older is taken without another look (git does the same with its index).
        """
        return any(seen.changed >= self.written for seen in (self.source, *self.files.values()))

    def look(self, path: Path, seen: Seen) -> Seen:
        """The file at `path` as it is now; its content is read only where it may have changed since it was `seen`."""
        if seen.changed < self.written and mark_of(path.stat()) == seen.mark:
            return seen
        return Seen.of(path)

    def look_at(self, folder: Path) -> Mapping[str, Seen] | None:
        """The files of `folder` as they are now; None where they are not those of the record, or others beside them."""
        try:
            names = {item.name for item in os.scandir(folder)}
            found = {name: self.look(folder / name, seen) for name, seen in self.files.items()}
        except OSError:
            return None
        same = all(found[name].sha256 == seen.sha256 for name, seen in self.files.items())
        return found if same and names == set(found) else None


def record_file(folder: Path, dataset_id: str) -> Path:
    """Where the record of a dataset is, in the cache at `folder`."""
    return folder / "built" / dataset_id.replace("/", "_")


def was_built(project: Project, dataset_id: str) -> bool:
    """Whether there is a record of a dataset, which may be damaged or out of date."""
    return record_file(project.cache_folder, dataset_id).is_file()


def load_record(path: Path) -> Record | None:
    """The record at `path`; None where there is none that is whole and of this odkit."""
    try:
        # Before the content: what is written between the two is only taken for older than it is.
        written = path.stat().st_mtime_ns
        match thaw(path.read_bytes()):
            case (str(made_by), Record(dict(), Seen(), dict(), Built()) as record) if made_by == shape():
                return replace(record, written=written)
    except (OSError, ValueError):
        pass
    return None
