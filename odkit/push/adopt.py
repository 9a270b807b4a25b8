"""Taking over a dataset that people made by hand: files of the same kind become ours, the rest stays. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from odkit.model import Resource
from odkit.push.metadata import Metadata
from odkit.push.state import DatasetState, ResourceState

OF_PEOPLE = ("author", "author_email", "maintainer", "maintainer_email", "url", "version")
"""Fields of every CKAN that people fill in and a package may say nothing of."""

OF_THE_PORTAL = frozenset({"id", "name", "owner_org", "type"})
TABLE, FORMS = "data", frozenset({"CSV", "XLSX"})
"""The file that holds the dataset's table, and the forms in which people have published it before."""


def adopted(state: DatasetState, resources: Sequence[Resource]) -> DatasetState:
    """`state` with the keys of our files on the resources that they replace; as it is where odkit manages it already.

    A file of ours takes the place of the first resource of the same name; the table else of the first of the same
    format: its id and address stay. What has no counterpart stays as people made it.
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
    """Whether both are the table: another file of the package says nothing that people's file has said."""
    is_table = Path(resource.path).stem == TABLE and resource.format in FORMS
    return is_table and found.fields["format"].casefold() == resource.format.casefold()


def _named(item: ResourceState, key: str) -> ResourceState:
    return replace(item, taken_as=key) if key else item


def left_alone(standing: DatasetState, wanted: Metadata, own_fields: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """What of a dataset that is taken over (`standing`, as `adopted` gives it) stays as people made it; see `PushPlan`.

    Nothing where odkit manages it already. `own_fields` are those that the portal gives its datasets beside CKAN's.
    """
    if standing.managed:
        return ()
    names = dict.fromkeys((*OF_PEOPLE, *sorted(own_fields - OF_THE_PORTAL)))
    fields = {name: standing.fields.get(name, "") for name in names if name not in wanted.fields}
    extras = {f"extras.{key}": value for key, value in standing.extras.items() if key not in wanted.extras}
    groups = {"groups": ", ".join(standing.groups)}
    files = [item for item in standing.resources if not item.key]
    return (
        *((name, value) for name, value in {**fields, **groups, **extras}.items() if value),
        *(("resources", f"{item.fields['name']} {item.address}".strip()) for item in files),
    )
