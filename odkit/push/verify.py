"""Read a dataset back and say what differs from its plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from odkit.model import FieldChange, PushPlan
from odkit.push.files import Pair, label_changes
from odkit.push.portal import Portal
from odkit.push.state import DatasetState, read_state


def verify(plan: PushPlan, portal: Portal) -> tuple[FieldChange, ...]:
    """What differs on the portal from `plan`, once it is carried out: nothing, if all is well.

    In each `FieldChange`, `before` is what the portal has and `after` what it should have. Downloads every file of
    the package. Raises PortalError.
    """
    state = read_state(portal, plan.dataset_name)
    if state is None:
        return (FieldChange(field="dataset", before="", after=plan.dataset_name),)
    pairs = (*plan.uploads, *plan.kept)
    found = {item.id: item for item in state.resources}
    return (
        *metadata_differences(plan.dataset, state),
        *(line for name, item in pairs if name in found for line in label_changes(found[name], item)),
        *(FieldChange(field="resources", before=name, after="") for name in plan.removals if name in found),
        *file_differences(pairs, state, portal),
    )


def file_differences(pairs: Sequence[Pair], state: DatasetState | None, portal: Portal) -> tuple[FieldChange, ...]:
    """The files that the portal serves with other bytes, or not at all, by their SHA-256."""
    addresses = {item.id: item.address for item in state.resources} if state else {}
    changes = []
    for name, resource in pairs:
        served = portal.sha256(addresses[name], resource.bytes) if addresses.get(name) else ""
        if served != resource.sha256:
            changes.append(FieldChange(field=f"resources.{resource.key}", before=served, after=resource.sha256))
    return tuple(changes)


def metadata_differences(sent: Mapping[str, object], state: DatasetState) -> Iterable[FieldChange]:
    """The fields that were sent and read differently."""
    found: dict[str, object] = {
        **state.fields,
        "owner_org": state.owner,
        "private": state.private,
        "tags": sorted(state.tags),
        "extras": sorted(state.extras.items()),
    }
    for name, value in sent.items():
        before, after = found.get(name, ""), _comparable(name, value)
        if before != after:
            yield FieldChange(field=name, before=str(before), after=str(after))


def _comparable(name: str, value: object) -> object:
    """A value as sent, in the form in which the portal's is read; lists without their order."""
    if name == "tags" and isinstance(value, list):
        return sorted(tag["name"] for tag in value)
    if name == "extras" and isinstance(value, list):
        return sorted((extra["key"], extra["value"]) for extra in value)
    return value
