"""What a portal lists: any CKAN's Action API, and the CKAN-like read API of data eye (``/ckan_api/``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from odkit.errors import PortalStop
from odkit.score.descriptor import SAME_DATA
from odkit.score.fetch import Fetched
from odkit.score.licence import judge

ROOTS = ("api/3/action/", "ckan_api/")
PAGE = 100
LICENCE_FIELDS = ("license_id", "license_title", "license_url")

Get = Callable[[str], Fetched]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedFile:
    """A file of a dataset. `stamp` changes when the portal knows that the file did; empty where it does not say."""

    url: str
    name: str
    stamp: str = ""
    size: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedDataset:
    """A dataset as a portal lists it; `organization` is the name, `publisher` the title of who publishes."""

    name: str
    title: str
    organization: str
    publisher: str
    licence: str
    files: tuple[ListedFile, ...]


class Catalogue:
    """Reads a portal's list of datasets, page by page. Raises PortalStop where there is no such API."""

    def __init__(self, url: str, get: Get) -> None:
        self._url, self._get = url.rstrip("/") + "/", get
        self._root = self._find_root()

    def _find_root(self) -> str:
        for root in ROOTS:
            if self._result(root, "package_search", rows=0) is not None:
                return root
            if isinstance(self._result(root, "package_list"), list):
                return root
        raise PortalStop("score.no-portal", url=self._url)

    def datasets(self, organization: str = "") -> Iterator[ListedDataset]:
        """The public datasets in the order of their names, each once; of one organisation where it is named."""
        seen: set[str] = set()
        for package in self._packages(organization):
            name = str(package.get("name") or package.get("id") or "")
            listed = _dataset(self._url, name, package)
            if name in seen or (organization and organization not in (listed.organization, listed.publisher)):
                continue
            seen.add(name)
            yield listed

    def _packages(self, organization: str) -> Iterator[Mapping[str, Any]]:
        """Whole packages: from the search, or one by one where the portal has no search."""
        first = self._page(organization, 0)
        if first is None:
            yield from self._one_by_one()
            return
        page, start = first, 0
        known: set[str] = set()
        while page:
            fresh = [item for item in page if str(item.get("id") or item.get("name")) not in known]
            if not fresh:  # a portal that ignores `start` gives the same page for ever
                return
            known |= {str(item.get("id") or item.get("name")) for item in fresh}
            yield from fresh
            start += len(page)
            page = self._page(organization, start) or []

    def _page(self, organization: str, start: int) -> list[Mapping[str, Any]] | None:
        """One page of the search; None where there is none. The first page must come, a later one may not."""
        asked: dict[str, object] = {"rows": PAGE, "start": start, "sort": "name asc"}
        if organization:
            asked["fq"] = f'organization:"{organization}"'
        found = self._result(self._root, "package_search", **asked)
        if found is None and organization:  # an API without filters: all datasets, sorted out here
            found = self._result(self._root, "package_search", rows=PAGE, start=start)
        results = found.get("results") if isinstance(found, dict) else None
        if results is None and start:
            raise PortalStop("score.portal-broke-off", url=self._url, count=start)
        return [item for item in results if isinstance(item, dict)] if isinstance(results, list) else None

    def _one_by_one(self) -> Iterator[Mapping[str, Any]]:
        names = self._result(self._root, "package_list")
        for name in sorted(map(str, names)) if isinstance(names, list) else ():
            package = self._result(self._root, "package_show", id=name)
            if isinstance(package, dict):
                yield package

    def _result(self, root: str, action: str, **asked: object) -> Any:
        """The `result` of an action; None where the portal does not answer in CKAN's envelope."""
        query = f"?{urlencode(asked)}" if asked else ""
        found = self._get(f"{urljoin(self._url, root)}{action}{query}")
        try:
            content = json.loads(found.data)
        except (ValueError, RecursionError):
            return None
        good = found.status == 200 and isinstance(content, dict) and content.get("success")
        return content.get("result") if good else None


def _dataset(portal: str, name: str, package: Mapping[str, Any]) -> ListedDataset:
    owner = package.get("organization")
    owner = owner if isinstance(owner, dict) else {}
    resources = [item for item in package.get("resources") or () if isinstance(item, dict) and item.get("url")]
    own = [item for item in resources if item.get("odkit_key") and _stem(item) in SAME_DATA]
    return ListedDataset(
        name=name,
        title=str(package.get("title") or name),
        organization=str(owner.get("name") or ""),
        publisher=str(owner.get("title") or package.get("author") or ""),
        licence=_licence(package),
        files=tuple(_file(portal, item) for item in own or resources),
    )


def _stem(resource: Mapping[str, Any]) -> str:
    return str(resource["url"]).rpartition("/")[2].partition(".")[0]


def _file(portal: str, resource: Mapping[str, Any]) -> ListedFile:
    size = resource.get("size")
    return ListedFile(
        url=urljoin(portal, str(resource["url"])),
        name=str(resource.get("name") or ""),
        stamp=str(resource.get("hash") or resource.get("last_modified") or ""),
        size=int(size) if isinstance(size, int) or (isinstance(size, str) and size.isdecimal()) else None,
    )


def _licence(package: Mapping[str, Any]) -> str:
    """The licence as the portal states it: the first of its fields that says something clear, else what there is."""
    stated = [str(package.get(name) or "") for name in LICENCE_FIELDS]
    clear = (text for text in stated if judge(text)[0] in ("open", "not-open"))
    return next(clear, next(filter(None, stated), ""))
