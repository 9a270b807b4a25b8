"""package_search over shown datasets: filter, sort, page and count, with CKAN's parameters and answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from odkit.portal.errors import SearchQueryInvalid, ValidationFailed
from odkit.portal.licences import BY_ID
from odkit.portal.query import compiled, field_values
from odkit.portal.store import Record
from odkit.portal.values import as_flag, as_text, text_list

PARAMETERS = frozenset(
    {
        "facet",
        "facet.field",
        "facet.limit",
        "facet.mincount",
        "fl",
        "fq",
        "fq_list",
        "include_deleted",
        "include_drafts",
        "include_private",
        "q",
        "rows",
        "sort",
        "start",
    }
)
DEFAULT_SORT = "score desc, metadata_modified desc"
DEFAULT_ROWS, MAX_ROWS, DEFAULT_FACETS = 10, 1000, 50
SORT_PART = re.compile(r"\s*([\w.]+)\s+(asc|desc)\s*\Z", re.IGNORECASE)
SORT_KEYS = {"title_string": "title"}


def searched(packages: list[Record], data: Mapping[str, Any]) -> Record:
    """The answer of package_search for datasets that the caller may see.

    Raises `SearchQueryInvalid` for unknown parameters and sorts, `SearchFailed` for a query that cannot be parsed,
    `ValidationFailed` for numbers and lists that are none.
    """
    unknown = sorted(set(data) - PARAMETERS)
    if unknown:
        raise SearchQueryInvalid(f'Search Query is invalid: "Invalid search parameters: {unknown}"')
    start, rows = _natural(data, "start", 0), min(_natural(data, "rows", DEFAULT_ROWS), MAX_ROWS)
    sort = as_text(data.get("sort")) or DEFAULT_SORT
    found = [package for package in packages if _listed(package, data)]
    for query in (as_text(data.get("q")), as_text(data.get("fq")), *text_list(data, "fq_list")):
        test = compiled(query or "")
        found = [package for package in found if test(package)]
    found = _sorted(found, sort)
    fields = text_list(data, "facet.field") if as_flag(data.get("facet", True)) else []
    counts = {field: _counted(found, field, data) for field in fields}
    return {
        "count": len(found),
        "facets": counts,
        "results": [_trimmed(package, data) for package in found[start : start + rows]],
        "sort": sort,
        "search_facets": {field: _facet(found, field, count) for field, count in counts.items()},
    }


def _listed(package: Record, data: Mapping[str, Any]) -> bool:
    """Whether a search looks at a dataset at all: public and active ones, others where asked for."""
    states = {"active"}
    states |= {"draft"} if as_flag(data.get("include_drafts")) else set()
    states |= {"deleted"} if as_flag(data.get("include_deleted")) else set()
    return package["state"] in states and (not package["private"] or as_flag(data.get("include_private")))


def _natural(data: Mapping[str, Any], name: str, default: int) -> int:
    value = data.get(name)
    if value in (None, ""):
        return default
    try:
        number = int(str(value))
    except ValueError:
        raise ValidationFailed({name: ["Invalid integer", "Please enter an integer value"]}) from None
    if number < 0:
        raise ValidationFailed({name: ["Must be a natural number"]})
    return number


def _sorted(packages: list[Record], sort: str) -> list[Record]:
    """The datasets in order; all fit a query equally well (score), and a field there is not orders nothing."""
    parts = [SORT_PART.match(part) for part in sort.split(",")]
    if not all(parts):
        raise SearchQueryInvalid("Search Query is invalid: 'Invalid \"sort\" parameter'")
    ordered = packages
    for part in filter(None, reversed(parts)):
        field = SORT_KEYS.get(part[1], part[1])
        ordered = sorted(ordered, key=lambda package: str(package.get(field) or ""), reverse=part[2].lower() == "desc")
    return ordered


def _counted(packages: list[Record], field: str, data: Mapping[str, Any]) -> dict[str, int]:
    """How many datasets have each value of a field, the most frequent first."""
    counts = Counter(value for package in packages for value in set(field_values(package, field)))
    limit, least = _integer(data, "facet.limit", DEFAULT_FACETS), _integer(data, "facet.mincount", 1)
    ranked = sorted((item for item in counts.items() if item[1] >= least), key=lambda item: (-item[1], item[0]))
    return dict(ranked if limit < 0 else ranked[:limit])


def _integer(data: Mapping[str, Any], name: str, default: int) -> int:
    try:
        return int(str(data.get(name, default)))
    except ValueError:
        raise ValidationFailed({name: ["Invalid integer"]}) from None


def _facet(packages: list[Record], field: str, counts: Mapping[str, int]) -> Record:
    """A facet with the names that people read: titles of organisations and licences."""
    titles: dict[str, str] = {}
    if field == "organization":
        owners = (package["organization"] for package in packages)
        titles = {owner["name"]: owner["title"] or owner["name"] for owner in owners}
    elif field == "license_id":
        titles = {key: licence.title for key, licence in BY_ID.items()}
    items = [{"name": name, "display_name": titles.get(name, name), "count": count} for name, count in counts.items()]
    return {"title": field, "items": items}


def _trimmed(package: Record, data: Mapping[str, Any]) -> Record:
    """A result, with the fields of `fl` only where it is given."""
    value = data.get("fl")
    if not value:
        return package
    fields = value if isinstance(value, list) else str(value).split(",")
    return {name: package[name] for name in map(str.strip, map(str, fields)) if name in package}
