"""Latitude and longitude in the old Tokyo datum -> the world geodetic system, where dataset.toml says so.

The three shifts between the centres of the two ellipsoids, as published when Japan's datum was revised, at height 0.
In Kanto the result is good to a metre or two, in Hokkaido and Kyushu to some ten: enough to find a building, not to
survey. The movements of the ground since then (up to 5 m in the earthquake of 2011) are below that. The grid of the
Geospatial Information Authority (TKY2JGD) is better, and is a job for its own service.
"""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple


class Ellipsoid(NamedTuple):
    """A figure of the earth: equatorial radius in metres, and flattening."""

    radius: float
    flattening: float

    @property
    def eccentricity2(self) -> float:
        """The square of the first eccentricity."""
        return self.flattening * (2 - self.flattening)


BESSEL = Ellipsoid(6377397.155, 1 / 299.152813)
GRS80 = Ellipsoid(6378137.0, 1 / 298.257222101)
SHIFT = (-146.414, 507.337, 680.507)
"""Metres from the centre of the old ellipsoid to that of the new, along X, Y and Z."""

STEPS = 5
"""Rounds until the latitude stands still to a millionth of a millimetre."""


def from_tokyo(latitude: float, longitude: float) -> tuple[float, float]:
    """Degrees in the Tokyo datum -> degrees in JGD2000/JGD2011, within some metres; meant for places in Japan."""
    x, y, z = (part + shift for part, shift in zip(_geocentric(latitude, longitude), SHIFT, strict=True))
    from_axis = hypot(x, y)
    north = atan2(z, from_axis * (1 - GRS80.eccentricity2))
    for _ in range(STEPS):
        across = _across(GRS80, north)
        north = atan2(z + GRS80.eccentricity2 * across * sin(north), from_axis)
    return degrees(north), degrees(atan2(y, x))


def _geocentric(latitude: float, longitude: float) -> tuple[float, float, float]:
    """Metres from the centre of Bessel's ellipsoid, for a point on it."""
    north, east = radians(latitude), radians(longitude)
    across = _across(BESSEL, north)
    level = across * cos(north)
    return level * cos(east), level * sin(east), across * (1 - BESSEL.eccentricity2) * sin(north)


def _across(ellipsoid: Ellipsoid, north: float) -> float:
    """The radius of curvature across the meridian."""
    return float(ellipsoid.radius / (1 - ellipsoid.eccentricity2 * sin(north) ** 2) ** 0.5)
