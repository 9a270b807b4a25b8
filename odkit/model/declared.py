"""What the declarations say: publishers, licences, datasets and the layouts of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from odkit.decisions import NOTHING_SETTLED, Decisions


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence:
    """A licence as publish.toml and the descriptors name it. `id` is odkit's own (``CC-BY-4.0``, ``PDL-1.0``)."""

    id: str
    title: str
    url: str
    open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Publisher:
    """A government that publishes. `code` is the six-digit 全国地方公共団体コード, `name` its name on the portal."""

    code: str
    name: str
    title: str
    title_en: str
    contact_name: str = ""
    contact_email: str = ""
    homepage: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSpec:
    """Where a source is, and hints how to read it: `member` of a zip, `sheet`, `range` (``A3:H40``, ``A:H``) …"""

    path: Path
    member: str = ""
    sheet: str = ""
    range: str = ""
    header_rows: tuple[int, ...] = ()
    encoding: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSpec:
    """One declared dataset: ``datapackages/<code6>/<dataset>/dataset.toml`` with the defaults filled in.

    `headings` settles source heading -> column of the standard ("" leaves it out), `decisions` the values; `also_as`
    are the forms in which the table is wanted beside CSV and RDF (``xlsx``).
    """

    id: str
    name: str
    title: str
    title_en: str
    description: str
    description_en: str
    publisher: Publisher
    source: SourceSpec
    standard: str
    licence: Licence
    encoding: str
    update_cycle: str
    tags: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    decisions: Decisions = NOTHING_SETTLED
    sample: bool = False
    name_on_portal: str = ""
    also_as: tuple[str, ...] = ()

    @property
    def portal_name(self) -> str:
        """The dataset's name on a portal, unique over all publishers: ``120006_public_wireless_lan``.

        `name_on_portal` where the declaration says another: that of a dataset which people made before.
        """
        return self.name_on_portal or usual_portal_name(self.publisher.code, self.name)


def usual_portal_name(code: str, name: str) -> str:
    """The name on a portal of a government's dataset whose declaration says no other."""
    return f"{code}_{name}".lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A column of a standard layout. `meaning` names the cleaner of its values (``date``, ``phone`` …).

    `requirement` is ◎, ○ or 任意, and `basis` says how far that can be trusted (``source``, ``inferred``, ``unknown``).
    """

    name: str
    title: str
    type: str = "string"
    meaning: str = "text"
    format: str = ""
    description: str = ""
    requirement: str = "任意"
    basis: str = "unknown"
    required: bool = False
    unique: bool = False
    pattern: str = ""
    enum: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSchema:
    """A Table Schema of schemas/, parsed. `id` is the file's stem (``public_wireless_lan.v2``)."""

    id: str
    name: str
    title: str
    version: str
    kind: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(item.name for item in self.fields)
