"""A folder of pulled packages: what is there is not fetched again, what is half there is never taken for whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from odkit.errors import PortalRefused
from odkit.push.fetch import Fetched, Fetcher

MEMORY = ".odkit-pull"
BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A file to have: `path` in the package's folder, where it comes from, and its hash where the portal tells it."""

    path: str
    address: str
    uploaded: bool
    sha256: str = ""
    title: str = ""
    format: str = ""


@dataclass
class Mirror:
    """One package in `root`. Files are gathered in a folder of their own, which takes the package's place when whole.

    What a killed run has gathered is used by the next one. Beside the packages, ``.odkit-pull`` remembers addresses
    and what servers call the versions of their files.
    """

    root: Path
    name: str
    fetcher: Fetcher
    changed: set[str] = field(default_factory=set)
    remembered: dict[str, dict[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.final, self.staging = self.root / self.name, self.root / f".{self.name}.new"
        self._memory = self.root / MEMORY / f"{self.name}.json"
        with suppress(OSError, ValueError):
            told = json.loads(self._memory.read_text(encoding="utf-8"))
            self.remembered = {str(path): dict(item) for path, item in told.items()} if isinstance(told, dict) else {}
        self.staging.mkdir(parents=True, exist_ok=True)

    def bring(self, wanted: Wanted) -> Fetched:
        """Have a file in the staging folder. Raises PortalRefused where it does not come, or comes otherwise."""
        if wanted.sha256:
            standing = self._standing(wanted.path, wanted.sha256)
            if standing is not None:
                return standing
        known = self._known(wanted)
        target = self.staging / wanted.path
        fetched = self.fetcher.fetch(
            wanted.address, target, uploaded=wanted.uploaded, etag=known.etag if known and not wanted.sha256 else ""
        )
        if fetched is None and known is not None:
            return known
        if fetched is None or (wanted.sha256 and fetched.sha256 != wanted.sha256):
            target.unlink(missing_ok=True)
            raise PortalRefused("push.pull-hash", file=wanted.path, dataset=self.name)
        self._remember(wanted, fetched)
        self._compare(wanted.path, fetched.sha256)
        return fetched

    def write(self, path: str, content: bytes) -> None:
        """Put a file of our own making into the package."""
        (self.staging / path).write_bytes(content)
        self._compare(path, hashlib.sha256(content).hexdigest())

    def _compare(self, path: str, sha256: str) -> None:
        """Note whether a file differs from the one that the package has."""
        if hash_of(self.final / path) != sha256:
            self.changed.add(path)

    def close(self, paths: set[str]) -> bool:
        """Let the package, which has the files `paths`, take its place; whether anything differs from before."""
        before = {item.name for item in self.final.iterdir()} if self.final.is_dir() else set()
        if not self.changed & paths and before == paths:
            shutil.rmtree(self.staging)
            return False
        for item in self.staging.iterdir():
            if item.name not in paths:
                item.unlink()
        retired = self.root / f".{self.name}.old"
        shutil.rmtree(retired, ignore_errors=True)
        if self.final.exists():
            self.final.rename(retired)
        self.staging.rename(self.final)
        shutil.rmtree(retired, ignore_errors=True)
        return True

    def _standing(self, path: str, sha256: str) -> Fetched | None:
        """The file, if the staging folder or the package has it with this hash."""
        for place in (self.staging / path, self.final / path):
            if hash_of(place) == sha256:
                _link(place, self.staging / path)
                return Fetched(sha256=sha256, bytes=place.stat().st_size)
        return None

    def _known(self, wanted: Wanted) -> Fetched | None:
        """The file as it came from the same address before, if it is still here and its server names versions."""
        told = self.remembered.get(wanted.path, {})
        if told.get("address") != wanted.address or not told.get("etag"):
            return None
        standing = self._standing(wanted.path, str(told.get("sha256")))
        names: Mapping[str, object] = told
        return standing and Fetched(
            sha256=standing.sha256,
            bytes=standing.bytes,
            etag=str(names["etag"]),
            media_type=str(names.get("media_type", "")),
        )

    def _remember(self, wanted: Wanted, fetched: Fetched) -> None:
        self.remembered[wanted.path] = {"address": wanted.address, **asdict(fetched)}
        self._memory.parent.mkdir(parents=True, exist_ok=True)
        part = self._memory.with_suffix(".part")
        part.write_text(json.dumps(self.remembered, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(self._memory)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, "" where there is none."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def _link(source: Path, target: Path) -> None:
    """Have the same file in two places: without copying where the file system can."""
    if source == target:
        return
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
