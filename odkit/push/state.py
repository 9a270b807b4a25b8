"""What a portal has: one dataset as ``package_show`` gives it, and the facts a plan depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from odkit.push.rules import Rules

if TYPE_CHECKING:
    from odkit.model import Publisher
    from odkit.push.portal import Portal

DEFAULT_RULES = Rules()
PUBLISHER_CODE = "odkit_publisher_code"
WITHDRAWN = "odkit_withdrawn"
ALWAYS_EXTRAS = frozenset({PUBLISHER_CODE, WITHDRAWN})
"""What a plan depends on is looked for in one place."""

PREVIEWS_DUE = "odkit_previews"
"""Stands on a file that is new in a public dataset until the portal was asked for its previews."""

RESOURCE_FIELDS = (
    *("name", "name_en", "format", "mimetype"),
    *("odkit_key", "odkit_sha256", "odkit_datastore", PREVIEWS_DUE),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceState:
    """A resource on the portal. `fields` are those of `RESOURCE_FIELDS`, "" where unset; `size` in bytes, if known.

    `uploaded`: the portal has the file, the address is no link to elsewhere. `taken_as` is the key of our file that
    takes the place of a file that people made by hand.
    """

    id: str
    address: str
    size: int | None
    fields: Mapping[str, str]
    uploaded: bool = True
    taken_as: str = ""

    @property
    def key(self) -> str:
        """The package's key for this file; "" for a resource that is not odkit's."""
        return self.fields["odkit_key"] or self.taken_as

    @property
    def file_name(self) -> str:
        """The last part of the address: people's links end with it."""
        return self.address.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetState:
    """A dataset on the portal. `owner` is its organisation's name; `fields` its text fields, "" where unset."""

    id: str
    name: str
    owner: str
    metadata_modified: str
    private: bool
    deleted: bool
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    extras: Mapping[str, str]
    resources: tuple[ResourceState, ...]
    groups: tuple[str, ...] = ()

    @property
    def managed(self) -> bool:
        """Whether odkit made or took over this dataset."""
        return PUBLISHER_CODE in self.extras or any(item.fields["odkit_key"] for item in self.resources)


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalFacts:
    """What a plan must know of a portal. `licences`: mappings with ``id``, ``title``, ``url`` (``license_list``).

    `organization_code` is the government that the publisher's organisation says it is, "" where it says none;
    `published` the descriptor of the package that stands on the portal, empty where that does not matter;
    `own_fields` the fields that this portal gives its datasets beside CKAN's.
    """

    url: str
    licences: Sequence[Mapping[str, object]] = ()
    organization_exists: bool = True
    organization_code: str = ""
    rules: Rules = DEFAULT_RULES
    published: Mapping[str, object] = field(default_factory=dict)
    own_fields: frozenset[str] = frozenset()


def read_facts(portal: Portal, publisher: Publisher) -> PortalFacts:
    """Ask the portal for the facts that a plan for `publisher` needs. Raises PortalError."""
    organization = portal.organization(publisher.name)
    extras = {_text(item, "key"): _text(item, "value") for item in _mappings(organization or {}, "extras")}
    return PortalFacts(
        url=portal.url,
        licences=portal.licences(),
        organization_exists=organization is not None,
        organization_code=extras.get(PUBLISHER_CODE, ""),
        rules=portal.rules,
        own_fields=frozenset(portal.fields()) - ALWAYS_EXTRAS,
    )


def read_state(portal: Portal, name: str) -> DatasetState | None:
    """The dataset called `name` as it stands on the portal, None where there is none. Raises PortalError.

    Asks for the dataset itself: a search that finds nothing proves nothing.
    """
    shown = portal.show(name)
    return None if shown is None else parse_state(shown)


def parse_state(shown: Mapping[str, object]) -> DatasetState:
    """Read the answer of ``package_show``; what is missing is empty."""
    owner = shown.get("organization")
    return DatasetState(
        id=_text(shown, "id"),
        name=_text(shown, "name"),
        owner=_text(owner, "name") if isinstance(owner, Mapping) else "",
        metadata_modified=_text(shown, "metadata_modified"),
        private=bool(shown.get("private")),
        deleted=shown.get("state") == "deleted",
        fields={name: _text(shown, name) for name in shown if isinstance(shown[name], str)},
        tags=tuple(_text(tag, "name") for tag in _mappings(shown, "tags")),
        extras={_text(extra, "key"): _text(extra, "value") for extra in _mappings(shown, "extras")},
        resources=tuple(_resource(item) for item in _mappings(shown, "resources")),
        groups=tuple(_text(group, "title") or _text(group, "name") for group in _mappings(shown, "groups")),
    )


def _resource(shown: Mapping[str, object]) -> ResourceState:
    size = shown.get("size")
    return ResourceState(
        id=_text(shown, "id"),
        address=_text(shown, "url"),
        size=size if isinstance(size, int) else None,
        fields={name: _text(shown, name) for name in RESOURCE_FIELDS},
        uploaded=shown.get("url_type") == "upload",
    )


def _mappings(shown: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """The mappings in the list called `name`."""
    items = shown.get(name)
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _text(shown: Mapping[str, object], name: str) -> str:
    """A value as text; nothing set is the empty text."""
    value = shown.get(name)
    return "" if value is None else str(value)
