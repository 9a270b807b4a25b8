"""What the pages show, taken from the store: plain values, no HTML.

Files that odkit sent are known by their `odkit_key`; a dataset that came another way is shown with what it has.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from odkit import messages
from odkit.portal.licences import licence_fields
from odkit.portal.query import folded
from odkit.portal.store import Record, Store, StoredPackage, StoredResource

PREVIEW_ROWS = 20
LEDGER_ROWS = 50
CELL_LENGTH = 120
JSON_LIMIT = 8 << 20
TOP_LEVEL = 5
WITHDRAWN = "odkit_withdrawn"
LEDGER_COLUMNS = {
    "重要度": "severity",
    "セル": "cell",
    "列名": "field",
    "値": "value",
    "変更前": "before",
    "変更後": "after",
    "説明": "why",
    "内容": "message",
    "対処": "fix",
}
"""The columns of changes.csv and issues.csv that the pages show -> the words of their headings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileView:
    """One download. `size` is in bytes, None where it is not known."""

    key: str
    title: str
    format: str
    size: int | None
    url: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TableView:
    """The first rows of a CSV file, and how many there are in all."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A dataset in the catalogue. `level` is the stage 0-5, None where it is not known; `reason` is one line."""

    name: str
    title: str
    notes: str
    publisher: str
    publisher_name: str
    level: int | None
    level_before: int | None
    reason: str
    licence: str
    licence_url: str
    formats: tuple[str, ...]
    updated: str
    sample: bool

    @property
    def stars(self) -> str:
        """Filled and empty stars."""
        return "★" * (self.level or 0) + "☆" * (TOP_LEVEL - (self.level or 0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """A dataset's page: everything of its card, and what is in its files."""

    card: Card
    id: str
    files: tuple[FileView, ...]
    tables: tuple[TableView, ...]
    fields: tuple[Mapping[str, Any], ...]
    reasons_before: tuple[str, ...]
    reasons_after: tuple[str, ...]
    changes: TableView | None
    issues: TableView | None
    rdf: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawn:
    """A dataset that its publisher took off the portal: what the notice at its addresses says."""

    title: str
    publisher: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalogue:
    """The list page: the cards that match, and what can be chosen."""

    cards: tuple[Card, ...]
    total: int
    publishers: tuple[tuple[str, str], ...]
    formats: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a visitor asked the catalogue for; empty means everything."""

    words: str = ""
    publisher: str = ""
    format: str = ""


class Shelf:
    """Reads a store for the pages, in one language."""

    def __init__(self, store: Store, site_url: str, lang: str) -> None:
        self.store, self.site_url, self.lang = store, site_url, lang

    def catalogue(self, wanted: Wanted) -> Catalogue:
        """All public datasets that match, by title within publisher."""
        with self.store.reading() as view:
            organizations = {item["id"]: item for item in view.organizations()}
            packages = [item for item in view.packages() if _public(item)]
        cards = [self._card(item, organizations[item.body["owner_org"]], self._score(item)) for item in packages]
        cards.sort(key=lambda card: (card.publisher_name, card.name))
        texts = {item.body["name"]: _text(item.body, organizations[item.body["owner_org"]]) for item in packages}
        found = (card for card in cards if _matches(card, texts[card.name], wanted))
        publishers = dict(sorted((card.publisher_name, card.publisher) for card in cards))
        formats = sorted({name for card in cards for name in card.formats})
        return Catalogue(
            cards=tuple(found), total=len(cards), publishers=tuple(publishers.items()), formats=tuple(formats)
        )

    def detail(self, name: str) -> Detail | None:
        """One public dataset by name or id; None where there is none."""
        with self.store.reading() as view:
            package = view.package(name)
            if package is None or not _public(package):
                return None
            owner = view.organization(package.body["owner_org"]) or {}
        by_key = {_key(item): item for item in package.resources}
        descriptor, score = self._json(by_key.get("datapackage")), self._score(package)
        reasons = score.get("reasons", {}).get(self.lang, {})
        return Detail(
            card=self._card(package, owner, score),
            id=package.id,
            files=tuple(self._file(package, item) for item in package.resources),
            tables=tuple(self._tables(package)),
            fields=_fields(descriptor),
            reasons_before=tuple(reasons.get("before", ())),
            reasons_after=tuple(reasons.get("after", ())),
            changes=self._ledger(by_key.get("changes")),
            issues=self._ledger(by_key.get("issues")),
            rdf=self._first_lines(by_key.get("data-rdf")),
        )

    def withdrawn(self, name: str) -> Withdrawn | None:
        """What may be said of a dataset that was withdrawn, by name or id; None where it was not."""
        with self.store.reading() as view:
            package = view.package(name)
            if package is None or not _extras(package.body).get(WITHDRAWN):
                return None
            owner = view.organization(package.body["owner_org"]) or {}
        card = self._card(package, owner, {})
        return Withdrawn(title=card.title, publisher=card.publisher, reason=_extras(package.body)[WITHDRAWN])

    def _card(self, package: StoredPackage, owner: Record, score: Mapping[str, Any]) -> Card:
        body, extras = package.body, _extras(package.body)
        english = self.lang == "en"
        licence = licence_fields(body["license_id"])
        return Card(
            name=body["name"],
            title=(english and extras.get("title_en")) or body["title"],
            notes=(english and extras.get("notes_en")) or body["notes"] or "",
            publisher=(english and _extras(owner).get("title_en")) or owner["title"] or owner["name"],
            publisher_name=owner["name"],
            level=_level(extras.get("odkit_level")),
            level_before=_level(extras.get("odkit_level_before")),
            reason=(score.get("reasons", {}).get(self.lang, {}).get("after") or [""])[-1].partition(": ")[2],
            licence=self._licence_name(body["license_id"] or "", licence),
            licence_url=str(licence.get("license_url") or ""),
            formats=tuple(dict.fromkeys(item.body["format"] for item in package.resources if item.body["format"])),
            updated=str(body["metadata_modified"])[:10],
            sample=extras.get("odkit_sample") == "true",
        )

    def _score(self, package: StoredPackage) -> dict[str, Any]:
        return self._json(next((item for item in package.resources if _key(item) == "score"), None))

    def _licence_name(self, licence_id: str, licence: Mapping[str, Any]) -> str:
        """The exact id, and in Japanese what it is called (the portal's licence list has no other language)."""
        title = licence.get("license_title") or licence_id
        return licence_id if self.lang == "en" or title == licence_id else f"{licence_id}（{title}）"

    def _file(self, package: StoredPackage, item: StoredResource) -> FileView:
        body = item.body
        stored = body["url_type"] == "upload"
        address = f"{self.site_url}/dataset/{package.id}/resource/{body['id']}/download/{body['url']}"
        return FileView(
            key=_key(item),
            title=(self.lang == "en" and body.get("name_en")) or body["name"] or body["url"],
            format=body["format"],
            size=body["size"],
            url=address if stored else body["url"],
            description=body["description"] or "",
        )

    def _tables(self, package: StoredPackage) -> Iterator[TableView]:
        ledgers = ("changes", "issues")
        for item in package.resources:
            if item.body["format"] == "CSV" and _key(item) not in ledgers:
                table = self._table(item, PREVIEW_ROWS)
                if table is not None:
                    yield table

    def _table(self, item: StoredResource | None, limit: int) -> TableView | None:
        path = self._path(item)
        if item is None or path is None:
            return None
        # A file that is no UTF-8 still shows what it can: this is a preview, the download is untouched.
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            lines = csv.reader(file, strict=False)
            try:
                header = next(lines, [])
                rows = [_cut(row) for row in islice(lines, limit)]
                total = len(rows) + sum(1 for _ in lines)
            except csv.Error:
                return None
        title = (self.lang == "en" and item.body.get("name_en")) or item.body["name"] or ""
        return TableView(title=title, header=_cut(header), rows=tuple(rows), total=total)

    def _ledger(self, item: StoredResource | None) -> TableView | None:
        """The columns of a ledger that a person reads, under names in the page's language."""
        table = self._table(item, LEDGER_ROWS)
        if table is None:
            return None
        places = [at for at, name in enumerate(table.header) if name in LEDGER_COLUMNS]
        names = (messages.text(f"page.ledger-{LEDGER_COLUMNS[table.header[at]]}", self.lang) for at in places)
        rows = (self._in_words(dict(zip(table.header, row, strict=False))) for row in table.rows)
        shown = tuple(tuple(row.get(table.header[at], "") for at in places) for row in rows)
        return replace(table, header=tuple(names), rows=shown)

    def _in_words(self, row: dict[str, str]) -> dict[str, str]:
        """A change's rule in the page's language (the ledger itself is Japanese), and its row where it has no cell."""
        code = f"rule.{row.get('規則', '')}"
        words = messages.text(code, self.lang) if code in messages.catalogue(self.lang) else row.get("説明", "")
        place = row.get("セル") or row.get("行", "")
        return row | {"セル": place, "説明": ": ".join(filter(None, (words, row.get("備考"))))}

    def _first_lines(self, item: StoredResource | None, limit: int = 40) -> str:
        path = self._path(item)
        if path is None:
            return ""
        with path.open(encoding="utf-8", errors="replace") as file:
            return "".join(line if len(line) <= 300 else line[:300] + "…\n" for line in islice(file, limit))

    def _json(self, item: StoredResource | None) -> dict[str, Any]:
        path = self._path(item)
        if path is None or path.stat().st_size > JSON_LIMIT:
            return {}
        with path.open(encoding="utf-8", errors="replace") as file:
            try:
                content = json.load(file)
            except (ValueError, RecursionError):
                return {}
        return content if isinstance(content, dict) else {}

    def _path(self, item: StoredResource | None) -> Path | None:
        path = self.store.files.path(item.digest) if item is not None and item.digest else None
        return path if path is not None and path.is_file() else None


def _public(package: StoredPackage) -> bool:
    return package.body["state"] == "active" and not package.body["private"]


def _text(body: Record, owner: Record) -> str:
    """What the words of a search are looked for in: in every language, whichever the page speaks."""
    extras = _extras(body)
    pieces = [body["name"], body["title"], body["notes"], extras.get("title_en"), extras.get("notes_en")]
    pieces += [owner["name"], owner["title"], _extras(owner).get("title_en")]
    pieces += body["tags"]
    return folded("\n".join(piece for piece in pieces if piece))


def _matches(card: Card, text: str, wanted: Wanted) -> bool:
    return (
        all(word in text for word in folded(wanted.words).split())
        and wanted.publisher in ("", card.publisher_name)
        and (not wanted.format or wanted.format in card.formats)
    )


def _extras(body: Record) -> dict[str, str]:
    return {item["key"]: item["value"] for item in body.get("extras") or ()}


def _key(item: StoredResource) -> str:
    return str(item.body.get("odkit_key") or "")


def _level(text: str | None) -> int | None:
    return int(text) if text and text in "012345" else None


def _fields(descriptor: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    resources = descriptor.get("resources")
    listed: list[Mapping[str, Any]] = resources if isinstance(resources, list) else []
    data = next((item for item in listed if item.get("name") == "data"), {})
    return tuple(data.get("schema", {}).get("fields", ()))


def _cut(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell if len(cell) <= CELL_LENGTH else cell[:CELL_LENGTH] + "…" for cell in row)
