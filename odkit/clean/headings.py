"""Source headings -> columns of the standard. A heading that fits nothing is kept beside it, never dropped."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from odkit.clean.draft import Column, Draft
from odkit.clean.evidence import Candidate, contradiction, sample, thinned
from odkit.clean.proposals import Unclaimed, Weighed, weigh
from odkit.clean.values import Facts
from odkit.model import ColumnMatch, Field, Issue, Severity, SourceTable, TableSchema

JOINT = "／"
"""Joins the parts of a heading that stands over several rows."""

BLANKS = re.compile("[\\s\u200b\ufeff]")
LONG_SOUND = re.compile("(?<=[ァ-ヴーぁ-ん])[―—−](?=[ァ-ヴーぁ-ん])")
NUMBERING = re.compile(r"^\d+\.")
LEFT_OUT = ""
CONFIDENCE = {"normalised": 0.99, "alias": 0.95}
"""How sure a heading's name alone is; what is declared or the very same is certain."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A heading's claim on a column: `rank` 0 is the strongest, `how` and `confidence` as in `ColumnMatch`."""

    rank: int
    how: str
    target: str
    confidence: float = 1.0


def normalise(heading: str) -> str:
    """A heading's key: brackets and kana of one width, no spaces, no line breaks, no leading number."""
    text = LONG_SOUND.sub("ー", unicodedata.normalize("NFKC", BLANKS.sub("", heading)))
    return NUMBERING.sub("", text).casefold()


def keys(heading: str) -> tuple[str, ...]:
    """What a heading may be known by, normalised.

    所在地／緯度 may be the whole name with a joint (所在地_緯度), or the last part alone.
    """
    if JOINT not in heading:
        return (normalise(heading),)
    return (normalise(heading), normalise(heading.replace(JOINT, "_")), normalise(heading.rpartition(JOINT)[2]))


def toml_line(heading: str, target: str) -> str:
    """The line under [headings] of dataset.toml that settles a heading."""
    return f"{json.dumps(heading, ensure_ascii=False)} = {json.dumps(target, ensure_ascii=False)}"


def match_headings(
    source: SourceTable,
    schema: TableSchema,
    declared: Mapping[str, str],
    aliases: Mapping[str, str],
    facts: Facts | None = None,
) -> Draft:
    """Lay the source's columns out in the order of the standard, the others after it.

    Declared headings come first, then exact, normalised and known variants. Where two columns claim the same place
    the stronger claim wins, among equals the first. With `facts` the values have their say: headings that no name
    settles are proposed for columns that are still free, and a name that its values contradict is reported.
    """
    draft = Draft(source, [])
    names = Names(schema, declared, aliases)
    claims = [names.claim(heading) for heading in source.headings]
    unsure: Mapping[int, tuple[Candidate, ...]] = {}
    if facts is not None:
        draft.issues.extend(_contradicted(source, schema, claims, facts))
        weighed = _weighed(source, schema, claims, names, facts)
        unsure = weighed.unsure
        for place, (target, confidence) in weighed.taken.items():
            claims[place] = Claim(4, "evidence", target, confidence)
            draft.issues.append(_taken_by_evidence(source, place, target, confidence))
    winners = _winners(claims)
    for field in schema.fields:
        draft.columns.append(_column(source, field, winners.get(field.name), claims))
    taken = set(schema.names)
    for place in range(len(source.headings)):
        claim = claims[place]
        if claim is None or claim.target not in names.columns or winners.get(claim.target) != place:
            _beside(draft, place, claim, taken, unsure.get(place, ()))
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

    @property
    def spellings(self) -> Mapping[str, str]:
        """Every normalised name and known variant of a column, with the column."""
        return {key: target for key, target in self.aliases.items() if target} | self.normalised

    def _variants(self, heading: str) -> Iterator[Claim]:
        for key in keys(heading):
            if key in self.normalised:
                yield Claim(2, "normalised", self.normalised[key], CONFIDENCE["normalised"])
            if key in self.aliases:
                yield Claim(3, "alias", self.aliases[key], CONFIDENCE["alias"])


def _winners(claims: Sequence[Claim | None]) -> dict[str, int]:
    best: dict[str, tuple[int, int]] = {}
    for place, claim in enumerate(claims):
        if claim is not None and claim.target != LEFT_OUT:
            best[claim.target] = min(best.get(claim.target, (claim.rank, place)), (claim.rank, place))
    return {target: place for target, (_, place) in best.items()}


def _column(source: SourceTable, field: Field, place: int | None, claims: Sequence[Claim | None]) -> Column:
    claim = None if place is None else claims[place]
    if place is None or claim is None:
        return Column(field, ColumnMatch(name=field.name), [""] * len(source.rows))
    return _taken(source, place, field, claim)


def _taken(source: SourceTable, place: int, field: Field, claim: Claim) -> Column:
    heading, column = source.headings[place], source.first_column + place
    match = ColumnMatch(name=field.name, heading=heading, column=column, how=claim.how, confidence=claim.confidence)
    return Column(field, match, [row[place] for row in source.rows], place)


def _beside(draft: Draft, place: int, claim: Claim | None, taken: set[str], candidates: Sequence[Candidate]) -> None:
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
    draft.columns.append(_taken(source, place, Field(name=name, title=name), Claim(5, "extra", name)))
    if not normalise(heading):
        draft.issues.append(_issue(source, place, "clean.unnamed-column", Severity.WARNING, name=name))
    elif claim is not None and draft.column(claim.target) is not None:
        draft.issues.append(
            _issue(source, place, "clean.double-heading", Severity.WARNING, target=claim.target, name=name)
        )
    elif candidates:
        draft.issues.append(_unsure(source, place, name, candidates))
    else:
        draft.issues.append(_issue(source, place, "clean.extra-column", Severity.NOTE, name=name))


def _weighed(
    source: SourceTable, schema: TableSchema, claims: Sequence[Claim | None], names: Names, facts: Facts
) -> Weighed:
    """What the values say about the headings that mean nothing to the standard by name."""
    places = [place for place, claim in enumerate(claims) if claim is None and normalise(source.headings[place])]
    filled = {claim.target for claim in claims if claim is not None}
    if not places or filled >= names.columns:
        return Weighed({}, {})
    values = sample(source, places)
    unclaimed = {place: Unclaimed(keys(source.headings[place]), values[place]) for place in places}
    return weigh(unclaimed, schema.fields, filled, names.spellings, facts)


def _contradicted(
    source: SourceTable, schema: TableSchema, claims: Sequence[Claim | None], facts: Facts
) -> Iterator[Issue]:
    """A warning for each column whose name says one thing and whose values another; a person's word is not doubted."""
    fields = {field.name: field for field in schema.fields}
    named = {
        place: fields[claim.target]
        for place, claim in enumerate(claims)
        if claim is not None and claim.how != "declared" and claim.target in fields
    }
    for place, values in sample(source, named).items():
        field = named[place]
        if contradiction(values, field, facts):
            example = thinned(values)[0]
            yield _issue(
                source, place, "clean.heading-contradicted", Severity.WARNING, target=field.name, example=example
            )


def _taken_by_evidence(source: SourceTable, place: int, target: str, confidence: float) -> Issue:
    heading = source.headings[place]
    line = toml_line(heading, target)
    details = {"target": target, "confidence": f"{confidence:.2f}", "lines": line, "line": line}
    return _issue(source, place, "clean.heading-evidence", Severity.NOTE, **details, keep=toml_line(heading, heading))


def _unsure(source: SourceTable, place: int, name: str, candidates: Sequence[Candidate]) -> Issue:
    lines = [toml_line(source.headings[place], target) for target, _ in candidates]
    shown = "、".join(f"{target} {confidence:.2f}" for target, confidence in candidates)
    details = {"name": name, "candidates": shown, "lines": "\n".join(lines), "line": lines[0]}
    return _issue(source, place, "clean.heading-unsure", Severity.WARNING, **details)


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
