"""Cells that follow from others or from the declarations: filled only where they are empty."""

from __future__ import annotations

from dataclasses import replace

from odkit.clean.draft import Column, Draft
from odkit.clean.places import NOWHERE, Gazetteer, Place
from odkit.clean.values import Facts
from odkit.model import Publisher

ADDRESS = "所在地_連結表記"
PREFECTURE, CITY, CODE = "所在地_都道府県", "所在地_市区町村", "所在地_全国地方公共団体コード"
LOCATION = "所在地"
PARTS = 3
OWNER = "市区町村コード"
"""Who set a thing up, where a standard asks for it beside who manages the data (指定緊急避難場所)."""


class Derivation:
    """Fills in who publishes, and what an address or a code says for certain about the place."""

    def __init__(self, draft: Draft, facts: Facts) -> None:
        self._gazetteer = Gazetteer(facts)
        self._publisher = facts.publisher
        self._owner = draft.column(OWNER)
        self._codes = [column for column in government_codes(draft) if column is not self._owner]
        self._names = list(draft.meaning("government_name"))
        places = [draft.column(name) for name in (PREFECTURE, CITY, CODE)]
        self._places = [column for column in places if column is not None]
        self._address = draft.column(ADDRESS)

    def take(self, _draft: Draft) -> None:
        """Fill the cells of the present chunk."""
        codes = [self._owner] if self._owner else self._codes
        for code, name in zip(codes, self._names, strict=False):
            _from_each_other(code, name, self._gazetteer)
        if self._publisher is not None:
            names = [] if self._owner else self._names
            _from_publisher(self._codes, names, self._publisher, self._gazetteer)
        if len(self._places) == PARTS:
            _from_address(self._address, self._places, self._gazetteer)


def government_codes(draft: Draft) -> list[Column]:
    """The columns with a government's own code, not that of a place."""
    return [column for column in draft.meaning("code_municipality") if not column.field.name.startswith(LOCATION)]


def _from_each_other(code: Column, name: Column, gazetteer: Gazetteer) -> None:
    for index in sorted({*code.blanks(), *name.blanks()}):
        number, text = code.values[index], name.values[index]
        if number and not text:
            name.put(index, gazetteer.government_name(number), "name-from-code")
        elif text and not number:
            code.put(index, gazetteer.code_of(text), "code-from-name")
    _say_how(code, "derived")
    _say_how(name, "derived")


def _from_publisher(codes: list[Column], names: list[Column], publisher: Publisher, gazetteer: Gazetteer) -> None:
    """Name the publisher in rows that name no government at all."""
    name = gazetteer.government_name(publisher.code) or publisher.title
    blank = [set(column.blanks()) for column in (*codes, *names)]
    nameless = sorted(set.intersection(*blank)) if blank else []
    for columns, value in ((codes, publisher.code), (names, name)):
        for column in columns:
            for index in nameless:
                column.put(index, value, "publisher")
            _say_how(column, "constant")


def _from_address(address: Column | None, columns: list[Column], gazetteer: Gazetteer) -> None:
    known: dict[str, Place] = {}
    for index in sorted({index for column in columns for index in column.blanks()}):
        text = address.values[index] if address else ""
        if text not in known:
            known[text] = gazetteer.place(text) if text else NOWHERE
        place = known[text]
        _fill_place(index, columns, place if place.code else _narrower(place, columns, index, gazetteer))
    for column in columns:
        _say_how(column, "derived")


def _narrower(place: Place, columns: list[Column], index: int, gazetteer: Gazetteer) -> Place:
    """What the row's own code adds to an address that does not name the municipality."""
    by_code = gazetteer.place_of_code(columns[2].values[index])
    return by_code if place.prefecture in ("", by_code.prefecture) and not place.city else place


def _fill_place(index: int, columns: list[Column], place: Place) -> None:
    filled = [(column, part) for column, part in zip(columns, place, strict=True) if part]
    # One part that contradicts the address makes the others uncertain.
    if all(column.values[index] in ("", part) for column, part in filled):
        for column, part in filled:
            column.put(index, part, "derive-address")


def _say_how(column: Column, how: str) -> None:
    if column.match.how == "missing" and column.edits:
        column.match = replace(column.match, how=how)
