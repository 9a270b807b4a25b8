"""Places, seen from both coordinates: swapped pairs are put right, an old datum converted, places abroad reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from odkit.clean.datum import from_tokyo
from odkit.clean.draft import Column, Draft
from odkit.model import Issue, Severity

Limits = tuple[Decimal, Decimal]

LATITUDES: Limits = (Decimal(20), Decimal(46))
LONGITUDES: Limits = (Decimal(122), Decimal(154))
# 日本測地系2000 and 2011 are world geodetic systems; the old one differs by some 400 metres.
SIX_PLACES = Decimal("0.000001")
OLD_DATUM = re.compile("日本測地系(?!\\s*20(?:00|11))|旧測地系|旧日本測地系|Tokyo Datum", re.IGNORECASE)


class Coordinates:
    """Swaps back latitudes and longitudes that stand in each other's column; reports what is not in Japan.

    Coordinates in the old datum are converted where `datum` is ``tokyo``; where it is empty, a note beside the table
    that names the old datum is reported.
    """

    def __init__(self, latitude: Column, longitude: Column, datum: str) -> None:
        self._latitude, self._longitude, self._datum = latitude, longitude, datum
        self._moved = 0
        self._is_filled = False

    def take(self, _draft: Draft) -> None:
        """Check the places of the present chunk."""
        _check_pair(self._latitude, self._longitude)
        self._is_filled = self._is_filled or any(self._latitude.values)
        if self._datum == "tokyo":
            self._moved += _convert(self._latitude, self._longitude)

    def finish(self, draft: Draft) -> None:
        """Say how many places were converted, or that the old datum is named."""
        latitude = self._latitude
        if self._moved:
            where = draft.source.where(
                max(draft.source.header_rows, default=None), latitude.source, latitude.match.name
            )
            details = {"count": str(self._moved)}
            draft.issues.append(Issue(code="clean.datum", severity=Severity.NOTE, where=where, details=details))
        if not self._datum and self._is_filled:
            draft.issues.extend(_old_datum(draft, latitude, self._longitude))


def coordinate_steps(draft: Draft, datum: str) -> Iterator[Coordinates]:
    """A step per pair of columns."""
    for latitude in draft.meaning("latitude"):
        longitude = draft.column(latitude.field.name.replace("緯度", "経度"))
        if longitude is not None and longitude is not latitude:
            yield Coordinates(latitude, longitude, datum)


def _check_pair(latitude: Column, longitude: Column) -> None:
    norths, easts = _outside(latitude, LATITUDES), _outside(longitude, LONGITUDES)
    if not (norths or easts):
        return
    for index, (north, east) in enumerate(zip(latitude.values, longitude.values, strict=True)):
        if _inside(norths.get(north), LONGITUDES) and _inside(easts.get(east), LATITUDES):
            latitude.put(index, east, "swap-coordinates")
            longitude.put(index, north, "swap-coordinates")
            continue
        if north in norths:
            _doubt_once(latitude, index)
        if east in easts:
            _doubt_once(longitude, index)


def _doubt_once(column: Column, index: int) -> None:
    """Report a place abroad, unless the number could not be read as degrees: that was said, and is the reason."""
    if not any(doubt.at == index and doubt.code == "clean.coordinate" for doubt in column.doubts):
        column.doubt(index, "clean.outside-japan")


def _outside(column: Column, limits: Limits) -> dict[str, Decimal]:
    """The distinct numbers of a chunk that lie outside the limits; plain ones lie inside."""
    numbers = {text: _number(text) for text in column.notable}
    return {text: number for text, number in numbers.items() if number is not None and not _inside(number, limits)}


def _inside(number: Decimal | None, limits: Limits) -> bool:
    return number is not None and limits[0] <= number <= limits[1]


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _convert(latitude: Column, longitude: Column) -> int:
    """Convert the places of a chunk; returns how many."""
    moved = 0
    for index, (north, east) in enumerate(zip(latitude.values, longitude.values, strict=True)):
        degrees = _number(north), _number(east)
        if _inside(degrees[0], LATITUDES) and _inside(degrees[1], LONGITUDES):
            new_north, new_east = from_tokyo(float(north), float(east))
            latitude.put(index, _degrees(new_north), "datum")
            longitude.put(index, _degrees(new_east), "datum")
            moved += 1
        elif north or east:
            column = latitude if north else longitude
            column.doubt(index, "clean.datum-unpaired")
    return moved


def _degrees(number: float) -> str:
    return str(Decimal(number).quantize(SIX_PLACES))


def _old_datum(draft: Draft, *columns: Column) -> Iterator[Issue]:
    """Where the old datum is named: in the headings of the coordinates, above the table or below it."""
    source, name = draft.source, columns[0].match.name
    heading_row = max(source.header_rows, default=None)
    named = [(source.where(heading_row, column.source, column.match.name), column.match.heading) for column in columns]
    named += [(source.where(line.row, name=name), line.text) for line in (*source.preamble, *source.notes)]
    for where, text in named:
        if OLD_DATUM.search(text):
            yield Issue(code="clean.old-datum", severity=Severity.WARNING, where=where, value=text)
