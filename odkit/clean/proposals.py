"""Headings that no name and no alias settles: which column of the standard they may mean, by letters and by values.

A proposal is taken only where both agree and nothing else comes near it; the others are questions to a person. The
standard's filled columns count as rivals too: 夜間電話番号 beside 電話番号 is no second 電話番号.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from odkit.clean.evidence import (
    SPECIFIC,
    Candidate,
    Values,
    column_meanings,
    contradiction,
    thinned,
    unfit_values,
)
from odkit.clean.values import Facts
from odkit.model import Field

TAKEN = 0.9
"""From here on a proposal is taken, with a note. Letters alone reach it at nine tenths. A heading that says a word more
than the column's name (夜間電話番号) never does: its letters count 0.8 at most, and values, however sure, halve what is
left of the doubt (1 - 0.2 / 2 = 0.9, which no share of values quite reaches)."""

ASKED = 0.6
"""From here on a likeness is worth a question; Latin letters, of which there are few, are alike by chance."""

ASKED_LATIN = 0.75
RIVAL = 0.1
"""A candidate nearer than this to the best one makes both uncertain."""

SAME_BUT_NEUTRAL = 0.95
ANOTHER_WORD = 0.8
LONGEST = 40
SHOWN = 3
MOST = 300
"""More headings than these that mean nothing are not a layout with variants."""

SIGNS = re.compile(r"[\s_\-‐–—・、,，.．:：;/／~～〜()（）「」\[\]［］【】<>＜＞*＊※]")
REMARK = re.compile(r"[(\[【<][^()\[\]【】<>]*[)\]】>]$")
NEUTRAL = re.compile("施設|情報|必須|任意|半角|の|等")
DIGITS = re.compile("[0-9]+")


class Unclaimed(NamedTuple):
    """A heading that no name settles: its spellings, normalised (whole, and its last part), and its values."""

    spellings: tuple[str, ...]
    values: Values


class Weighed(NamedTuple):
    """What the evidence comes to, by place of the column: what is taken, and what a person has to settle."""

    taken: Mapping[int, Candidate]
    unsure: Mapping[int, tuple[Candidate, ...]]


def weigh(
    unclaimed: Mapping[int, Unclaimed],
    fields: Sequence[Field],
    filled: Iterable[str],
    spellings: Mapping[str, str],
    facts: Facts,
) -> Weighed:
    """Which of the `fields` that are not `filled` each unclaimed heading means; `spellings` is name -> column.

    Two headings that mean one column are both unsure unless one is clearly nearer: the order of columns says nothing.
    """
    if not unclaimed or len(unclaimed) > MOST:
        return Weighed({}, {})
    judge = _Judge(fields, frozenset(filled), spellings, facts)
    found = {place: offers for place, item in unclaimed.items() if (offers := judge.offers(item))}
    found |= _by_values(unclaimed, found, judge)
    taken = {place: offers[0] for place, offers in found.items() if _is_clear(place, found)}
    gone = {candidate.name for candidate in taken.values()}
    left = {
        place: tuple(offer for offer in offers if offer.name not in gone)[:SHOWN]
        for place, offers in found.items()
        if place not in taken
    }
    return Weighed(taken, {place: offers for place, offers in left.items() if offers})


class _Judge:
    """The columns of one standard, with what is known of them, and the facts that cleaners need."""

    def __init__(
        self, fields: Sequence[Field], filled: frozenset[str], spellings: Mapping[str, str], facts: Facts
    ) -> None:
        self.filled = filled
        self.fields = {field.name: field for field in fields}
        self.free = {name: field for name, field in self.fields.items() if name not in filled}
        self.spellings = spellings
        self.facts = facts

    def offers(self, item: Unclaimed) -> tuple[Candidate, ...]:
        """The free columns that a heading resembles and whose values it may hold, the surest first."""
        alike = self._alike(item.spellings)
        nearest = max(alike.values(), default=0.0)
        if not item.values or not nearest:
            return ()
        near = {name: found for name, found in alike.items() if found > nearest - RIVAL}
        if any(name in self.filled and found == nearest for name, found in near.items()):
            return ()
        offers = [
            Candidate(name, confidence)
            for name, field in self.free.items()
            if name in near and (confidence := self._confidence(near[name], field, item.values))
        ]
        best = max((offer.confidence for offer in offers), default=0.0)
        offers = [offer for offer in offers if offer.confidence > best - RIVAL]
        return tuple(sorted(offers, key=lambda offer: -offer.confidence))

    def _alike(self, headings: tuple[str, ...]) -> dict[str, float]:
        best: dict[str, float] = {}
        for heading in headings:
            least = ASKED_LATIN if heading.isascii() else ASKED
            for spelling, name in self.spellings.items():
                found = likeness(heading, spelling) if name in self.fields else 0.0
                if found >= max(least, best.get(name, 0.0)):
                    best[name] = found
        return best

    def _confidence(self, alike: float, field: Field, values: Values) -> float:
        """Letters and values together; 0 where the values are something else."""
        seen = thinned(values)
        if len(unfit_values(seen, field, self.facts)) * 2 > len(seen) or contradiction(values, field, self.facts):
            return 0.0
        return round(1 - (1 - alike) * (1 - self.support(field, values) / 2), 3)

    def support(self, field: Field, values: Values) -> float:
        """How sure the values alone are of a field's meaning; 0 for meanings that many values look like."""
        if field.meaning not in SPECIFIC:
            return 0.0
        return dict(column_meanings(values, self.facts)).get(field.meaning, 0.0)


def _is_clear(place: int, found: Mapping[int, Sequence[Candidate]]) -> bool:
    """Whether the best offer of a column is sure enough, and no other offer or column comes near."""
    best, *others = found[place]
    rivals = [offer.confidence for offer in others]
    rivals += [
        offer.confidence
        for other, offers in found.items()
        for offer in offers
        if other != place and offer.name == best.name
    ]
    return best.confidence >= TAKEN and all(rival <= best.confidence - RIVAL for rival in rivals)


def _by_values(
    unclaimed: Mapping[int, Unclaimed], found: Mapping[int, Sequence[Candidate]], judge: _Judge
) -> dict[int, tuple[Candidate, ...]]:
    """Columns whose heading says nothing, where one free column alone holds what one such column alone has."""
    looks: dict[int, Candidate] = {}
    for place, item in unclaimed.items():
        meanings = column_meanings(item.values, judge.facts)
        if place not in found and meanings and meanings[0].name in SPECIFIC and meanings[0].confidence >= TAKEN:
            looks[place] = meanings[0]
    columns = Counter(candidate.name for candidate in looks.values())
    offers: dict[int, tuple[Candidate, ...]] = {}
    for place, (meaning, confidence) in looks.items():
        fields = [name for name, field in judge.free.items() if field.meaning == meaning]
        if columns[meaning] == 1 and len(fields) == 1:
            offers[place] = (Candidate(fields[0], round(confidence / 2, 3)),)
    return offers


@lru_cache(maxsize=1 << 14)  # tables of one office share their headings
def likeness(heading: str, name: str) -> float:
    """How much two normalised headings are alike, 0 to 1; 0 for other digits: 0-4歳 is not 5-9歳."""
    one, other = SIGNS.sub("", heading), SIGNS.sub("", name)
    if not one or not other or len(one) > LONGEST or DIGITS.findall(one) != DIGITS.findall(other):
        return 0.0
    if one == other:
        return 1.0
    if NEUTRAL.sub("", one) == NEUTRAL.sub("", other) != "":
        return SAME_BUT_NEUTRAL
    if SIGNS.sub("", REMARK.sub("", heading)) == other:
        return ANOTHER_WORD
    if 2 * min(len(one), len(other)) < ASKED * (len(one) + len(other)) or not set(one) & set(other):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return min(matcher.ratio(), ANOTHER_WORD if _has_another_word(matcher, one, other) else 1.0)


def _has_another_word(matcher: SequenceMatcher[str], one: str, other: str) -> bool:
    """Whether a part that differs is more than a spelling: two letters, or one in front (旧所在地)."""
    parts = (
        (rest, at)
        for kind, start, end, other_start, other_end in matcher.get_opcodes()
        if kind != "equal"
        for rest, at in ((one[start:end], start), (other[other_start:other_end], other_start))
    )
    return any(len(NEUTRAL.sub("", rest)) > bool(at) for rest, at in parts)
