"""What the content says: RDF subjects and links, positions on the map, pages of a PDF."""

from __future__ import annotations

import re

from odkit.model import CriterionResult, Evidence
from odkit.score.checks.columns import enough
from odkit.score.checks.result import absent, down, failed, passed, shown, unknown
from odkit.score.facts import Column, Facts, Grid
from odkit.score.values import is_plain_number, of_heading

CORE_SPACE = "http://imi.go.jp/ns/core/rdf#"
JAPAN_LATITUDES = (20.0, 46.0)
JAPAN_LONGITUDES = (122.0, 154.0)
BELOW_100 = re.compile(r"(?:[0-9]{1,2}(?:\.[0-9]+)?\n)*+")
"""Latitudes as they mostly are, one a line: none can be a longitude of Japan."""
LATITUDE = re.compile(r"緯度|latitude|^lat$|geo:lat|_lat$", re.IGNORECASE)
LONGITUDE = re.compile(r"経度|longitude|^(lon|lng|long)$|geo:long|_(lon|lng)$", re.IGNORECASE)


def content(facts: Facts) -> CriterionResult:
    """RDF is the data, not only the catalogue record about it."""
    rdf = facts.rdf
    if rdf is None or rdf.error:
        return absent("content")
    if rdf.instances:
        return passed("content", level=2)
    if rdf.triples == 0:
        # JSON-LD without a context is JSON all the same, with its records.
        level = 4 if facts.records else 2
        return failed("content", [Evidence(value="0", expected="1")], kind="empty", level=level)
    if facts.catalogue:
        return failed("content", [Evidence(value="dcat")], kind="catalogue", level=2)
    return failed("content", [Evidence(value=str(rdf.triples))], kind="terms", level=4)


def uris(facts: Facts) -> CriterionResult:
    """Things are named by http(s) addresses on a host that can exist."""
    rdf = facts.rdf
    if rdf is None or not rdf.instances:
        return absent("uris")
    if rdf.bad_count * 2 <= rdf.instances:
        return passed("uris", level=4)
    places = [Evidence(value=subject, expected="https://") for subject in rdf.bad_subjects]
    return failed("uris", places, level=4)


def links(facts: Facts) -> CriterionResult:
    """Links to other people's data are counted; a file without any is not at fault."""
    rdf = facts.rdf
    if rdf is None or not rdf.link_count:
        return absent("links", level=5)
    evidence = tuple(Evidence(value=link) for link in rdf.links)
    base = passed("links", level=5, count=str(rdf.link_count))
    return CriterionResult(id=base.id, outcome=base.outcome, evidence=evidence, level=5, details=base.details)


def old_terms(facts: Facts) -> CriterionResult:
    """The words of the common vocabulary stand in the namespace of today."""
    rdf = facts.rdf
    if rdf is None or not rdf.triples:
        return absent("old-terms")
    places = [Evidence(value=shown(term), expected=CORE_SPACE) for term in rdf.old_terms]
    return failed("old-terms", places) if places else passed("old-terms")


def geo(facts: Facts) -> CriterionResult:
    """Positions are longitude, latitude, in degrees; the wrong order shows at once in Japan."""
    positions = [(grid, pair) for grid in facts.grids if (pair := _position_columns(grid))]
    columns = [
        item for grid, (latitude, longitude) in positions for item in _swapped_columns(grid, latitude, longitude)
    ]
    if columns:
        return failed("geo", columns, kind="columns")
    if not facts.points:
        return passed("geo") if positions else absent("geo")
    wrong = [
        Evidence(range=place, value=f"[{x:g}, {y:g}]", expected=f"[{y:g}, {x:g}]")
        for place, x, y in facts.points
        if _swapped(x, y)
    ]
    outside = [
        Evidence(range=place, value=f"[{x:g}, {y:g}]") for place, x, y in facts.points if abs(x) > 360 or abs(y) > 360
    ]
    return failed("geo", wrong) if wrong else failed("geo", outside, kind="degrees") if outside else passed("geo")


def _swapped(x: float, y: float) -> bool:
    return (_in(JAPAN_LATITUDES, x) and _in(JAPAN_LONGITUDES, y)) or 360 >= abs(y) > 90 >= abs(x)


def _in(limits: tuple[float, float], number: float) -> bool:
    return limits[0] < number < limits[1]


def _position_columns(grid: Grid) -> tuple[Column, Column] | None:
    """The columns of latitude and longitude, where there is one of each."""
    found = [[column for column in grid.columns if is_one(column.heading)] for is_one in (_is_latitude, _is_longitude)]
    return (found[0][0], found[1][0]) if [len(columns) for columns in found] == [1, 1] else None


@of_heading
def _is_latitude(heading: str) -> bool:
    return LATITUDE.search(heading) is not None


@of_heading
def _is_longitude(heading: str) -> bool:
    return LONGITUDE.search(heading) is not None


def _swapped_columns(grid: Grid, latitude: Column, longitude: Column) -> list[Evidence]:
    """The cells under 緯度 that hold a longitude of Japan, where the column beside holds the latitudes."""
    if not latitude.once(_has_longitudes) or not longitude.once(_has_latitudes):
        return []
    cells = grid.scan(latitude, lambda text: _holds(JAPAN_LONGITUDES, text.strip()))
    return list(down(grid, enough(cells, latitude.filled)))


def _has_latitudes(column: Column) -> bool:
    return any(_holds(JAPAN_LATITUDES, text.strip()) for text in column.counts)


def _has_longitudes(column: Column) -> bool:
    if BELOW_100.fullmatch("\n".join((*column.counts, ""))):
        return False
    return any(_holds(JAPAN_LONGITUDES, text.strip()) for text in column.counts)


def _holds(limits: tuple[float, float], text: str) -> bool:
    try:
        return _in(limits, float(text)) and is_plain_number(text)
    except ValueError:
        return False


def pdf(facts: Facts) -> CriterionResult:
    """A PDF has text to select; a page that is a picture needs OCR."""
    if facts.format != "pdf":
        return absent("pdf")
    if not facts.pdf:
        return unknown("pdf")
    if facts.pdf == "scan":
        return failed("pdf", [Evidence(value="scan", expected="text")])
    return passed("pdf", kind="text")
