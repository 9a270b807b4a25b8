"""Taking a dataset off the portal: a notice in the place of every file, private, never purged. Its addresses stay.

The data are gone from the portal's disk, for they may be the reason; `Rules.restore` brings everything back.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from odkit import messages
from odkit.errors import PortalRefused
from odkit.model import DatasetSpec, FieldChange, PushPlan, Resource
from odkit.push.files import plan_files
from odkit.push.metadata import Metadata, metadata_to_send
from odkit.push.plan import may_publish
from odkit.push.portal import Portal
from odkit.push.rules import Rules
from odkit.push.state import WITHDRAWN, DatasetState, PortalFacts, ResourceState, read_facts, read_state

NOTICE = "notice.txt"


def plan_withdrawal(spec: DatasetSpec, portal: Portal, reason: str, folder: Path) -> PushPlan:
    """Plan to withdraw a dataset for `reason`, with a notice file that is written into `folder`; only reads.

    `apply_plan` carries it out with the same folder. Raises PortalRefused where there is no such dataset or it is
    another's.
    """
    state = read_state(portal, spec.portal_name)
    if state is None:
        raise PortalRefused("push.not-found", url=portal.url, subject=spec.portal_name)
    facts = read_facts(portal, spec.publisher)
    allowed = PortalFacts(
        url=facts.url,
        organization_exists=facts.organization_exists,
        organization_code=facts.organization_code,
        rules=Rules(restore=True, adopt=True, create_organizations=facts.rules.create_organizations),
    )
    may_publish(spec, state, allowed)
    notice = _notice(spec, reason).encode()
    (folder / NOTICE).write_bytes(notice)
    return withdrawal(spec, state, reason, notice)


def withdrawal(spec: DatasetSpec, state: DatasetState, reason: str, notice: bytes) -> PushPlan:
    """The plan itself. Pure."""
    files = plan_files([(item.id, _resource(item, notice)) for item in state.resources if item.key], state.resources)
    metadata = Metadata(fields={}, tags=state.tags, extras={WITHDRAWN: reason})
    told, changes = metadata_to_send(metadata, state)
    dataset = {name: value for name, value in told.items() if name == "extras"}
    if not state.private:
        dataset["private"] = True
    shown = tuple(change for change in changes if change.field.startswith("extras."))
    private = () if state.private else (FieldChange(field="private", before="false", after="true"),)
    return PushPlan(
        action="update" if dataset or files.uploads else "unchanged",
        dataset_name=spec.portal_name,
        organization=spec.publisher,
        create_organization=False,
        dataset_id=state.id,
        metadata_modified=state.metadata_modified,
        dataset=dataset,
        changes=(*shown, *private),
        uploads=files.uploads,
        kept=files.kept,
        names=files.names,
    )


def _notice(spec: DatasetSpec, reason: str) -> str:
    details = {"dataset": spec.title, "publisher": spec.publisher.title, "reason": reason}
    return "".join(messages.text("push.notice", lang, details) + "\n" for lang in messages.LANGUAGES)


def _resource(item: ResourceState, notice: bytes) -> Resource:
    """The notice as the file of a resource, whose labels stay."""
    return Resource(
        key=item.key,
        path=NOTICE,
        title=item.fields["name"],
        title_en=item.fields["name_en"],
        format=item.fields["format"],
        media_type=item.fields["mimetype"] or "text/plain",
        bytes=len(notice),
        sha256=sha256(notice).hexdigest(),
    )
