"""Places in Japan, but far from the publisher's prefecture: 129.92 in Chiba was meant to be 139.92."""

from __future__ import annotations

from collections.abc import Iterator

from odkit.clean.coordinates import LATITUDES, LONGITUDES, Limits
from odkit.clean.draft import Column, Draft
from odkit.model import Publisher
from odkit.project import extents

MARGIN = 0.1
"""Degrees by which a place may lie outside: piers, bridges, and what is left of a number cut to `START`."""
START = 5
"""Characters of a number that say in which tenth of a degree it lies: 139.9, 35.72."""


class Bounds:
    """Reports the coordinates of one column that lie in Japan and not near the prefecture."""

    def __init__(self, column: Column, japan: Limits, low: float, high: float) -> None:
        self._column, self._japan = column, tuple(map(float, japan))
        self._low, self._high = low - MARGIN, high + MARGIN
        self._near: set[str] = set()

    def take(self, _draft: Draft) -> None:
        """Look at the places of the present chunk, most of them by the first characters alone."""
        starts = {value[:START] for value in self._column.values} - self._near
        far = {start for start in starts if self._is_far(start)}
        self._near |= starts - far
        if far:
            for index, value in enumerate(self._column.values):
                if value[:START] in far and self._is_far(value):
                    self._column.doubt(index, "clean.outside-prefecture")

    def _is_far(self, text: str) -> bool:
        try:
            number = float(text)
        except ValueError:
            return False
        return self._japan[0] <= number <= self._japan[1] and not self._low <= number <= self._high


def bound_steps(draft: Draft, publisher: Publisher | None) -> Iterator[Bounds]:
    """A step per column of coordinates, where it is known how far the publisher's prefecture reaches."""
    extent = extents().get(publisher.code[:2]) if publisher else None
    if extent:
        for column in draft.meaning("latitude"):
            yield Bounds(column, LATITUDES, extent.south, extent.north)
        for column in draft.meaning("longitude"):
            yield Bounds(column, LONGITUDES, extent.west, extent.east)
