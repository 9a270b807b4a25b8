"""The language of CKAN's package_revise: match, filter and update by paths such as ``resources__1a2b3__name``.

Pure functions over JSON. An element of a list is named by its index or by the first characters of its id; lists of
objects merge element by element (to replace a list, filter it away first), ``__extend`` appends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from odkit.portal.errors import IntegrityFailed, ValidationFailed
from odkit.portal.plain import parsed, plain
from odkit.portal.store import Record

INDEX = re.compile(r"-?[0-9]{1,4}\Z")
MIN_PREFIX = 5
LISTS = frozenset({"resources", "tags", "extras"})

Pattern = tuple[bool, tuple[str, ...]]
"""A filter: keep or drop, and the path it is about."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A parsed call of package_revise. `updates` come in the order in which they are carried out."""

    match: Record
    filters: tuple[Pattern, ...]
    update: Record
    updates: tuple[tuple[tuple[str, ...], Any], ...]
    include: tuple[Pattern, ...]


def parsed_revision(data: Mapping[str, Any]) -> Revision:
    """The parts of a call. Raises `ValidationFailed` for a match or update that is no object."""
    # As observed: CKAN takes every flattened value that parses as JSON for JSON, so that "5" becomes a number.
    flat = {key: _json(value) if key.startswith(("match__", "update__")) else value for key, value in data.items()}
    updates = [(tuple(key.split("__")[1:]), value) for key, value in flat.items() if key.startswith("update__")]
    return Revision(
        match=_object(data, "match") | {key[7:]: value for key, value in flat.items() if key.startswith("match__")},
        filters=_patterns(data.get("filter")),
        update=_object(data, "update"),
        updates=tuple(sorted(updates, key=lambda item: item[0][-1] != "extend")),
        include=_patterns(data.get("include")),
    )


def unmatched(shown: Record, match: Mapping[str, Any]) -> list[str]:
    """The paths of `match` whose value in the dataset is another. Raises `IntegrityFailed` for a path it has not."""
    wrong = []
    for path, value in _leaves(match):
        found: Any = shown
        for depth, token in enumerate(path):
            key = _key(found, token)
            if key is None:
                raise IntegrityFailed("Unmatched key " + "__".join(path[: depth + 1]))
            found = found[key]
        if found != value:
            wrong.append("__".join(path))
    return sorted(wrong)


def filtered(node: Any, patterns: Iterable[Pattern]) -> Any:
    """A copy without what the patterns drop; for each place the first pattern that names it decides."""
    rules = tuple(patterns)
    if not rules or not isinstance(node, dict | list):
        return node
    pairs = list(node.items() if isinstance(node, dict) else enumerate(node))
    kept = [
        (
            key,
            filtered(value, [(keep, path[1:]) for keep, path in rules if len(path) > 1 and _key(node, path[0]) == key]),
        )
        for key, value in pairs
        if _verdict(node, key, rules)
    ]
    return dict(kept) if isinstance(node, dict) else [value for _, value in kept]


def _verdict(node: Any, key: Any, rules: Iterable[Pattern]) -> bool:
    last = (keep for keep, path in rules if len(path) == 1 and (path[0] == "*" or _key(node, path[0]) == key))
    return next(last, True)


def apply_updates(target: Record, revision: Revision) -> None:
    """Carry the updates out on `target`. Raises `ValidationFailed` where a path leads nowhere or to another shape."""
    for name, value in revision.update.items():
        if name in LISTS and not isinstance(value, list):
            raise ValidationFailed({"update": [f"Expected list for {name}"]})
        _merge(target, name, value)
    for path, value in revision.updates:
        if path[0] in LISTS:
            target.setdefault(path[0], [])  # a list that was filtered away can be written anew
        _apply(target, path, value)


def _apply(target: Record, path: tuple[str, ...], value: Any) -> None:
    """Carry out one update by its path."""
    whole = "__".join(path)
    node: Any = target
    for depth, token in enumerate(path[:-1]):
        key = _key(node, token)
        if key is None or not isinstance(node[key], dict | list):
            if depth == 0 and token not in target:
                return  # an unknown field of the dataset: dropped, as everywhere
            raise ValidationFailed({whole: ["Unmatched key " + "__".join(path[: depth + 1])]})
        node = node[key]
    if path[-1] == "extend" and isinstance(node, list):
        if not isinstance(value, list):
            raise ValidationFailed({whole: [f"Expected list for {'__'.join(path[:-1])}"]})
        node.extend(value)
        return
    last = _key(node, path[-1]) if isinstance(node, list) else path[-1]
    if last is None:
        raise ValidationFailed({whole: [f"Unmatched key {path[-1]}"]})
    if isinstance(node, list) and not isinstance(value, dict):
        raise ValidationFailed({whole: [f"Expected dict for {whole}"]})
    if whole in LISTS and not isinstance(value, list):
        raise ValidationFailed({whole: [f"Expected list for {whole}"]})
    _merge(node, last, value)


def _merge(node: Any, key: Any, value: Any) -> None:
    """Put a value in its place: objects merge, lists of objects merge element by element, the rest is replaced."""
    before = node[key] if isinstance(node, list) else node.get(key)
    if isinstance(before, dict) and isinstance(value, dict):
        for name, part in value.items():
            _merge(before, name, part)
    elif isinstance(before, list) and isinstance(value, list) and all(isinstance(item, dict) for item in before):
        for index, item in enumerate(value[: len(before)]):
            _merge(before, index, item)
        before.extend(value[len(before) :])
    else:
        node[key] = value


def _key(node: Any, token: str) -> Any:
    """The key or index that a token names in an object or a list; None where it names none, or more than one."""
    if isinstance(node, dict):
        return token if token in node else None
    if not isinstance(node, list):
        return None
    if INDEX.match(token):
        index = int(token)
        return index % len(node) if -len(node) <= index < len(node) else None
    ids = [str(item.get("id", "")) if isinstance(item, dict) else "" for item in node]
    found = [index for index, key in enumerate(ids) if key.startswith(token)] if len(token) >= MIN_PREFIX else []
    return found[0] if len(found) == 1 else None


def _leaves(node: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Every value below `node` with its path; keys may themselves be paths."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    if not isinstance(node, dict | list):
        yield path, node
    for key, value in pairs:
        yield from _leaves(value, path + tuple(str(key).split("__")))


def _patterns(value: Any) -> tuple[Pattern, ...]:
    """Filters from a list, a JSON list or a text with commas; without a sign a pattern drops."""
    items = _json(value) if value else []
    texts = items if isinstance(items, list) else str(items).split(",")
    patterns = tuple((str(text).startswith("+"), tuple(str(text).lstrip("+-").split("__"))) for text in texts)
    if any("*" in path[:-1] for _, path in patterns):
        # CKAN takes these and drops whole lists; nobody should come to depend on that here.
        raise ValidationFailed({"filter": ["* may only be the last part of a pattern"]})
    return patterns


def _object(data: Mapping[str, Any], name: str) -> Record:
    """The object under `name`, also as JSON text; empty where there is none."""
    value = _json(data.get(name) or {})
    if not isinstance(value, dict):
        raise ValidationFailed({name: ["Must be a dict"]})
    return value


def _json(value: Any) -> Any:
    """A value that may have come as JSON text (in a form): parsed where it parses, else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return plain(parsed(value))
    except ValueError:
        return value
