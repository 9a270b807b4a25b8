"""Which files to send, keep, relabel or take away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from odkit.model import FieldChange, Resource
from odkit.push.state import ResourceState

Pair = tuple[str, Resource]

SENDABLE = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class FilePlan:
    """The part of a `PushPlan` that is about files; see there."""

    uploads: tuple[Pair, ...]
    kept: tuple[Pair, ...]
    additions: tuple[str, ...]
    relabelled: tuple[Pair, ...]
    removals: tuple[str, ...]
    order: tuple[str, ...]
    changes: tuple[FieldChange, ...]
    names: Mapping[str, str]


def resource_id(portal_url: str, dataset: str, key: str) -> str:
    """The id a resource gets: the same in every run, so that its address stays and nothing is ever doubled."""
    return str(uuid5(NAMESPACE_URL, f"{portal_url}/dataset/{dataset}/resource/{key}"))


def resource_fields(resource: Resource) -> dict[str, str]:
    """What a resource says on the portal, beside its file."""
    return {
        "name": resource.title,
        "name_en": resource.title_en,
        "format": resource.format,
        "mimetype": resource.media_type,
        "odkit_key": resource.key,
        "odkit_sha256": resource.sha256,
    }


def plan_files(wanted: Sequence[Pair], found: Sequence[ResourceState]) -> FilePlan:
    """Compare the package's files (each with the id it would get) with the portal's resources.

    A resource that carries our key keeps its id, whatever its id is: a portal that moves to https keeps its files'
    addresses. Resources of other people are neither changed nor taken away.
    """
    pairs = tuple((_standing_id(pair, found), pair[1]) for pair in wanted)
    by_id = {item.id: item for item in found}
    uploads = tuple(pair for pair in pairs if not _same_content(by_id.get(pair[0]), pair[1]))
    kept = tuple(pair for pair in pairs if pair not in uploads)
    relabelled = tuple(pair for pair in kept if label_changes(by_id[pair[0]], pair[1]))
    removals = tuple(item.id for item in found if item.key and item.id not in dict(pairs))
    additions = tuple(name for name, _ in uploads if name not in by_id)
    ids = [name for name, _ in pairs]
    future = [*(item.id for item in found if item.id in ids), *additions]
    order = tuple(ids) if future != ids else ()
    label_lines = [line for name, item in pairs if name in by_id for line in label_changes(by_id[name], item)]
    return FilePlan(
        uploads=uploads,
        kept=kept,
        additions=additions,
        relabelled=relabelled,
        removals=removals,
        order=order,
        changes=(*label_lines, *_order_change(future, order, pairs)),
        names={
            **{name: sent_name(item, by_id.get(name)) for name, item in uploads},
            **{name: by_id[name].file_name for name in removals},
        },
    )


def label_changes(found: ResourceState, resource: Resource) -> tuple[FieldChange, ...]:
    """The name, format and media type that differ. Portals may spell a format in their own case."""
    wanted = resource_fields(resource)
    return tuple(
        FieldChange(field=f"resources.{resource.key}.{name}", before=found.fields[name], after=wanted[name])
        for name in ("name", "name_en", "format", "mimetype", "odkit_key")
        if _folded(name, found.fields[name]) != _folded(name, wanted[name])
    )


def sent_name(resource: Resource, found: ResourceState | None) -> str:
    """The file name to send: it is the end of the file's address, so that one that stands is kept.

    ASCII, for CKAN strips all other letters: a name that has others becomes the resource's key with the file's ending.
    """
    for name in (found.file_name if found and found.uploaded else "", Path(resource.path).name):
        if SENDABLE.fullmatch(name):
            return name
    suffix = Path(resource.path).suffix.lower()
    return resource.key + (suffix if re.fullmatch(r"\.[a-z0-9]+", suffix) else "")


def _folded(name: str, value: str) -> str:
    return value.casefold() if name == "format" else value


def _standing_id(pair: Pair, found: Iterable[ResourceState]) -> str:
    """The id under which the portal has this file, else the one it would get."""
    carriers = [item.id for item in found if item.key == pair[1].key]
    return pair[0] if pair[0] in carriers or not carriers else carriers[0]


def _same_content(found: ResourceState | None, resource: Resource) -> bool:
    """Whether the portal holds these bytes: by the hash sent with them, and by the size that it measured itself."""
    if found is None or found.fields["odkit_sha256"] != resource.sha256:
        return False
    return found.size is None or found.size == resource.bytes


def _order_change(future: Sequence[str], order: Sequence[str], pairs: Sequence[Pair]) -> tuple[FieldChange, ...]:
    """One line for a new order, in the files' keys."""
    if not order:
        return ()
    keys = {name: resource.key for name, resource in pairs}
    before, after = (", ".join(keys[name] for name in names) for names in (future, order))
    return (FieldChange(field="resources.order", before=before, after=after),)
