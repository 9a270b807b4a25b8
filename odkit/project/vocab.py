"""The tables of vocab/: heading variants, governments, eras, licences, kinds of files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from odkit.model import Licence
from odkit.project.data import data_file, read_csv


@dataclass(frozen=True, kw_only=True, slots=True)
class Municipality:
    """A government: `code` is its six-digit 全国地方公共団体コード, `district` the 郡 of a town or village."""

    code: str
    name: str
    kana: str
    name_en: str
    kind: str
    district: str
    prefecture: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ward:
    """A ward of a designated city (行政区): `code` has six digits, `city_code` is the code of its city."""

    code: str
    name: str
    kana: str
    name_en: str
    city_code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Extent:
    """How far a prefecture reaches, in degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Era:
    """A Japanese era: its name, one-character form, letter, and first day."""

    name: str
    short: str
    letter: str
    start: date


@cache
def heading_aliases(standard: str) -> Mapping[str, str]:
    """Heading variant -> column, for one standard (schema name without version); its own lines before the general."""
    rows = read_csv(data_file("vocab", "headings.csv"))
    general = {row["heading"]: row["column"] for row in rows if not row["standard"]}
    return general | {row["heading"]: row["column"] for row in rows if row["standard"] == standard}


@cache
def municipalities() -> Mapping[str, Municipality]:
    """The prefecture and its municipalities, by six-digit code."""
    columns = ("code", "name", "kana", "name_en", "kind", "district", "prefecture")
    rows = read_csv(data_file("vocab", "codes", "municipalities.csv"))
    return {row["code"]: Municipality(**{name: row[name] for name in columns}) for row in rows}


@cache
def prefectures() -> tuple[str, ...]:
    """The names of all 47 prefectures, in the order of their codes."""
    return tuple(row["name"] for row in read_csv(data_file("vocab", "codes", "prefectures.csv")))


@cache
def extents() -> Mapping[str, Extent]:
    """How far a prefecture reaches, by the two digits that its codes begin with; only those that are known."""
    rows = read_csv(data_file("vocab", "codes", "extents.csv"))
    edges = ("south", "west", "north", "east")
    return {row["code"][:2]: Extent(**{edge: float(row[edge]) for edge in edges}) for row in rows}


@cache
def wards() -> Mapping[str, Ward]:
    """The wards of the prefecture's designated city, by six-digit code. They lie in a place, they do not publish."""
    return {row["code"]: Ward(**row) for row in read_csv(data_file("vocab", "codes", "wards.csv"))}


@cache
def eras() -> tuple[Era, ...]:
    """The eras from 明治 on, oldest first."""
    rows = read_csv(data_file("vocab", "codes", "eras.csv"))
    found = (
        Era(name=row["name"], short=row["short"], letter=row["letter"], start=date.fromisoformat(row["start"]))
        for row in rows
    )
    return tuple(sorted(found, key=lambda era: era.start))


@cache
def licences() -> Mapping[str, Licence]:
    """Every licence that odkit knows, by normalised id, title and alias."""
    known: dict[str, Licence] = {}
    for row in read_csv(data_file("vocab", "codes", "licences.csv")):
        licence = Licence(id=row["id"], title=row["title"], url=row["url"], open=row["open"] == "1")
        for name in (row["id"], row["title"], row["title_en"], row["url"], *row["aliases"].split(";")):
            known.setdefault(_licence_key(name), licence)
    known.pop("", None)
    return known


def find_licence(text: str) -> Licence | None:
    """The licence that `text` names (id, title, address, a portal's spelling); None where it names none we know."""
    return licences().get(_licence_key(text))


@cache
def file_types() -> Mapping[str, str]:
    """Media type -> the address of its kind of file in the EU's list; only those that odkit writes."""
    place = "http://publications.europa.eu/resource/authority/file-type/"
    return {
        row["media_type"]: place + row["file_type"] for row in read_csv(data_file("vocab", "dcat", "file_types.csv"))
    }


def _licence_key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    plain = re.sub(r"^https?://(www\.)?", "", plain)
    plain = re.sub(r"/(deed|legalcode)(\.[a-z_-]+)?/?$", "/", plain)
    return re.sub(r"[\s_\-()/]", "", plain)
