"""Which of a portal's licence ids means our licence. Portals name the same licence in many ways."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from odkit.model import Licence

# Ids met on portals for the same licence, the most exact first. CKAN's own list has no versions.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "CC-BY-4.0": ("cc-by-4.0", "cc-by-40-intl", "cc-by4_0", "cc-by-4", "cc-by"),
    "CC-BY-SA-4.0": ("cc-by-sa-4.0", "cc-by-sa-40-intl", "cc-by-sa4_0", "cc-by-sa-4", "cc-by-sa"),
    "CC0-1.0": ("cc0-1.0", "cc-zero-1.0", "cc-zero", "cc0"),
    "PDL-1.0": ("pdl-1.0", "pdl1.0", "pdl1_0", "pdl"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalLicence:
    """A licence as a portal has it: `id` is our own where the portal does not know it, `open` what the portal says."""

    id: str
    known: bool = True
    open: bool = True


def portal_licence(licence: Licence, known: Sequence[Mapping[str, object]]) -> PortalLicence:
    """What the portal calls `licence`: an exact id comes first, then ids that mean the same, then the same address."""
    found = _found(licence, known)
    if found is None:
        return PortalLicence(id=licence.id, known=False, open=False)
    # A licence is open to CKAN where one of the two definitions approves it; a list may say nothing of either.
    said = {str(found[name]) for name in ("od_conformance", "osd_conformance") if found.get(name)}
    return PortalLicence(id=str(found.get("id", "")), open=not said or "approved" in said)


def _found(licence: Licence, known: Sequence[Mapping[str, object]]) -> Mapping[str, object] | None:
    by_id = {str(item.get("id", "")): item for item in known}
    if licence.id in by_id:
        return by_id[licence.id]
    folded = {name.casefold(): by_id[name] for name in reversed(by_id)}
    for alias in (licence.id, *ALIASES.get(licence.id, ())):
        if alias.casefold() in folded:
            return folded[alias.casefold()]
    same = (item for item in known if licence.url and _address(str(item.get("url") or "")) == _address(licence.url))
    return next(same, None)


def _address(url: str) -> str:
    """An address without what does not tell licences apart: scheme, www, language of the deed, final slash."""
    bare = re.sub(r"^https?://(www\.)?", "", url.strip().casefold())
    return re.sub(r"/(deed|legalcode)(\.[a-z-]+)?$", "", bare).rstrip("/")
