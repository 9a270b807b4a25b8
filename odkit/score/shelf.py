"""Files of a portal kept between runs: by what they hold, found by their address. Safe to delete at any time."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from odkit.score.catalogue import ListedFile
from odkit.score.fetch import Fetched

PROGRESS = "unfinished.txt"


class Shelf:
    """A folder of fetched files: ``files/<SHA-256>``, and a note per address with what the server said."""

    def __init__(self, folder: Path) -> None:
        self._files, self._notes, self._progress = folder / "files", folder / "notes", folder / PROGRESS
        for place in (self._files, self._notes):
            place.mkdir(parents=True, exist_ok=True)
        done = self._progress.read_text(encoding="utf-8").split() if self._progress.is_file() else []
        self._done = set(done)

    def known(self, item: ListedFile) -> Fetched | None:
        """The file as it was, without a request: the portal says it is unchanged, or the broken-off run had it."""
        note = self._note(item)
        same = bool(item.stamp) and note.get("stamp") == item.stamp
        return self._kept(note) if note and (same or _key(item) in self._done) else None

    def etag(self, item: ListedFile) -> str:
        """What to ask with, so that an unchanged file is not sent; empty where nothing is kept."""
        note = self._note(item)
        return str(note.get("etag", "")) if note and self._kept(note) else ""

    def taken(self, item: ListedFile, found: Fetched) -> Fetched:
        """What a request gave, or for 304 what is kept; a good answer is put on the shelf."""
        if found.status == 304:
            found = self._kept(self._note(item)) or found
        elif 200 <= found.status < 300:
            self._keep(item, found)
        with self._progress.open("a", encoding="utf-8", newline="\n") as file:
            file.write(_key(item) + "\n")
        return found

    def finish(self) -> None:
        """The run is through: the next one asks for everything anew."""
        self._progress.unlink(missing_ok=True)

    def _keep(self, item: ListedFile, found: Fetched) -> None:
        digest = hashlib.sha256(found.data).hexdigest()
        _write(self._files / digest, found.data)
        said = {"url": found.url, "name": found.name, "status": found.status, "content_type": found.content_type}
        note = {**said, "sha256": digest, "etag": found.etag, "stamp": item.stamp}
        _write(self._notes / f"{_key(item)}.json", json.dumps(note, ensure_ascii=False, sort_keys=True).encode())

    def _note(self, item: ListedFile) -> dict[str, Any]:
        with suppress(OSError, ValueError):
            content = json.loads((self._notes / f"{_key(item)}.json").read_text(encoding="utf-8"))
            return content if isinstance(content, dict) else {}
        return {}

    def _kept(self, note: dict[str, Any]) -> Fetched | None:
        """The file of a note, where it is whole."""
        try:
            data = (self._files / str(note["sha256"])).read_bytes()
            whole = hashlib.sha256(data).hexdigest() == note["sha256"]
            said = Fetched(url=str(note["url"]), name=str(note["name"]), status=int(note["status"]), data=data)
            return replace(said, content_type=str(note["content_type"]), etag=str(note["etag"])) if whole else None
        except (OSError, KeyError, ValueError):
            return None


class NoShelf:
    """Keeps nothing."""

    def known(self, _: ListedFile) -> Fetched | None:
        """Nothing is known."""
        return None

    def etag(self, _: ListedFile) -> str:
        """Nothing to ask with."""
        return ""

    def taken(self, _: ListedFile, found: Fetched) -> Fetched:
        """What the request gave."""
        return found

    def finish(self) -> None:
        """Nothing to do."""


def _key(item: ListedFile) -> str:
    return hashlib.sha256(item.url.encode()).hexdigest()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a run may break off at any moment."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
