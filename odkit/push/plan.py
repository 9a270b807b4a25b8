"""What a package has, against what a portal has: the `PushPlan`. Pure: nothing is asked, nothing written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from odkit.errors import PortalRefused
from odkit.model import DatasetSpec, FieldChange, Package, Publisher, PushPlan, Score
from odkit.push.adopt import adopted, left_alone
from odkit.push.files import FilePlan, Pair, plan_files, resource_id
from odkit.push.losses import lost, with_note
from odkit.push.metadata import metadata_to_send, wanted_metadata
from odkit.push.state import PREVIEWS_DUE, PUBLISHER_CODE, WITHDRAWN, DatasetState, PortalFacts

PORTAL_NAME = re.compile(r"[a-z0-9_-]{2,100}")
LEDGERS = frozenset({"changes", "issues"})
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
    dataset is another's, was withdrawn or made by hand, or its organisation is missing and must not be created.
    """
    spec = package.spec
    may_publish(spec, state, facts)
    standing = adopted(state, package.resources) if state else NOTHING
    pairs = [(resource_id(facts.url, spec.portal_name, item.key), item) for item in package.resources]
    files = plan_files(pairs, standing.resources)
    losses = lost(package, facts.published, standing, files.removals)
    metadata = wanted_metadata(package, score, before, facts)
    noted = with_note(metadata, losses if facts.rules.accept_changes else ())
    dataset, changes = metadata_to_send(noted, standing)
    if state is None:
        dataset = {"name": spec.portal_name, "owner_org": spec.publisher.name, **dataset}
    elif state.name and state.name != spec.portal_name:
        dataset = {"name": spec.portal_name, **dataset}
        changes = (FieldChange(field="name", before=state.name, after=spec.portal_name), *changes)
    tables = _unloaded((*files.uploads, *files.kept), standing) if facts.rules.datastore else ()
    previews = _unseen(standing, files.removals)
    return PushPlan(
        action=_action(state, dataset, files, (*tables, *previews)),
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
        losses=() if facts.rules.accept_changes else losses,
        names=files.names,
        tables=tables,
        previews=previews,
        left=left_alone(standing, noted, facts.own_fields),
    )


def organization_fields(publisher: Publisher) -> dict[str, object]:
    """The organisation as it is created for `publisher`."""
    extras = {"odkit_publisher_code": publisher.code, "title_en": publisher.title_en, "homepage": publisher.homepage}
    return {
        "name": publisher.name,
        "title": publisher.title,
        "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
    }


def _unloaded(pairs: Sequence[Pair], standing: DatasetState) -> tuple[Pair, ...]:
    """The tables whose rows the DataStore does not have yet; `pairs` are the package's files with their ids."""
    loaded = {item.id: item.fields["odkit_datastore"] for item in standing.resources}
    tables = ((name, item) for name, item in pairs if item.rows is not None and item.key not in LEDGERS)
    return tuple((name, item) for name, item in tables if loaded.get(name) != item.sha256)


def _unseen(standing: DatasetState, removals: Sequence[str]) -> tuple[str, ...]:
    """The files that came in a run which was cut off before it asked for their previews."""
    return tuple(item.id for item in standing.resources if item.fields[PREVIEWS_DUE] and item.id not in removals)


def _action(state: DatasetState | None, dataset: dict[str, object], files: FilePlan, more: Sequence[object]) -> str:
    if state is None:
        return "create"
    writes = (dataset, files.uploads, files.relabelled, files.removals, files.order, more)
    return "update" if any(writes) else "unchanged"


def may_publish(spec: DatasetSpec, state: DatasetState | None, facts: PortalFacts) -> None:
    """Refuse before anything is written: what is another's, what was withdrawn or made by hand, what has no owner.

    Raises PortalRefused.
    """
    publisher, name = spec.publisher, spec.portal_name
    if not PORTAL_NAME.fullmatch(name):
        raise PortalRefused("push.bad-name", dataset=name, id=spec.id)
    if state is not None:
        codes = {publisher.code, state.extras.get(PUBLISHER_CODE, publisher.code)}
        if state.owner != publisher.name or len(codes) > 1:
            raise PortalRefused("push.other-owner", dataset=name, owner=state.owner or "-", publisher=publisher.name)
        if state.extras.get(WITHDRAWN) and not facts.rules.restore:
            raise PortalRefused("push.withdrawn", dataset=name, id=spec.id, reason=state.extras[WITHDRAWN])
        if not state.managed and not facts.rules.adopt:
            raise PortalRefused("push.not-managed", dataset=name, id=spec.id)
    if facts.organization_code not in {"", publisher.code}:
        details = {"name": publisher.name, "owner": facts.organization_code, "publisher": publisher.code}
        raise PortalRefused("push.other-government", **details)
    if not facts.organization_exists and not facts.rules.create_organizations:
        raise PortalRefused("push.no-organization", url=facts.url, name=publisher.name, title=publisher.title)
