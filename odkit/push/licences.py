"""Which of a portal's licence ids means our licence. Portals name the same licence in many ways."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from odkit.model import Licence

# Ids met on portals for the same licence, the most exact first. CKAN's own list has no versions.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "CC-BY-4.0": ("cc-by-4.0", "cc-by-40-intl", "cc-by4_0", "cc-by-4", "cc-by"),
    "CC-BY-SA-4.0": ("cc-by-sa-4.0", "cc-by-sa-40-intl", "cc-by-sa4_0", "cc-by-sa-4", "cc-by-sa"),
    "CC0-1.0": ("cc0-1.0", "cc-zero-1.0", "cc-zero", "cc0"),
    "PDL-1.0": ("pdl-1.0", "pdl1.0", "pdl1_0", "pdl"),
}


def portal_licence(licence: Licence, known: Sequence[Mapping[str, object]]) -> tuple[str, bool]:
    """The portal's id for `licence`, and whether the portal knows it (else the id is our own).

    An exact id comes first, then the ids that are known to mean the same, then the same address.
    """
    ids = [str(item.get("id", "")) for item in known]
    if licence.id in ids:
        return licence.id, True
    folded = {name.casefold(): name for name in reversed(ids)}
    for alias in (licence.id, *ALIASES.get(licence.id, ())):
        if alias.casefold() in folded:
            return folded[alias.casefold()], True
    for item in known:
        if licence.url and _address(str(item.get("url") or "")) == _address(licence.url):
            return str(item.get("id", "")), True
    return licence.id, False


def _address(url: str) -> str:
    """An address without what does not tell licences apart: scheme, www, language of the deed, final slash."""
    bare = re.sub(r"^https?://(www\.)?", "", url.strip().casefold())
    return re.sub(r"/(deed|legalcode)(\.[a-z-]+)?$", "", bare).rstrip("/")
