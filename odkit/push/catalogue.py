"""Every public dataset of a portal, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from odkit.errors import PortalStop
from odkit.push.portal import Json, Portal

PAGE = 100
MOST = 100_000


def all_datasets(portal: Portal) -> Iterator[Json]:
    """The public datasets as ``package_search`` gives them, by name. Raises PortalError.

    A portal that keeps answering with full pages is stopped at `MOST` datasets.
    """
    for start in range(0, MOST, PAGE):
        page = {"rows": PAGE, "start": start, "sort": "name asc"}
        found = portal.read("package_search", page, subject=portal.url)
        results = found.get("results") if isinstance(found, Mapping) else None
        if not isinstance(results, list):
            raise PortalStop("push.not-ckan", url=portal.url, status=200)
        yield from (item for item in results if isinstance(item, Mapping))
        if len(results) < PAGE:
            return
