"""Two columns of the older layout that are one in the current layout: 都道府県名 and 市区町村名 -> 地方公共団体名."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from odkit.clean.derive import government_codes
from odkit.clean.draft import Column, Draft, Learned
from odkit.clean.headings import normalise
from odkit.clean.values import Facts
from odkit.clean.values.base import tidy
from odkit.model import Issue, Severity

PREFECTURE, CITY, GOVERNMENT = "都道府県名", "市区町村名", "地方公共団体名"


ASSUMED = "prefectures"
"""What the step takes for granted until a value says otherwise: that the column has nothing but prefectures."""


class GovernmentName:
    """Writes 千葉県 and 市川市 as 千葉県市川市, in the place of the city's cell."""

    def __init__(self, prefecture: Column, joined: Column, facts: Facts) -> None:
        self._prefecture, self._joined = prefecture, joined
        self._known = frozenset(("", *facts.prefectures))

    def take(self, _draft: Draft) -> None:
        """Join the names of the present chunk; raises Learned where a cell is no prefecture."""
        names = {value: tidy(value) for value in set(self._prefecture.values)}
        if not self._known.issuperset(names.values()):
            raise Learned(ASSUMED)
        doubtful = {doubt.at for doubt in self._joined.doubts}
        for index, value in enumerate(self._prefecture.values):
            prefecture, name = names[value], tidy(self._joined.values[index])
            if prefecture and not name.startswith(prefecture) and index not in doubtful:
                self._joined.put(index, prefecture + name, "join-name")


def join_government_name(
    draft: Draft, facts: Facts, aliases: Mapping[str, str], declared: Mapping[str, str]
) -> GovernmentName | None:
    """The step that makes one column of the two, which takes the prefecture's out of the table and says so.

    Only beside a column with the code of who manages the data: without it the two may say where a thing stands. A
    column that `declared` names stays where it is.
    """
    government = draft.column(GOVERNMENT)
    settled = set(map(normalise, declared))
    prefecture, city = (_beside(draft, _spellings(part, aliases) - settled) for part in (PREFECTURE, CITY))
    if government is None or government.source is not None or prefecture is None or city is None:
        return None
    if not any(code.source is not None for code in government_codes(draft)):
        return None
    match = replace(city.match, name=government.match.name, how="derived")
    joined = replace(city, field=government.field, match=match)
    draft.columns[draft.columns.index(government)] = joined
    _retire(draft, prefecture, city)
    return GovernmentName(prefecture, joined, facts)


def _spellings(name: str, aliases: Mapping[str, str]) -> set[str]:
    return {normalise(name), *(normalise(heading) for heading, target in aliases.items() if target == name)}


def _beside(draft: Draft, spellings: set[str]) -> Column | None:
    """The first column beside the standard with one of these headings."""
    extras = (column for column in draft.columns if column.match.how == "extra")
    return next((column for column in extras if normalise(column.match.heading) in spellings), None)


def _retire(draft: Draft, prefecture: Column, city: Column) -> None:
    """Take the two columns out of the table, and replace what was said about them."""
    draft.columns[:] = [column for column in draft.columns if column is not prefecture and column is not city]
    draft.aside.append(prefecture)
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
