"""Taking over a dataset that people made by hand: files of the same kind become ours. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from odkit.model import Resource
from odkit.push.state import DatasetState, ResourceState


def adopted(state: DatasetState, resources: Sequence[Resource]) -> DatasetState:
    """`state` with the keys of our files on the resources that they replace; as it is where odkit manages it already.

    A file of ours takes the place of the first resource of the same name, else of the same format: its id and address
    stay. What has no counterpart stays as people made it.
    """
    if state.managed:
        return state
    free = [item for item in state.resources if not item.key and item.uploaded]
    taken: dict[str, str] = {}
    for same in (_same_name, _same_format):
        for resource in resources:
            found = next((item for item in free if item.id not in taken and same(item, resource)), None)
            if found is not None and resource.key not in taken.values():
                taken[found.id] = resource.key
    return replace(state, resources=tuple(_named(item, taken.get(item.id, "")) for item in state.resources))


def _same_name(found: ResourceState, resource: Resource) -> bool:
    return found.file_name.casefold() == resource.path.casefold()


def _same_format(found: ResourceState, resource: Resource) -> bool:
    return found.fields["format"].casefold() == resource.format.casefold() and resource.rows is not None


def _named(item: ResourceState, key: str) -> ResourceState:
    return replace(item, taken_as=key) if key else item
