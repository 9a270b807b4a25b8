"""Places, seen from both coordinates: swapped pairs are put right, an old datum converted, places abroad reported."""

from __future__ import annotations

import re
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


def check_coordinates(draft: Draft, datum: str = "") -> None:
    """Swap back latitudes and longitudes that stand in each other's column; report what is not in Japan.

    Coordinates in the old datum are converted where `datum` is ``tokyo``; where it is empty, a note beside the table
    that names the old datum is reported.
    """
    for latitude in list(draft.meaning("latitude")):
        longitude = draft.column(latitude.field.name.replace("緯度", "経度"))
        if longitude is not None and longitude is not latitude:
            _check_pair(latitude, longitude)
            if datum == "tokyo":
                _convert(draft, latitude, longitude)
            elif not datum:
                _check_datum(draft, latitude)


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
            latitude.doubt(index, "clean.outside-japan")
        if east in easts:
            longitude.doubt(index, "clean.outside-japan")


def _outside(column: Column, limits: Limits) -> dict[str, Decimal]:
    """The distinct numbers of a column that lie outside the limits."""
    numbers = {text: _number(text) for text in set(column.values)}
    return {text: number for text, number in numbers.items() if number is not None and not _inside(number, limits)}


def _inside(number: Decimal | None, limits: Limits) -> bool:
    return number is not None and limits[0] <= number <= limits[1]


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _convert(draft: Draft, latitude: Column, longitude: Column) -> None:
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
    if moved:
        where = draft.source.where(max(draft.source.header_rows, default=None), latitude.source, latitude.match.name)
        details = {"count": str(moved)}
        draft.issues.append(Issue(code="clean.datum", severity=Severity.NOTE, where=where, details=details))


def _degrees(number: float) -> str:
    return str(Decimal(number).quantize(SIX_PLACES))


def _check_datum(draft: Draft, latitude: Column) -> None:
    source = draft.source
    for line in (*source.preamble, *source.notes):
        if OLD_DATUM.search(line.text) and any(latitude.values):
            where = source.where(line.row, name=latitude.match.name)
            draft.issues.append(Issue(code="clean.old-datum", severity=Severity.WARNING, where=where, value=line.text))
