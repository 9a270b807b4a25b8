"""Which standard and version a table follows, from its headings alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from odkit.clean.names import Names, normalise
from odkit.project import current_schema, heading_aliases, load_schema, schema_ids, standards

SHARE = 0.5
"""The share of a table's headings that a standard has to know."""

SHARED_BY = 3
"""A column that more standards than these have, or a heading that they know, tells little of which a table follows."""

OWN_SHARE = 1 / 3
"""How many of a standard's own columns a table has, at least, where its headings follow the national layout."""

OWN_COLUMNS = 3
"""How many of them it has, at least, where it has headings of its own."""

CODE_V1, CODE_V2, ADDRESS_V2 = map(
    normalise, ("都道府県コード又は市区町村コード", "全国地方公共団体コード", "所在地_連結表記")
)
NUMBER_AND_ADDRESS_V1 = frozenset(map(normalise, ("NO", "住所")))


class Fit(NamedTuple):
    """How well a schema fits: the columns that the headings name, and those of them that few other standards have.

    Their headings mean little to other standards, too: 電話番号 is no sign of 教育機関_連絡先電話番号.
    """

    known: int
    own: int
    schema_id: str


def recognise(headings: Sequence[str]) -> str:
    """The id of the schema that a table follows (``aed.v1``); "" where none fits, or two fit equally well.

    A table with headings of its own, which follow neither version, is compared with the current ones.
    """
    named = [heading for heading in headings if normalise(heading)]
    version = version_of(named)
    family = family_of(version)
    fits = [fit_of(named, item, family) for item in family]
    fits = sorted((fit for fit in fits if _is_enough(fit, len(named), version, family)), reverse=True)
    if not fits or (len(fits) > 1 and fits[0][:2] == fits[1][:2]):
        return ""
    return fits[0].schema_id


def version_of(headings: Iterable[str]) -> str:
    """``v2`` or ``v1`` of the national layouts, "" where the headings are of neither."""
    keys = set(map(normalise, headings))
    if keys & {CODE_V2, ADDRESS_V2}:
        return "v2"
    return "v1" if CODE_V1 in keys or keys >= NUMBER_AND_ADDRESS_V1 else ""


@cache
def family_of(version: str) -> tuple[str, ...]:
    """The schemas to compare with: those of one version of the national layouts, or all current ones."""
    if not version:
        return tuple(map(current_schema, standards()))
    national = (load_schema(item) for item in schema_ids())
    return tuple(item.id for item in national if item.kind == "recommended" and item.version == version)


@cache
def _own(schema_id: str, family: tuple[str, ...]) -> frozenset[str]:
    """The columns that only few schemas of the family have."""
    having = Counter(name for item in family for name in load_schema(item).names)
    return frozenset(name for name in load_schema(schema_id).names if having[name] <= SHARED_BY)


def fit_of(headings: Sequence[str], schema_id: str, family: tuple[str, ...]) -> Fit:
    """How well a schema fits, beside the other schemas of a family."""
    place = family.index(schema_id)
    targets = [_targets(heading, family) for heading in headings]
    known = {columns[place] for columns in targets} - {""}
    own = {columns[place] for columns in targets if len(columns) - columns.count("") <= SHARED_BY}
    return Fit(len(known), len(own & _own(schema_id, family)), schema_id)


def known_columns(headings: Sequence[str], schema_id: str) -> frozenset[str]:
    """The columns of a schema that the headings name."""
    return frozenset(filter(None, (_target(heading, schema_id) for heading in headings)))


@lru_cache(1 << 12)  # tables of one office share their headings
def _targets(heading: str, family: tuple[str, ...]) -> tuple[str, ...]:
    """The column that a heading names in each schema of the family, "" where it names none."""
    return tuple(_target(heading, schema_id) for schema_id in family)


def _target(heading: str, schema_id: str) -> str:
    claim = _names(schema_id).claim(heading)
    return claim.target if claim else ""


@cache
def _names(schema_id: str) -> Names:
    schema = load_schema(schema_id)
    return Names(schema, {}, heading_aliases(schema.name))


def _is_enough(fit: Fit, headings: int, version: str, family: tuple[str, ...]) -> bool:
    own = len(_own(fit.schema_id, family))
    wanted = own * OWN_SHARE if version else min(own, OWN_COLUMNS)
    return fit.known >= max(1, SHARE * headings) and fit.own >= wanted
