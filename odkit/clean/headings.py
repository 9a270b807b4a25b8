"""Source headings -> columns of the standard. A heading that fits nothing is kept beside it, never dropped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from odkit.clean.draft import Column, Draft
from odkit.model import ColumnMatch, Field, Issue, Severity, SourceTable, TableSchema

JOINT = "／"
"""Joins the parts of a heading that stands over several rows."""

BLANKS = re.compile("[\\s\u200b\ufeff]")
LONG_SOUND = re.compile("(?<=[ァ-ヴーぁ-ん])[―—−](?=[ァ-ヴーぁ-ん])")
NUMBERING = re.compile(r"^\d+\.")
LEFT_OUT = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A heading's claim on a column: `rank` 0 is the strongest, `how` as in `ColumnMatch`."""

    rank: int
    how: str
    target: str


def normalise(heading: str) -> str:
    """A heading's key: brackets and kana of one width, no spaces, no line breaks, no leading number."""
    text = LONG_SOUND.sub("ー", unicodedata.normalize("NFKC", BLANKS.sub("", heading)))
    return NUMBERING.sub("", text).casefold()


def match_headings(
    source: SourceTable, schema: TableSchema, declared: Mapping[str, str], aliases: Mapping[str, str]
) -> Draft:
    """Lay the source's columns out in the order of the standard, the others after it.

    Declared headings come first, then exact, normalised and known variants. Where two columns claim the same place
    the stronger claim wins, among equals the first.
    """
    draft = Draft(source, [])
    names = Names(schema, declared, aliases)
    claims = [names.claim(heading) for heading in source.headings]
    winners = _winners(claims)
    for field in schema.fields:
        draft.columns.append(_column(source, field, winners.get(field.name), claims))
    taken = set(schema.names)
    for place in range(len(source.headings)):
        claim = claims[place]
        if claim is None or claim.target not in names.columns or winners.get(claim.target) != place:
            _beside(draft, place, claim, taken)
    draft.issues.extend(_unused(source, declared))
    return draft


class Names:
    """What a heading can mean, compiled for one standard and one declaration."""

    def __init__(self, schema: TableSchema, declared: Mapping[str, str], aliases: Mapping[str, str]) -> None:
        self.columns = frozenset(schema.names)
        self.declared = {normalise(heading): target for heading, target in declared.items()} | dict(declared)
        self.normalised = {normalise(name): name for name in reversed(schema.names)}
        known = {heading: target for heading, target in aliases.items() if target in self.columns | {LEFT_OUT}}
        self.aliases = {normalise(heading): target for heading, target in known.items()}

    def claim(self, heading: str) -> Claim | None:
        """The strongest claim of a heading; None where it means nothing to the standard."""
        key = normalise(heading)
        if not key:
            return None
        for form in (heading, key):
            if form in self.declared:
                return Claim(0, "declared", self.declared[form])
        if heading in self.columns:
            return Claim(1, "exact", heading)
        return next(self._variants(heading), None)

    def _variants(self, heading: str) -> Iterator[Claim]:
        keys = [normalise(heading)]
        if JOINT in heading:
            # 所在地／緯度 may be the whole name with a joint (所在地_緯度), or the last part alone.
            keys += [normalise(heading.replace(JOINT, "_")), normalise(heading.rpartition(JOINT)[2])]
        for key in keys:
            if key in self.normalised:
                yield Claim(2, "normalised", self.normalised[key])
            if key in self.aliases:
                yield Claim(3, "alias", self.aliases[key])


def _winners(claims: Sequence[Claim | None]) -> dict[str, int]:
    best: dict[str, tuple[int, int]] = {}
    for place, claim in enumerate(claims):
        if claim is not None and claim.target != LEFT_OUT:
            best[claim.target] = min(best.get(claim.target, (claim.rank, place)), (claim.rank, place))
    return {target: place for target, (_, place) in best.items()}


def _column(source: SourceTable, field: Field, place: int | None, claims: Sequence[Claim | None]) -> Column:
    claim = None if place is None else claims[place]
    if place is None or claim is None:
        return Column(field, ColumnMatch(name=field.name))
    return _taken(source, place, field, claim.how)


def _taken(source: SourceTable, place: int, field: Field, how: str) -> Column:
    heading, column = source.headings[place], source.first_column + place
    match = ColumnMatch(name=field.name, heading=heading, column=column, how=how)
    return Column(field, match, place)


def _beside(draft: Draft, place: int, claim: Claim | None, taken: set[str]) -> None:
    """Keep a column beside the standard, or leave it out, and say so."""
    source, heading = draft.source, draft.source.headings[place]
    if claim is not None and claim.target == LEFT_OUT:
        draft.issues.append(_issue(source, place, "clean.left-out", Severity.NOTE))
        return
    if not normalise(heading) and not any(row[place].strip() for row in source.rows):
        draft.issues.append(_issue(source, place, "clean.empty-column", Severity.NOTE))
        return
    declared = claim.target if claim is not None and claim.how == "declared" else ""
    name = _free(BLANKS.sub("", declared or heading) or f"列{source.first_column + place}", taken)
    draft.columns.append(_taken(source, place, Field(name=name, title=name), "extra"))
    if not normalise(heading):
        draft.issues.append(_issue(source, place, "clean.unnamed-column", Severity.WARNING, name=name))
    elif claim is not None and draft.column(claim.target) is not None:
        draft.issues.append(
            _issue(source, place, "clean.double-heading", Severity.WARNING, target=claim.target, name=name)
        )
    else:
        draft.issues.append(_issue(source, place, "clean.extra-column", Severity.NOTE, name=name))


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    taken.add(free)
    return free


def _unused(source: SourceTable, declared: Mapping[str, str]) -> Iterator[Issue]:
    present = {normalise(heading) for heading in source.headings}
    for heading, target in declared.items():
        if normalise(heading) not in present:
            details = {"heading": heading, "target": target}
            where = source.where(row=max(source.header_rows, default=None))
            yield Issue(
                code="clean.declared-heading", severity=Severity.WARNING, where=where, value=heading, details=details
            )


def _issue(source: SourceTable, place: int, code: str, severity: Severity, **details: str) -> Issue:
    heading = source.headings[place]
    where = source.where(max(source.header_rows, default=None), place, heading)
    return Issue(code=code, severity=severity, where=where, value=heading, details={"heading": heading, **details})
