"""Places, seen from both coordinates: swapped pairs are put right, places outside Japan reported."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from odkit.clean.draft import Column, Draft
from odkit.model import Issue, Severity

Limits = tuple[Decimal, Decimal]

LATITUDES: Limits = (Decimal(20), Decimal(46))
LONGITUDES: Limits = (Decimal(122), Decimal(154))
# 日本測地系2000 and 2011 are world geodetic systems; the old one differs by some 400 metres.
OLD_DATUM = re.compile("日本測地系(?!\\s*20(?:00|11))|旧測地系|旧日本測地系|Tokyo Datum", re.IGNORECASE)


def check_coordinates(draft: Draft) -> None:
    """Swap back latitudes and longitudes that stand in each other's column; report what is not in Japan."""
    for latitude in list(draft.meaning("latitude")):
        longitude = draft.column(latitude.field.name.replace("緯度", "経度"))
        if longitude is not None and longitude is not latitude:
            _check_pair(latitude, longitude)
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


def _check_datum(draft: Draft, latitude: Column) -> None:
    source = draft.source
    for line in (*source.preamble, *source.notes):
        if OLD_DATUM.search(line.text) and any(latitude.values):
            where = source.where(line.row, name=latitude.match.name)
            draft.issues.append(Issue(code="clean.old-datum", severity=Severity.WARNING, where=where, value=line.text))
