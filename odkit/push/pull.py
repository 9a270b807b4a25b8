"""Packages from any CKAN: byte for byte what odkit published, or a data package made of what people put there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from odkit.errors import PortalRefused
from odkit.jsonfile import json_bytes
from odkit.model import Issue, Severity, Where
from odkit.push.fetch import Fetched, Fetcher, plain_address
from odkit.push.losses import CHANGE_NOTE
from odkit.push.mirror import Mirror, Wanted
from odkit.push.names import is_plain, plain_name, slug, unique
from odkit.push.portal import Portal
from odkit.push.state import DatasetState, ResourceState, parse_state

DESCRIPTOR, DESCRIPTOR_KEY = "datapackage.json", "datapackage"
PAGES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Pulled:
    """What pulling a dataset came to. `action` is ``pulled`` or ``unchanged``; `note` what its publisher changed."""

    name: str
    folder: Path
    action: str
    files: int
    bytes: int
    note: str = ""
    issues: tuple[Issue, ...] = ()


def pull(name: str, portal: Portal, fetcher: Fetcher, root: Path) -> Pulled:
    """Have the dataset called `name` as a data package in a folder of `root`, verified by its hashes.

    Raises PortalRefused where there is no such dataset, where a file that odkit published does not arrive as it was
    published (``push.pull-hash``), or its descriptor is not to be trusted (``push.pull-descriptor``).
    """
    shown = portal.show(name)
    if shown is None:
        raise PortalRefused("push.not-found", url=portal.url, subject=name)
    state = parse_state(shown)
    mirror = Mirror(root, plain_name(state.name, "dataset"), fetcher)
    if any(item.key == DESCRIPTOR_KEY for item in state.resources):
        return _published(state, mirror)
    return _hand_made(state, shown, mirror, portal.address(state.name))


def _published(state: DatasetState, mirror: Mirror) -> Pulled:
    """A package of odkit's: the descriptor says which file has which path, the portal and it say which hash."""
    ours = {item.key: item for item in state.resources if item.key}
    head = ours.pop(DESCRIPTOR_KEY)
    got = [mirror.bring(_wanted(head, DESCRIPTOR))]
    paths = _paths(mirror, ours)
    for key, item in ours.items():
        got.append(mirror.bring(_wanted(item, paths[key])))
    return _closed(state, mirror, {DESCRIPTOR, *paths.values()}, got)


def _paths(mirror: Mirror, ours: Mapping[str, ResourceState]) -> dict[str, str]:
    """The path of each file by its key, if the descriptor and the portal agree on files and hashes."""
    name = mirror.name
    try:
        entries: Any = json.loads((mirror.staging / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
        found = {str(entry["name"]): (str(entry["path"]), str(entry["hash"])) for entry in entries}
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise PortalRefused("push.pull-descriptor", dataset=name, file=DESCRIPTOR) from error
    paths = {key: path for key, (path, _) in found.items()}
    for key, (path, digest) in found.items():
        there = ours[key].fields["odkit_sha256"] if key in ours else ""
        if not is_plain(path) or path == DESCRIPTOR or digest != f"sha256:{there}":
            raise PortalRefused("push.pull-descriptor", dataset=name, file=path)
    if len({path.casefold() for path in paths.values()}) < len(paths) or set(paths) != set(ours):
        raise PortalRefused("push.pull-descriptor", dataset=name, file=DESCRIPTOR)
    return paths


def _wanted(item: ResourceState, path: str) -> Wanted:
    digest = item.fields["odkit_sha256"]
    return Wanted(path=path, address=item.address, uploaded=item.uploaded, sha256=digest)


def _hand_made(state: DatasetState, shown: Mapping[str, object], mirror: Mirror, address: str) -> Pulled:
    """A package made of what is there; a file that does not come is told and left out."""
    entries: list[dict[str, object]] = []
    issues: list[Issue] = []
    got: list[Fetched] = []
    for wanted in _named(state):
        try:
            fetched = _file(mirror, wanted)
        except PortalRefused as refusal:
            issues.append(_left_out(refusal, wanted))
            continue
        got.append(fetched)
        entries.append(_entry(wanted, fetched, [str(entry["name"]) for entry in entries]))
    if not entries:
        raise PortalRefused("push.pull-nothing", dataset=state.name)
    descriptor = {**_package(state, shown, address), "resources": entries}
    mirror.write(DESCRIPTOR, json_bytes(descriptor))
    return _closed(state, mirror, {DESCRIPTOR, *(str(entry["path"]) for entry in entries)}, got, issues)


def _file(mirror: Mirror, wanted: Wanted) -> Fetched:
    """A file of another's; raises PortalRefused where a page comes in the place of data (an error page, mostly)."""
    fetched = mirror.bring(wanted)
    if fetched.media_type in PAGES and not wanted.uploaded and wanted.format.casefold() not in {"", "html"}:
        raise PortalRefused("push.pull-page", file=plain_address(wanted.address))
    return fetched


def _closed(
    state: DatasetState, mirror: Mirror, paths: set[str], got: list[Fetched], issues: list[Issue] | None = None
) -> Pulled:
    changed = mirror.close(paths)
    return Pulled(
        name=state.name,
        folder=mirror.final,
        action="pulled" if changed else "unchanged",
        files=len(paths),
        bytes=sum(item.bytes for item in got),
        note=state.extras.get(CHANGE_NOTE, ""),
        issues=tuple(issues or ()),
    )


def _named(state: DatasetState) -> list[Wanted]:
    """Every resource with an address, under a name of its own."""
    found: list[Wanted] = []
    taken = [DESCRIPTOR]
    for item in state.resources:
        if item.address:
            title, kind = item.fields["name"], item.fields["format"].casefold()
            ending = f".{kind}" if kind.isascii() and kind.isalnum() else ""
            named = plain_name(item.file_name.partition("?")[0], "")
            plain = named if "." in named else plain_name(title, "file").removesuffix(ending) + ending
            taken.append(unique(plain, taken))
            found.append(
                Wanted(
                    path=taken[-1],
                    address=item.address,
                    uploaded=item.uploaded,
                    title=title,
                    format=item.fields["format"],
                )
            )
    return found


def _entry(wanted: Wanted, fetched: Fetched, taken: list[str]) -> dict[str, object]:
    """A file that nobody described: what is certain of it. No table to frictionless, which would read it wrong."""
    entry = {
        "name": unique(slug(wanted.path.rpartition(".")[0], "file"), taken),
        "type": "file",
        "path": wanted.path,
        "title": wanted.title,
        "format": slug(wanted.format, ""),
        "mediatype": fetched.media_type,
    }
    told: dict[str, object] = {key: value for key, value in entry.items() if value}
    return {**told, "bytes": fetched.bytes, "hash": f"sha256:{fetched.sha256}"}


def _package(state: DatasetState, shown: Mapping[str, object], address: str) -> dict[str, object]:
    licence = {"name": slug(state.fields.get("license_id", ""), ""), "title": state.fields.get("license_title", "")}
    url = state.fields.get("license_url", "")
    licence["path"] = url if url.startswith(("http://", "https://")) else ""
    known = {key: value for key, value in licence.items() if value}
    organization = shown.get("organization")
    title = str(organization.get("title") or "") if isinstance(organization, Mapping) else ""
    described = {
        "name": slug(state.name, "dataset"),
        "title": state.fields.get("title", ""),
        "description": state.fields.get("notes", ""),
        "homepage": address,
        "licenses": [known] if {"name", "path"} & set(known) else [],
        "contributors": [{"title": title, "role": "publisher"}] if title else [],
        "keywords": list(state.tags),
    }
    return {key: value for key, value in described.items() if value}


def _left_out(refusal: PortalRefused, wanted: Wanted) -> Issue:
    where = Where(file=wanted.path)
    return Issue(code=refusal.code, severity=Severity.WARNING, where=where, details=refusal.details)
