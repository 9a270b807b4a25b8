"""What a package has, against what a portal has: the `PushPlan`. Pure: nothing is asked, nothing written."""

from __future__ import annotations

from odkit.errors import PortalRefused
from odkit.model import DatasetSpec, Package, Publisher, PushPlan, Score
from odkit.push.files import FilePlan, plan_files, resource_id
from odkit.push.metadata import metadata_to_send, wanted_metadata
from odkit.push.state import DatasetState, PortalFacts

NOTHING = DatasetState(
    id="",
    name="",
    owner="",
    metadata_modified="",
    private=True,
    deleted=False,
    fields={},
    tags=(),
    extras={},
    resources=(),
)
"""A dataset that does not exist yet: it will first be created private."""


def plan_push(
    package: Package, score: Score, state: DatasetState | None, facts: PortalFacts, *, before: Score | None = None
) -> PushPlan:
    """Plan to publish `package`, worth `score` (and `before` odkit worth `before`), where the portal has `state`.

    `action` is ``unchanged`` if and only if carrying the plan out writes nothing. Raises PortalRefused where the
    dataset belongs to another organisation, or its organisation is missing and must not be created.
    """
    spec = package.spec
    _may_publish(spec, state, facts)
    standing = state or NOTHING
    metadata = wanted_metadata(package, score, before, facts.licences)
    dataset, changes = metadata_to_send(metadata, standing)
    pairs = [(resource_id(facts.url, spec.portal_name, item.key), item) for item in package.resources]
    files = plan_files(pairs, standing.resources)
    if state is None:
        dataset = {"name": spec.portal_name, "owner_org": spec.publisher.name, **dataset}
    return PushPlan(
        action=_action(state, dataset, files),
        dataset_name=spec.portal_name,
        organization=spec.publisher,
        create_organization=not facts.organization_exists,
        dataset_id=standing.id,
        metadata_modified=standing.metadata_modified,
        dataset=dataset,
        changes=(*changes, *(files.changes if state else ())),
        uploads=files.uploads,
        kept=files.kept,
        removals=files.removals,
        additions=files.additions,
        relabelled=files.relabelled,
        order=files.order,
        issues=metadata.issues,
    )


def organization_fields(publisher: Publisher) -> dict[str, object]:
    """The organisation as it is created for `publisher`."""
    extras = {"odkit_publisher_code": publisher.code, "title_en": publisher.title_en, "homepage": publisher.homepage}
    return {
        "name": publisher.name,
        "title": publisher.title,
        "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
    }


def _action(state: DatasetState | None, dataset: dict[str, object], files: FilePlan) -> str:
    if state is None:
        return "create"
    writes = (dataset, files.uploads, files.relabelled, files.removals, files.order)
    return "update" if any(writes) else "unchanged"


def _may_publish(spec: DatasetSpec, state: DatasetState | None, facts: PortalFacts) -> None:
    """Refuse before anything is written: another organisation's dataset, an organisation that is not there."""
    publisher = spec.publisher
    if state is not None and state.owner != publisher.name:
        details = {"dataset": spec.portal_name, "owner": state.owner or "-", "publisher": publisher.name}
        raise PortalRefused("push.other-owner", **details)
    if not facts.organization_exists and not facts.create_organizations:
        raise PortalRefused("push.no-organization", url=facts.url, name=publisher.name, title=publisher.title)
