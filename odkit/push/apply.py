"""Carry out a `PushPlan`, exactly. A run that is cut off leaves nothing that the next one does not finish.

A new dataset is private until every file is on the portal and reads back as sent. What is there is changed with
``package_revise`` only, which keeps what it is not told to change and refuses if someone else was faster.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from odkit.errors import PortalRefused
from odkit.model import FieldChange, PushPlan, Resource
from odkit.push.files import resource_fields
from odkit.push.plan import organization_fields
from odkit.push.portal import FilePart, Json, Portal
from odkit.push.state import parse_state
from odkit.push.verify import file_differences


def apply_plan(plan: PushPlan, portal: Portal, folder: Path) -> str:
    """Carry out `plan` on `portal` with the files of `folder`, and return the dataset's address.

    An ``unchanged`` plan sends nothing. Raises PortalRefused (``push.file-changed`` before anything is sent, where
    a file is no longer the planned one; ``push.verify`` where the portal serves other bytes), PortalRetry, PortalStop.
    """
    if plan.action != "unchanged":
        for _, resource in plan.uploads:
            _content(folder, resource)
        _create_organization(plan, portal)
        _Run(plan, portal, folder).carry_out()
    return portal.address(plan.dataset_name)


def _create_organization(plan: PushPlan, portal: Portal) -> None:
    """Create the organisation, unless another dataset of the same run has done so since the plan was made."""
    publisher = plan.organization
    if plan.create_organization and not portal.has_organization(publisher.name):
        try:
            portal.write("organization_create", organization_fields(publisher), subject=publisher.name)
        except PortalRefused:
            # Another run may have been faster between the two calls.
            if not portal.has_organization(publisher.name):
                raise


@dataclass
class _Run:
    """One dataset being written. `modified` is the version of it that we have seen last."""

    plan: PushPlan
    portal: Portal
    folder: Path
    dataset_id: str = ""
    modified: str = ""

    def carry_out(self) -> None:
        """Metadata, files, order; then look; then let the public in."""
        if self.plan.action == "create":
            self._create()
        else:
            self.dataset_id, self.modified = self.plan.dataset_id, self.plan.metadata_modified
            self._revise()
        self._send_files()
        if self.plan.order:
            self._write("package_resource_reorder", {"id": self.dataset_id, "order": list(self.plan.order)})
        self._check()
        if "private" in self.plan.dataset:
            self._write("package_patch", {"id": self.dataset_id, "private": self.plan.dataset["private"]})

    def _create(self) -> None:
        created = self._write("package_create", {**self.plan.dataset, "private": True})
        self.dataset_id = str(created["id"])

    def _revise(self) -> None:
        """Send in one call all that needs no file: fields, labels of files that stay, files that go."""
        fields = {name: value for name, value in self.plan.dataset.items() if name != "private"}
        labels = {f"update__resources__{name}": _labels(item) for name, item in self.plan.relabelled}
        # package_revise merges lists item by item: what is replaced whole is taken out first.
        lists = [f"-{name}" for name in ("tags", "extras") if name in fields]
        removals = [f"-resources__{name}" for name in self.plan.removals]
        if fields or labels or removals:
            match = {"id": self.dataset_id, "metadata_modified": self.modified}
            changes = {"match": match, "filter": [*lists, *removals], "update": fields, **labels}
            self._seen(self._write("package_revise", changes))

    def _send_files(self) -> None:
        """Replace the files that are there, each under the version seen last; then add the new ones, in order."""
        for name, resource in self.plan.uploads:
            if name not in self.plan.additions:
                self._replace(name, resource)
        for name, resource in self.plan.uploads:
            if name in self.plan.additions:
                fields = {"package_id": self.dataset_id, "id": name, **resource_fields(resource)}
                self._write("resource_create", fields, self._part(resource, "upload"))

    def _replace(self, name: str, resource: Resource) -> None:
        """Send a file and what is said of it in one call."""
        place = f"update__resources__{name}__"
        fields = {f"{place}{field}": form_text(value) for field, value in resource_fields(resource).items()}
        match = {"match__id": self.dataset_id, "match__metadata_modified": self.modified}
        part = self._part(resource, f"{place}upload")
        self._seen(self._write("package_revise", {**match, **fields}, part))

    def _check(self) -> None:
        """Read back what was sent; before the public comes in, every file."""
        pairs = (*self.plan.uploads, *(self.plan.kept if "private" in self.plan.dataset else ()))
        if not pairs:
            return
        wrong = file_differences(pairs, parse_state(self.portal.show(self.dataset_id) or {}), self.portal)
        if wrong:
            self._disown(wrong)
            files = ", ".join(change.field.removeprefix("resources.") for change in wrong)
            raise PortalRefused("push.verify", dataset=self.plan.dataset_name, files=files)

    def _disown(self, wrong: tuple[FieldChange, ...]) -> None:
        """Take the hashes of the wrong files away, so that the next run sends these files again."""
        ids = {f"resources.{item.key}": name for name, item in (*self.plan.uploads, *self.plan.kept)}
        unsaid = {f"update__resources__{ids[change.field]}": {"odkit_sha256": ""} for change in wrong}
        self._write("package_revise", {"match": {"id": self.dataset_id}, **unsaid})

    def _part(self, resource: Resource, field: str) -> FilePart:
        content = _content(self.folder, resource)
        return FilePart(field, upload_name(resource), content, resource.media_type)

    def _write(self, action: str, data: Json, part: FilePart | None = None) -> Json:
        return self.portal.write(action, data, subject=self.plan.dataset_name, part=part)

    def _seen(self, answer: Json) -> None:
        """Remember the version that a revision made."""
        package = answer.get("package")
        self.modified = str(package["metadata_modified"]) if isinstance(package, dict) else self.modified


def upload_name(resource: Resource) -> str:
    """The file name to send: ASCII, for CKAN strips all other letters, and it is part of the file's address.

    A name that has others becomes the resource's key with the file's own ending.
    """
    path = Path(resource.path)
    if re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", path.name):
        return path.name
    suffix = path.suffix.lower()
    return resource.key + (suffix if re.fullmatch(r"\.[a-z0-9]+", suffix) else "")


def form_text(value: str) -> str:
    """`value` as package_revise must find it in a form to read it as text.

    It reads a form's values as JSON where they are JSON, so that the title ``2024`` would become a number: these are
    sent as JSON text.
    """
    try:
        json.loads(value)
    except ValueError:
        return value
    return json.dumps(value)


def _labels(resource: Resource) -> dict[str, str]:
    """What a resource says of itself, without what belongs to its bytes."""
    return {name: value for name, value in resource_fields(resource).items() if name != "odkit_sha256"}


def _content(folder: Path, resource: Resource) -> bytes:
    """The bytes of a file of the package, if they are still the planned ones."""
    try:
        content = (folder / resource.path).read_bytes()
    except OSError as error:
        raise PortalRefused("push.file-changed", file=resource.path) from error
    if sha256(content).hexdigest() != resource.sha256:
        raise PortalRefused("push.file-changed", file=resource.path)
    return content
