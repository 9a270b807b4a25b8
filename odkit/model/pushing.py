"""What a push does to a portal, and what publishing came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from odkit.model.declared import Publisher
from odkit.model.ledger import Issue
from odkit.model.packages import Built, Resource


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldChange:
    """A metadata field that a push changes."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PushPlan:
    """What a push will do to one dataset of a portal; made without writing, carried out exactly.

    `action` is ``create``, ``update`` or ``unchanged``; `dataset` is the metadata to send, `uploads` the files and
    ids (`additions`: new to the portal), `removals` the ids of our files that the package has no longer,
    `relabelled` the `kept` with another name or format, `order` our ids where the portal has another order.
    `losses` is what readers of the published data would lose, old → new: a plan that has any is not carried out.
    `names` are file names by id, the ends of the files' addresses: those to send under, and those of the `removals`;
    `tables` the files to load into the portal's DataStore; `previews` the ids of files whose previews an earlier run
    did not come to. `left` is what a dataset that is taken over keeps as people made it: the name of a field
    (``resources`` for a file) and its value.
    """

    action: str
    dataset_name: str
    organization: Publisher
    create_organization: bool
    dataset_id: str
    metadata_modified: str
    dataset: Mapping[str, object]
    changes: tuple[FieldChange, ...] = ()
    uploads: tuple[tuple[str, Resource], ...] = ()
    kept: tuple[tuple[str, Resource], ...] = ()
    removals: tuple[str, ...] = ()
    additions: tuple[str, ...] = ()
    relabelled: tuple[tuple[str, Resource], ...] = ()
    order: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    losses: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[tuple[str, Resource], ...] = ()
    previews: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What publishing one dataset came to."""

    built: Built
    plan: PushPlan
    address: str = ""
