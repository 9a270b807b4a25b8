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
OWNER = "市区町村コード"
"""Who set a thing up, where a standard asks for it beside who manages the data (指定緊急避難場所)."""


def derive_cells(draft: Draft, facts: Facts) -> None:
    """Fill in who publishes, and what an address or a code says for certain about the place."""
    gazetteer = Gazetteer(facts)
    owner = draft.column(OWNER)
    codes = [column for column in government_codes(draft) if column is not owner]
    names = list(draft.meaning("government_name"))
    for code, name in zip([owner] if owner else codes, names, strict=False):
        _from_each_other(code, name, gazetteer)
    if facts.publisher is not None:
        _from_publisher(codes, [] if owner else names, facts.publisher, gazetteer)
    _from_address(draft, gazetteer)


def government_codes(draft: Draft) -> list[Column]:
    """The columns with a government's own code, not that of a place."""
    return [column for column in draft.meaning("code_municipality") if not column.field.name.startswith(LOCATION)]


def _from_each_other(code: Column, name: Column, gazetteer: Gazetteer) -> None:
    for index, (number, text) in enumerate(zip(code.values, name.values, strict=True)):
        if number and not text:
            name.put(index, gazetteer.government_name(number), "name-from-code")
        elif text and not number:
            code.put(index, gazetteer.code_of(text), "code-from-name")
    _say_how(code, "derived")
    _say_how(name, "derived")


def _from_publisher(codes: list[Column], names: list[Column], publisher: Publisher, gazetteer: Gazetteer) -> None:
    """Name the publisher in rows that name no government at all."""
    name = gazetteer.government_name(publisher.code) or publisher.title
    named = {index for column in (*codes, *names) for index, value in enumerate(column.values) if value}
    for columns, value in ((codes, publisher.code), (names, name)):
        for column in columns:
            for index in column.blanks():
                if index not in named:
                    column.put(index, value, "publisher")
            _say_how(column, "constant")


def _from_address(draft: Draft, gazetteer: Gazetteer) -> None:
    targets = [draft.column(name) for name in (PREFECTURE, CITY, CODE)]
    columns = [column for column in targets if column is not None]
    if len(columns) < len(targets):
        return
    address = draft.column(ADDRESS)
    known = {text: gazetteer.place(text) for text in set(address.values if address else ()) if text}
    for index in sorted({index for column in columns for index in column.blanks()}):
        place = known.get(address.values[index], NOWHERE) if address else NOWHERE
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
