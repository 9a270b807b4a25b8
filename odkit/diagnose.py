"""One file of a person who asks: scored, and mended as far as a machine can. For the scoring page of the portal.

Nothing is kept: a file is on disk in a folder of its own for the time of one call, under a name that is ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from odkit.clean import clean_table, conform, hold_back, recognise
from odkit.errors import OdkitError, UsageError
from odkit.model import CleanTable, DatasetSpec, Package, Publisher, Score, SourceSpec
from odkit.package import add_files, build_package, seal_package, write_csv
from odkit.package.workbook import write_workbook
from odkit.project import INFERRED, current_schema, find_licence, load_schema, municipalities, schema_descriptor
from odkit.rdf import note_unmapped, write_rdf
from odkit.read import look_into_xls, read_source
from odkit.score import Rules, Served, score_bytes, score_package, stage_summary, write_scores
from odkit.score.page import html_fragment, report_style

LONG_AGO = (1980, 1, 1, 0, 0, 0)
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What can be made of a file: its table as CSV, a data package, a workbook with the changes marked."""
LONGEST_NAME = 200
RULES = Rules(conform=conform, look=look_into_xls)
SLUG = re.compile(r"[^a-z0-9]+")
CODE = "全国地方公共団体コード"


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """A file as somebody handed it in. `name` is a label, never a place on disk; `code` is who publishes, if stated."""

    name: str
    data: bytes
    licence: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A file to take away."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """A report: its HTML, the stage, and for each kind of file why it cannot be made ("": it can)."""

    html: str
    level: int | None
    obstacles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Doctor:
    """Scores and mends files. `base_uri` is where the addresses of things begin."""

    base_uri: str

    def style(self) -> str:
        """The style sheet of the reports."""
        return report_style()

    def diagnose(self, handed: Handed, lang: str, *, mending: bool = True) -> Diagnosis:
        """The report on a file, and with `mending` what can be made of it. Never raises for bad content."""
        score = _score(handed)
        if not mending:
            return Diagnosis(html=html_fragment(score, lang), level=score.level, obstacles={})
        with TemporaryDirectory(prefix="odkit-") as folder:
            try:
                table = _table(handed, Path(folder))
            except OdkitError as error:
                obstacles = dict.fromkeys(MEDIA_TYPES, error.text(lang))
            else:
                obstacles = {kind: _obstacle(handed, table, kind, lang) for kind in MEDIA_TYPES}
        return Diagnosis(html=html_fragment(score, lang), level=score.level, obstacles=obstacles)

    def make(self, handed: Handed, kind: str, lang: str) -> Made:
        """One of the files of MEDIA_TYPES. Raises OdkitError, with the reason, where it cannot be made."""
        with TemporaryDirectory(prefix="odkit-") as name:
            folder = Path(name)
            table = _table(handed, folder)
            _check(handed, table, kind)
            target = folder / f"out.{kind}"
            if kind == "csv":
                write_csv(target, [match.name for match in table.matches], table.rows, "utf-8-sig")
            elif kind == "xlsx":
                write_workbook(target, table, lang)
            else:
                target.write_bytes(_zipped(_package(handed, table, folder, self.base_uri)))
            return Made(name=f"{_stem(handed)}.{kind}", media_type=MEDIA_TYPES[kind], data=target.read_bytes())


def _score(handed: Handed) -> Score:
    return score_bytes(handed.name, handed.data, Served(licence=handed.licence), RULES)


def _stem(handed: Handed) -> str:
    return PurePath(handed.name).stem or "data"


def _table(handed: Handed, folder: Path) -> CleanTable:
    """The file's table, cleaned: in the current version of the standard that it follows, else in its own columns."""
    path = folder / "handed"
    path.write_bytes(handed.data)
    source = read_source(SourceSpec(path=path), handed.name)
    standard = recognise([heading[:LONGEST_NAME] for heading in source.headings])
    schema = load_schema(current_schema(load_schema(standard).name if standard else INFERRED))
    return clean_table(source, schema, _publisher(handed.code) if handed.code in municipalities() else None)


def _obstacle(handed: Handed, table: CleanTable, kind: str, lang: str) -> str:
    try:
        _check(handed, table, kind)
    except OdkitError as error:
        return error.text(lang)
    return ""


def _check(handed: Handed, table: CleanTable, kind: str) -> None:
    """Raise what stands in the way. Personal data is marked in the workbook, and in nothing that is to be published."""
    if kind == "xlsx":
        return
    hold_back(table)
    if kind == "csv":
        return
    if not find_licence(handed.licence):
        raise UsageError("score.package-licence")
    if not _code(handed, table):
        raise UsageError("score.package-publisher")


def _code(handed: Handed, table: CleanTable) -> str:
    """Who publishes: as stated, else the one government that the table itself names; empty where neither is known."""
    places = [at for at, match in enumerate(table.matches) if match.name == CODE]
    named = {row[at] for row in table.rows for at in places if row[at]}
    codes = {handed.code} if handed.code else named
    return codes.pop() if len(codes) == 1 and codes <= municipalities().keys() else ""


def _publisher(code: str) -> Publisher:
    government = municipalities()[code]
    return Publisher(code=code, name=code, title=government.name, title_en=government.name_en)


def _package(handed: Handed, table: CleanTable, folder: Path, base_uri: str) -> Package:
    """The data package of a file, as `odkit publish` would build it, with the score of before and after."""
    code, licence = _code(handed, table), find_licence(handed.licence)
    if licence is None:
        raise UsageError("score.package-licence")
    own = table.schema.kind == INFERRED
    name = (SLUG.sub("_", _stem(handed).lower()).strip("_") or "table") if own else table.schema.name
    spec = DatasetSpec(
        id=f"{code}/{name}",
        name=name,
        title=_stem(handed) if own else table.schema.title,
        title_en=name if own else str(schema_descriptor(table.schema.id).get("odkit:title_en", "")),
        description="",
        description_en="",
        publisher=_publisher(code),
        source=SourceSpec(path=Path(handed.name)),
        standard=INFERRED if own else table.schema.id,
        licence=licence,
        encoding="utf-8-sig",
        update_cycle="",
    )
    target = folder / "package"
    target.mkdir()
    package = build_package(spec, (note_unmapped(table),), target, base_uri)
    package = add_files(package, write_rdf(package, base_uri))
    before, after = _score(handed), score_package(package, RULES)
    package = add_files(package, [write_scores(before, after, target)])
    return seal_package(package, {"odkit:stage": stage_summary(before, after)})


def _zipped(package: Package) -> bytes:
    """The files of a package in a zip: the same package gives the same bytes."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for item in package.resources:
            target.writestr(ZipInfo(item.path, LONG_AGO), (package.folder / item.path).read_bytes(), ZIP_DEFLATED)
    return packed.getvalue()
