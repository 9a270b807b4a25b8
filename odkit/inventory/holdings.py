"""What a publisher has: a dataset declared in the project, or one that a portal shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from odkit.inventory.declared import recommended
from odkit.inventory.shown import Shown, day, extras, listed, tags, text
from odkit.project import data_file, find_licence, municipalities, read_csv

PUBLISHED, BUILT, DECLARED = "published", "built", "declared"
CODE = re.compile(r"(?<![0-9])(?:t)?([0-9]{6})(?![0-9])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """One dataset of one publisher. `standard` is its recommended dataset, "" where none is known.

    `state` is ``published`` (on the portal `place`), ``built`` or ``declared`` (in the project); `stage` its level,
    None where nothing tells, `estimated` from the formats alone; `source_stage` that of the file it was made from.
    `candidates` are the recommended datasets that fit where several do; `other` says that it declares to be none.
    """

    key: str
    code: str
    standard: str
    title: str
    state: str
    place: str = ""
    address: str = ""
    stage: int | None = None
    estimated: bool = False
    source_stage: int | None = None
    updated: str = ""
    licence: str = ""
    candidates: tuple[str, ...] = ()
    other: bool = False


def shown_holding(shown: Shown, place: str) -> Holding:
    """A dataset as a portal's ``package_show`` or ``package_search`` gives it; `place` is the portal's address.

    The publisher's code is "" where the organisation is none of the governments that odkit knows.
    """
    said = extras(shown)
    name, title = text(shown, "name"), text(shown, "title")
    standards = find_standards(said.get("odkit_standard", ""), name, title, tags(shown))
    licence = said.get("odkit_licence") or _licence(shown)
    stage = _stage(said.get("odkit_level", ""))
    return Holding(
        key=name,
        code=_code(shown, said),
        standard=standards[0] if len(standards) == 1 else "",
        title=title or name,
        state=PUBLISHED,
        place=place,
        address=f"{place}/dataset/{name}",
        stage=_estimate(shown, licence) if stage is None else stage,
        estimated=stage is None,
        source_stage=_stage(said.get("odkit_level_before", "")),
        updated=day(shown, "metadata_modified"),
        licence=licence,
        candidates=standards if len(standards) > 1 else (),
        other=bool(said.get("odkit_standard")) and not standards,
    )


def find_standards(declared: str, name: str, title: str, tags: Iterable[str]) -> tuple[str, ...]:
    """The recommended datasets that a dataset may be: by what it declares, else its name, else its title and tags.

    More than one where the words fit several; () for none.
    """
    known = recommended()
    standard = re.sub(r"\.v[0-9]+$", "", declared)
    if declared:
        return (standard,) if standard in known else ()
    stem = name.lower().replace("-", "_")
    by_name = [item for item in known if re.search(rf"(?<![a-z]){item}(?![a-z])", stem)]
    if by_name:
        return (max(by_name, key=len),)
    words = [title, *tags]
    return tuple(item.id for item in known.values() if any(item.title in word for word in words)) or tuple(
        item.id for item in known.values() if any(alias in title for alias in item.aliases)
    )


def _stage(said: str) -> int | None:
    return int(said) if said in tuple("012345") else None


@cache
def _format_levels() -> Mapping[str, int]:
    levels: dict[str, int] = {}
    for row in read_csv(data_file("vocab", "formats.csv")):
        for name in (row["format"], row["media_type"], *row["extensions"].split(";")):
            levels[name.lower()] = int(row["level"])
    return levels


def _estimate(shown: Shown, licence: str) -> int | None:
    """What the formats alone give: the best file's stage, 0 without an open licence, None where no format is known."""
    known = _format_levels()
    formats = (str(item.get("format") or item.get("mimetype") or "").lower() for item in listed(shown, "resources"))
    levels = [known[name] for name in formats if name in known]
    found = find_licence(licence)
    if found is not None and not found.open:
        return 0
    return max(levels) if levels and found is not None else None


def _code(shown: Shown, said: Mapping[str, str]) -> str:
    organization = shown.get("organization")
    owner = organization if isinstance(organization, Mapping) else {}
    known = municipalities()
    for words in (said.get("odkit_publisher_code", ""), text(owner, "name"), text(shown, "name")):
        found = CODE.search(words)
        if found and found[1] in known:
            return found[1]
    title = text(owner, "title")
    return next((code for code, one in known.items() if title in (one.name, f"{one.prefecture}{one.name}")), "")


def _licence(shown: Shown) -> str:
    for name in ("license_id", "license_title", "license_url"):
        found = find_licence(text(shown, name))
        if found is not None:
            return found.id
    return text(shown, "license_id")
