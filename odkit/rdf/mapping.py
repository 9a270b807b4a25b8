"""vocab/mapping/<schema>.csv -> `Mapping`: how a row of a standard dataset reads in the common vocabulary.

Columns: 列名, 構造化項目名 (see `odkit.rdf.notation`), 区切り (what stands between several values of a cell),
追加 (further terms on the row itself, with ``;`` between them), 理由 (why there is no 構造化項目名). A column may stand
on several lines. Two lines are no columns: ``（行）`` names the class of a row, its further types and fixed links,
``（主語）`` how its address ends. Of several ``（主語）`` the first whose columns are filled counts: ``{ID}``, or
``{#名称+住所}``, twelve hexadecimal digits of the SHA-256 of these cells. Templates know ``{団体}``, the publisher's
five digits, and ``{データセット}``, the dataset's address.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import TypeVar

from odkit.errors import DeclarationError
from odkit.project import data_file
from odkit.rdf.notation import Extra, NotationError, Path, parse_extra, parse_path
from odkit.rdf.ontology import TermError, imi, other_terms
from odkit.rdf.subject import template_columns
from odkit.rdf.values import LITERALS

ROW, SUBJECT = "（行）", "（主語）"
_COLUMNS = ("列名", "構造化項目名", "区切り", "追加", "理由")
_ADDRESS_END = re.compile(r"(?:[^{}]*\{[^{}]+\})+[^{}]*")
Parsed = TypeVar("Parsed", Path, Extra)
Numbered = tuple[int, dict[str, str]]
"""A line of the file, with its number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a mapping: `number` is its line in the file, `path` is None where the vocabulary has no place."""

    number: int
    column: str
    path: Path | None
    separator: str
    extras: tuple[Extra, ...]
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """A parsed and checked mapping. `types` and `links` are the row's own, `subjects` the ``（主語）`` templates."""

    schema: str
    root: str
    types: tuple[str, ...]
    links: tuple[Extra, ...]
    subjects: tuple[str, ...]
    lines: tuple[Line, ...]

    def __hash__(self) -> int:
        """By the schema: what is kept for a mapping is asked for with each table."""
        return hash(self.schema)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that the mapping speaks of, mapped or not."""
        return frozenset(line.column for line in self.lines)


@cache
def find_mapping(schema: str) -> Mapping | None:
    """The mapping of a schema (``public_wireless_lan.v2``), None where there is none; raises `DeclarationError`."""
    file = data_file("vocab", "mapping", f"{schema}.csv")
    return named(load_mapping(file)) if file.is_file() else None


def named(mapping: Mapping) -> Mapping:
    """The mapping, if it says how the address of a row ends; else raises `DeclarationError`."""
    if not mapping.subjects:
        raise DeclarationError("rdf.mapping-subject", file=f"{mapping.schema}.csv", line=2, text="")
    return mapping


def load_mapping(file: FilePath) -> Mapping:
    """Read, parse and check a mapping; raises `DeclarationError` with its file and line."""
    rows = _rows(file)
    own = [(number, row) for number, row in rows if row["列名"] == ROW]
    if len(own) != 1:
        raise DeclarationError("rdf.mapping-row", file=file.name, count=len(own))
    number, row = own[0]
    root = _class(file, number, row["構造化項目名"])
    types, extras = _row_terms(file, number, row["追加"])
    mapping = Mapping(
        schema=file.stem,
        root=root,
        types=types,
        links=extras,
        subjects=tuple(_subject(file, number, row) for number, row in rows if row["列名"] == SUBJECT),
        lines=tuple(_line(file, root, number, row) for number, row in _of_columns(rows)),
    )
    _check_counts(file, mapping)
    for name in [name for template in mapping.subjects for name in template_columns(template)]:
        if name not in mapping.columns:
            raise DeclarationError("rdf.mapping-column", file=file.name, column=name)
    return mapping


def mapping_faults(file: FilePath) -> tuple[DeclarationError, ...]:
    """What `load_mapping` would raise, for every line that is wrong; what concerns several lines comes alone."""
    try:
        rows = _rows(file)
    except DeclarationError as unreadable:
        return (unreadable,)
    try:
        load_mapping(file)
    except DeclarationError as first:
        roots = [row["構造化項目名"] for _, row in rows if row["列名"] == ROW]
        if len(roots) != 1 or roots[0] not in imi().parents:
            return (first,)
        return tuple(_faults(file, roots[0], _of_columns(rows))) or (first,)
    return ()


def _rows(file: FilePath) -> list[Numbered]:
    """The lines as they stand; raises `DeclarationError` for what an office program may have made of the file."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, restval="")
            lacking = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
            rows = list(enumerate(reader, start=2))
    except UnicodeDecodeError as error:
        raise DeclarationError("rdf.mapping-encoding", file=file.name) from error
    if lacking:
        raise DeclarationError("rdf.mapping-head", file=file.name, columns="、".join(lacking))
    return rows


def _subject(file: FilePath, number: int, row: dict[str, str]) -> str:
    text = row["構造化項目名"]
    if not _ADDRESS_END.fullmatch(text):
        raise DeclarationError("rdf.mapping-subject", file=file.name, line=number, text=text)
    return text


def _faults(file: FilePath, root: str, rows: Iterable[Numbered]) -> Iterator[DeclarationError]:
    for number, row in rows:
        try:
            _line(file, root, number, row)
        except DeclarationError as fault:
            yield fault


def _of_columns(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    return (item for item in rows if item[1]["列名"] not in {ROW, SUBJECT})


def _line(file: FilePath, root: str, number: int, row: dict[str, str]) -> Line:
    text = row["構造化項目名"]
    path = _parse(parse_path, file, number, text) if text else None
    extras = _extras(file, number, row["追加"])
    if path:
        _check(file, number, root, path)
    elif not row["理由"]:
        raise DeclarationError("rdf.mapping-reason", file=file.name, line=number, column=row["列名"])
    return Line(
        number=number,
        column=row["列名"],
        path=path,
        separator=row["区切り"],
        extras=extras,
        reason=row["理由"],
    )


def _check_counts(file: FilePath, mapping: Mapping) -> None:
    """Raise `DeclarationError` where a property that takes one value would get several."""
    first: dict[tuple[object, ...], tuple[object, ...]] = {}
    for line in mapping.lines:
        owner = mapping.root
        steps = line.path.steps if line.path else ()
        for depth, step in enumerate(steps):
            last = depth + 1 == len(steps)
            here = (step, line.number) if last else (step,)
            several = (last and line.separator) or first.setdefault((steps[:depth], step.name), here) != here
            if several and (owner, step.name) in imi().single:
                details = {"term": step.name, "owner": owner}
                raise DeclarationError("rdf.mapping-twice", file=file.name, line=line.number, **details)
            owner = owner if last else imi().node_class(owner, step)


def _class(file: FilePath, number: int, name: str) -> str:
    if name not in imi().parents:
        raise DeclarationError("rdf.mapping-term", file=file.name, line=number, term=name, owner=ROW)
    return name


def _check(file: FilePath, number: int, root: str, path: Path) -> None:
    if path.root.name != root or not path.steps:
        raise DeclarationError("rdf.mapping-term", file=file.name, line=number, term=path.root.name, owner=root)
    try:
        imi().check(path)
    except TermError as error:
        details = {"term": error.term, "owner": error.owner}
        raise DeclarationError(error.code, file=file.name, line=number, **details) from error


def _extras(file: FilePath, number: int, text: str) -> tuple[Extra, ...]:
    extras = tuple(_parse(parse_extra, file, number, item) for item in text.split(";") if item)
    for extra in extras:
        for term in _unknown(extra):
            raise DeclarationError("rdf.mapping-extra", file=file.name, line=number, term=term)
    return extras


def _row_terms(file: FilePath, number: int, text: str) -> tuple[tuple[str, ...], tuple[Extra, ...]]:
    """The classes and the links of the line ``（行）``."""
    classes = tuple(item for item in text.split(";") if other_terms().get(item) == "class")
    return classes, _extras(file, number, ";".join(item for item in text.split(";") if item not in classes))


def _unknown(extra: Extra) -> Iterator[str]:
    """The terms that are not known, or take another kind of value."""
    known = other_terms()
    for step in extra.steps[:-1]:
        if known.get(step.name) != "iri":
            yield step.name
        if known.get(step.type) != "class":
            yield step.type or step.name
    if known.get(extra.name) != ("iri" if extra.link else "literal") or extra.datatype not in LITERALS:
        yield extra.name


def _parse(parse: Callable[[str], Parsed], file: FilePath, number: int, text: str) -> Parsed:
    try:
        return parse(text)
    except NotationError as error:
        place = error.position + 1
        raise DeclarationError(
            "rdf.mapping-notation", file=file.name, line=number, text=text, position=place
        ) from error
