"""What a code, a government's name or an address says about the others: read only where it is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from odkit.clean.values import Facts
from odkit.project import Municipality

WARD = re.compile(r"[^0-9\s]{1,4}?区")
DESIGNATED = "政令指定都市"


class Place(NamedTuple):
    """Prefecture, city (with 郡 and ward) and six-digit code; empty where they are not certain."""

    prefecture: str = ""
    city: str = ""
    code: str = ""


NOWHERE = Place()


class Gazetteer:
    """The governments of the vocabulary by name, compiled when a table first asks for them."""

    def __init__(self, facts: Facts) -> None:
        self.by_code = facts.municipalities
        self.prefectures = facts.prefectures
        self.wards = facts.wards
        self.home = _home(facts)

    @cached_property
    def ward_codes(self) -> dict[tuple[str, str], str]:
        """Code of a city and name of its ward -> the ward's code."""
        return {(ward.city_code, ward.name): ward.code for ward in self.wards.values()}

    @cached_property
    def names(self) -> dict[str, Municipality]:
        """The governments by their names, with and without 郡."""
        return {spelling: item for item in self.by_code.values() for spelling in _spellings(item)}

    @cached_property
    def cities(self) -> list[str]:
        """The names of municipalities, the longest first."""
        return sorted((item for item in self.names if self.names[item].code[2:5] != "000"), key=len, reverse=True)

    def government_name(self, code: str) -> str:
        """The name as 地方公共団体名 wants it (千葉県市川市); empty for a code that the vocabulary lacks."""
        found = self.by_code.get(code)
        if found is None:
            return ""
        return found.prefecture + found.name if found.name != found.prefecture else found.name

    def code_of(self, name: str) -> str:
        """The code of a government named with or without its prefecture and 郡; empty where it is not known."""
        prefecture = self.prefecture_of(name)
        rest = name.removeprefix(prefecture)
        found = self.names.get(rest or prefecture)
        fits = found is not None and (found.prefecture == prefecture if prefecture else found.prefecture == self.home)
        return found.code if found is not None and fits else ""

    def prefecture_of(self, text: str) -> str:
        """The prefecture that a text begins with; empty where it begins with none."""
        return next((name for name in self.prefectures if text.startswith(name)), "")

    def place_of_code(self, code: str) -> Place:
        """The place of a municipality's or ward's code; of a prefecture's code nothing follows."""
        ward = self.wards.get(code)
        if ward is not None:
            city = self.by_code[ward.city_code]
            return Place(city.prefecture, city.name + ward.name, code)
        found = self.by_code.get(code)
        if found is None or code[2:5] == "000" or found.kind == DESIGNATED:
            return NOWHERE
        return Place(found.prefecture, found.district + found.name, code)

    def place(self, address: str) -> Place:
        """What an address says for certain.

        Without a prefecture only a city's name, or a 郡 with its town, in the publisher's own prefecture counts:
        栄町 at the start of an address may be a street.
        """
        text = re.sub(r"\s", "", address)
        prefecture = self.prefecture_of(text)
        rest = text.removeprefix(prefecture)
        name = next((name for name in self.cities if rest.startswith(name)), "")
        found = self.names.get(name)
        if found is None or found.prefecture != (prefecture or self.home):
            return Place(prefecture)
        if not prefecture and not (name.startswith(found.district) and found.district) and not name.endswith("市"):
            return NOWHERE
        if found.kind == DESIGNATED:
            return self._ward(found, rest.removeprefix(name))
        return Place(found.prefecture, found.district + found.name, found.code)

    def _ward(self, city: Municipality, rest: str) -> Place:
        """The ward that the address of a designated city names; without one the city alone says too little."""
        ward = WARD.match(rest)
        if ward is None:
            return Place(city.prefecture)
        return Place(city.prefecture, city.name + ward[0], self.ward_codes.get((city.code, ward[0]), ""))


def _home(facts: Facts) -> str:
    """The publisher's prefecture; without a publisher none."""
    if facts.publisher is None:
        return ""
    own = facts.municipalities.get(facts.publisher.code)
    return own.prefecture if own else ""


def _spellings(item: Municipality) -> Iterator[str]:
    yield item.name
    if item.district:
        yield item.district + item.name
