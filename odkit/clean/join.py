"""Two columns of the older layout that are one in the current layout: 都道府県名 and 市区町村名 -> 地方公共団体名."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from odkit.clean.derive import government_codes
from odkit.clean.draft import Column, Draft
from odkit.clean.headings import normalise
from odkit.clean.values import Facts
from odkit.clean.values.base import tidy
from odkit.model import Issue, Severity

PREFECTURE, CITY, GOVERNMENT = "都道府県名", "市区町村名", "地方公共団体名"


def join_government_name(draft: Draft, facts: Facts, aliases: Mapping[str, str], declared: Mapping[str, str]) -> None:
    """Write 千葉県 and 市川市 as 千葉県市川市, in the place of the city's cell; say where the prefecture's column went.

    Only beside a column with the code of who manages the data: without it the two may say where a thing stands. A
    column of prefectures with anything else in it stays where it is, and so does one that `declared` names.
    """
    government = draft.column(GOVERNMENT)
    settled = set(map(normalise, declared))
    prefecture, city = (_beside(draft, _spellings(part, aliases) - settled) for part in (PREFECTURE, CITY))
    if government is None or government.source is not None or prefecture is None or city is None:
        return
    names = {value: tidy(value) for value in set(prefecture.values)}
    known = set(names.values()) <= {"", *facts.prefectures}
    if known and any(code.source is not None for code in government_codes(draft)):
        draft.columns[draft.columns.index(government)] = _joined(
            government, city, [names[x] for x in prefecture.values]
        )
        _retire(draft, prefecture, city)


def _spellings(name: str, aliases: Mapping[str, str]) -> set[str]:
    return {normalise(name), *(normalise(heading) for heading, target in aliases.items() if target == name)}


def _beside(draft: Draft, spellings: set[str]) -> Column | None:
    """The first column beside the standard with one of these headings."""
    extras = (column for column in draft.columns if column.match.how == "extra")
    return next((column for column in extras if normalise(column.match.heading) in spellings), None)


def _joined(government: Column, city: Column, prefectures: list[str]) -> Column:
    match = replace(city.match, name=government.match.name, how="derived")
    joined = replace(city, field=government.field, match=match)
    doubtful = {doubt.at for doubt in joined.doubts}
    for index, prefecture in enumerate(prefectures):
        name = tidy(joined.values[index])
        if prefecture and not name.startswith(prefecture) and index not in doubtful:
            joined.put(index, prefecture + name, "join-name")
    return joined


def _retire(draft: Draft, prefecture: Column, city: Column) -> None:
    """Take the two columns out of the table, and replace what was said about them."""
    draft.columns[:] = [column for column in draft.columns if column is not prefecture and column is not city]
    gone = {prefecture.match.column, city.match.column}
    draft.issues[:] = [item for item in draft.issues if item.where.column not in gone]
    source, heading = draft.source, prefecture.match.heading
    draft.issues.append(
        Issue(
            code="clean.joined-column",
            severity=Severity.NOTE,
            where=source.where(max(source.header_rows, default=None), prefecture.source, heading),
            value=heading,
            details={"heading": heading, "city": city.match.heading, "target": GOVERNMENT},
        )
    )
