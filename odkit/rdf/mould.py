"""Text that packages share but for a few words: written once, with marks in the places of these, then filled in.

What a file says of its dataset, and a package's record, take as long to write as the rows of a small table; from one
package to the next only names, titles, sizes and digests change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from odkit.model import DatasetSpec, Licence, Publisher, SourceSpec
from odkit.rdf import spelling
from odkit.rdf.authority import is_prefecture
from odkit.rdf.dataset import area_code

_CODE = re.compile("[0-9A-Za-z]{2,}")
_AREA, _NAME, _ON_PORTAL, _SAID = range(4)
_CODE_AT, OTHERS = 12, 13
"""Places of words: the publisher's code, and the first that is free for what is not the dataset's own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kin:
    """What datasets have in common of which RDF says the same in other words. `given` says of their titles, and of
    what is known of their publishers, which are not empty.
    """

    licence: Licence
    standard: str
    update_cycle: str
    tags: tuple[str, ...]
    given: tuple[bool, ...]
    of_prefecture: bool


def kin_of(spec: DatasetSpec) -> Kin | None:
    """The kin of a dataset; None where its publisher's code is none, and would be spelled in more than one way."""
    if not _CODE.fullmatch(spec.publisher.code):
        return None
    return Kin(
        licence=spec.licence,
        standard=spec.standard,
        update_cycle=spec.update_cycle,
        tags=spec.tags,
        given=tuple(map(bool, (*_texts(spec), *_addresses(spec)))),
        of_prefecture=is_prefecture(spec.publisher),
    )


def words_of(spec: DatasetSpec) -> list[str]:
    """A dataset's own words, in the order of their places, as files spell them."""
    return [
        area_code(spec.publisher),
        spelling.segment(spec.name),
        spelling.escape(spec.portal_name),
        *map(spelling.escape, _texts(spec)),
        *map(spelling.iri_text, _addresses(spec)),
        spec.publisher.code,
    ]


def _texts(spec: DatasetSpec) -> tuple[str, ...]:
    publisher = spec.publisher
    titles = (spec.title, spec.title_en, spec.description, spec.description_en)
    return (*titles, publisher.title, publisher.title_en, publisher.contact_name)


def _addresses(spec: DatasetSpec) -> tuple[str, ...]:
    return spec.publisher.contact_email, spec.publisher.homepage


class Marks:
    """Marks that stand for words: digits, which are spelled alike everywhere, and no text of a kin, nor of the `others`
    that it is written with. That of a code looks like the code of a prefecture where it is one.
    """

    def __init__(self, kin: Kin, *others: object) -> None:
        self._kin = kin
        self.root = "860005309" if kin.of_prefecture else "861115309"
        while self.root in repr((kin, others)):
            self.root += "1"

    def of(self, place: int) -> str:
        """The mark of the word in that place."""
        return f"{self.root}{place:03}"

    def spec(self) -> DatasetSpec:
        """A dataset of the kin, with marks for its own words."""
        said = [self.of(place) if given else "" for place, given in enumerate(self._kin.given, _SAID)]
        title, title_en, description, description_en, name, name_en, contact, email, homepage = said
        return DatasetSpec(
            id="",
            name=self.of(_NAME),
            name_on_portal=self.of(_ON_PORTAL),
            title=title,
            title_en=title_en,
            description=description,
            description_en=description_en,
            publisher=Publisher(
                code=f"{self.of(_AREA)}x",
                name="",
                title=name,
                title_en=name_en,
                contact_name=contact,
                contact_email=email,
                homepage=homepage,
            ),
            source=SourceSpec(path=Path()),
            standard=self._kin.standard,
            licence=self._kin.licence,
            encoding="",
            update_cycle=self._kin.update_cycle,
            tags=self._kin.tags,
        )


class Mould:
    """A text with marks in it."""

    def __init__(self, text: str, marks: Marks) -> None:
        pieces = re.split(f"{marks.root}([0-9]{{3}}x?)", text)
        self._places = [_CODE_AT if place.endswith("x") else int(place) for place in pieces[1::2]]
        self._pieces = pieces

    def filled(self, words: Sequence[str]) -> bytes:
        """The text with the words that stand in these places."""
        pieces = [*self._pieces]
        pieces[1::2] = [words[place] for place in self._places]
        return "".join(pieces).encode()
