"""Carry out a `PushPlan`, exactly. A run that is cut off leaves nothing that the next one does not finish.

A new dataset is private until every file is on the portal and reads back as sent. All that changes of a dataset goes
in one ``package_revise``: metadata, files that come, change and go. CKAN carries it out whole or not at all, and only
on the version that the plan was made for, so that two publishers at once never mix and readers never see half.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from odkit.errors import PortalError, PortalRefused, PortalRetry
from odkit.model import FieldChange, PushPlan, Resource
from odkit.push.datastore import load_table
from odkit.push.files import label_changes, resource_fields
from odkit.push.patience import passing, patiently, retrying
from odkit.push.plan import organization_fields
from odkit.push.portal import Json, Portal
from odkit.push.state import PREVIEWS_DUE, DatasetState, parse_state
from odkit.push.upload import FilePart
from odkit.push.verify import file_differences, metadata_differences

BLOCK = 1 << 20
IN_DOUBT = "push.changed-meanwhile"
"""What a repeated write meets where the first one was carried out after all."""

Done = Callable[[DatasetState | None], bool]


def apply_plan(plan: PushPlan, portal: Portal, folder: Path) -> str:
    """Carry out `plan` on `portal` with the files of `folder`, and return the dataset's address.

    An ``unchanged`` plan sends nothing. Raises PortalRefused (``push.losses`` and ``push.file-changed`` before
    anything is sent, ``push.verify`` where the portal serves other bytes), PortalRetry, PortalStop.
    """
    if plan.action != "unchanged":
        if plan.losses:
            raise PortalRefused("push.losses", dataset=plan.dataset_name, losses="; ".join(plan.losses))
        for _, resource in plan.uploads:
            _check_file(folder, resource)
        _create_organization(plan, portal)
        _Run(plan, portal, folder).carry_out()
    return portal.address(plan.dataset_name)


def _create_organization(plan: PushPlan, portal: Portal) -> None:
    """Create the organisation, unless another dataset or another run has done so since the plan was made."""
    publisher = plan.organization
    if not plan.create_organization:
        return
    for attempt in retrying(portal.rules):
        with attempt:
            if portal.organization(publisher.name) is not None:
                return
            try:
                portal.write("organization_create", organization_fields(publisher), subject=publisher.name)
            except PortalRefused:
                if portal.organization(publisher.name) is None:
                    raise


@dataclass
class _Run:
    """One dataset being written. `modified` is the version of it that we have seen last, `shown` and `state` how."""

    plan: PushPlan
    portal: Portal
    folder: Path
    dataset_id: str = ""
    modified: str = ""
    shown: Json | None = None
    state: DatasetState | None = None

    def carry_out(self) -> None:
        """Metadata and files; order; then look; then let the public in."""
        if self.plan.action == "create":
            self._create()
        else:
            self.dataset_id, self.modified = self.plan.dataset_id, self.plan.metadata_modified
        try:
            self._revise()
        except PortalRefused:
            self._take_back()
            raise
        if self.plan.order:
            self._settle(self._reorder, lambda state: state is not None and self._is_ordered(state))
        self._check()
        self._load_tables()
        self._make_views()
        if "private" in self.plan.dataset:
            wanted = bool(self.plan.dataset["private"])
            self._settle(self._open, lambda state: state is not None and state.private is wanted)

    def _create(self) -> None:
        fields = {**self.plan.dataset, "private": True}
        self._settle(
            lambda: self._send_new(fields),
            lambda state: state is not None and not any(metadata_differences(fields, state)),
        )

    def _send_new(self, fields: Json) -> None:
        try:
            self._write("package_create", fields)
        except (PortalRefused, PortalRetry) as fault:
            # CKAN says in its own language that a name is taken, two at once make it fail: whether it is, it is asked.
            if fault.code in {"push.invalid", "push.server-error"} and self._look() is not None:
                raise PortalRetry("push.changed-meanwhile", dataset=self.plan.dataset_name) from fault
            raise

    def _take_back(self) -> None:
        """Delete a dataset that we have just created and whose files the portal does not take. Nobody has seen it."""
        if self.plan.action == "create":
            with suppress(PortalError):
                self.portal.command("package_delete", {"id": self.dataset_id}, subject=self.plan.dataset_name)

    def _revise(self) -> None:
        """Send in one call all that changes: fields, labels of files that stay, files that come, change and go."""
        plan = self.plan
        fields = {name: value for name, value in plan.dataset.items() if name != "private"}
        sent = fields if plan.action != "create" else {}
        if sent or plan.uploads or plan.relabelled or plan.removals:
            self._settle(lambda: self._write("package_revise", *self._revision(sent)), self._is_revised)

    def _revision(self, fields: Json) -> tuple[Json, tuple[FilePart, ...]]:
        """The data and files of the one call. With files it is a form, in which the values are JSON."""
        plan = self.plan
        standing = [pair for pair in plan.uploads if pair[0] not in plan.additions]
        # package_revise merges lists item by item: what is replaced whole is taken out first.
        lists = [f"-{name}" for name in ("tags", "extras") if name in fields]
        data: dict[str, object] = {
            "match": {"id": self.dataset_id, "metadata_modified": self.modified},
            "filter": [*lists, *(f"-resources__{name}" for name in plan.removals)],
            "update": fields,
            **{f"update__resources__{name}": _labels(item) for name, item in plan.relabelled},
            **{f"update__resources__{name}": resource_fields(item) for name, item in standing},
        }
        new = [{"id": name, **resource_fields(item)} for name, item in plan.uploads if name in plan.additions]
        if new and "private" not in plan.dataset and self._has_previews():
            # A dataset that is private still tells the next run by that what is left to do; a public one must say it.
            new = [{**item, PREVIEWS_DUE: "due"} for item in new]
        if new:
            data["update__resources__extend"] = new
        parts = tuple(self._part(name, item) for name, item in plan.uploads)
        return ({key: json.dumps(value) for key, value in data.items()} if parts else data), parts

    def _part(self, name: str, item: Resource) -> FilePart:
        field, path = f"update__resources__{name}__upload", self.folder / item.path
        return FilePart(field, self.plan.names[name], path, item.bytes, item.media_type)

    def _is_revised(self, state: DatasetState | None) -> bool:
        """Whether a state is what the revision makes."""
        if state is None:
            return False
        found = {item.id: item for item in state.resources}
        fields = {name: value for name, value in self.plan.dataset.items() if name != "private"}
        return (
            not any(metadata_differences(fields, state))
            and not any(name in found for name in self.plan.removals)
            and all(
                name in found and found[name].fields["odkit_sha256"] == item.sha256 for name, item in self.plan.uploads
            )
            and not any(label_changes(found[name], item) for name, item in self.plan.relabelled if name in found)
        )

    def _reorder(self) -> None:
        self.portal.write(
            "package_resource_reorder",
            {"id": self.dataset_id, "order": list(self.plan.order)},
            subject=self.plan.dataset_name,
        )
        self._look()

    def _is_ordered(self, state: DatasetState) -> bool:
        return tuple(item.id for item in state.resources if item.id in self.plan.order) == self.plan.order

    def _open(self) -> None:
        match = {"id": self.dataset_id, "metadata_modified": self.modified}
        self._write("package_revise", {"match": match, "update": {"private": self.plan.dataset["private"]}})

    def _settle(self, send: Callable[[], None], done: Done) -> None:
        """Send until the portal has it or refuses it. After a fault, look first: it may have been carried out.

        Raises PortalRetry where someone else has changed the dataset meanwhile.
        """
        tries = 0
        for attempt in retrying(self.portal.rules):
            with attempt:
                tries += 1
                try:
                    send()
                except PortalError as fault:
                    if not passing(fault) and (fault.code != IN_DOUBT or tries == 1):
                        raise
                    if not self._was_done(done):
                        raise

    def _was_done(self, done: Done) -> bool:
        """Whether the portal has carried out what was sent, though its answer was lost."""
        before = self.modified
        state = self._look()
        if done(state):
            return True
        if state is not None and state.metadata_modified != before:
            raise PortalRetry("push.changed-meanwhile", dataset=self.plan.dataset_name)
        return False

    def _look(self) -> DatasetState | None:
        shown = self.portal.show(self.dataset_id or self.plan.dataset_name)
        self._see(shown)
        return self.state

    def _look_again(self) -> None:
        """Ask for the dataset that the plan knows; raises PortalRetry where it is another one by now."""
        planned = self.modified
        state = self._look()
        if state is None or state.metadata_modified != planned:
            raise PortalRetry("push.changed-meanwhile", dataset=self.plan.dataset_name)

    def _check(self) -> None:
        """Read back what was sent; before the public comes in, every file."""
        pairs = (*self.plan.uploads, *(self.plan.kept if "private" in self.plan.dataset else ()))
        if not pairs:
            return
        if self.state is None:
            self._look_again()
        wrong = file_differences(pairs, self.state, self.portal)
        # A page of a proxy in the place of one answer says nothing of the file: it is asked for once more.
        doubtful = {change.field for change in wrong}
        wrong = file_differences(
            [pair for pair in pairs if f"resources.{pair[1].key}" in doubtful], self.state, self.portal
        )
        if wrong:
            self._disown(wrong)
            files = ", ".join(change.field.removeprefix("resources.") for change in wrong)
            raise PortalRefused("push.verify", dataset=self.plan.dataset_name, files=files)

    def _load_tables(self) -> None:
        """Load the tables, then note on their resources which bytes are loaded."""
        for name, item in self.plan.tables:
            load_table(self.portal, name, item.key, self.folder, self.plan.dataset_name)
        if self.plan.tables:
            # The DataStore marks the resources: a new version, which is ours if all that we sent stands in it.
            if not self._is_revised(self._look()):
                raise PortalRetry("push.changed-meanwhile", dataset=self.plan.dataset_name)
            match = {"id": self.dataset_id, "metadata_modified": self.modified}
            loaded = {f"update__resources__{name}": {"odkit_datastore": item.sha256} for name, item in self.plan.tables}
            self._settle(lambda: self._write("package_revise", {"match": match, **loaded}), self._is_loaded)

    def _is_loaded(self, state: DatasetState | None) -> bool:
        noted = {item.id: item.fields["odkit_datastore"] for item in state.resources} if state else {}
        return all(noted.get(name) == item.sha256 for name, item in self.plan.tables)

    def _make_views(self) -> None:
        """Ask for the previews that the portal makes of new files: it does so by itself only for single resources.

        It makes each once, so that asking again does no harm.
        """
        if self.state is None and self.plan.previews:
            self._look_again()
        new = self.plan.additions or self.plan.previews or "private" in self.plan.dataset
        if new and self._has_previews():
            # CKAN makes either those that need the DataStore or those that do not.
            for of_tables in (False, True) if _has_tables(self.state) else (False,):
                self._ask_for_views(of_tables=of_tables)
        due = _previews_due(self.state)
        if due:
            match = {"id": self.dataset_id, "metadata_modified": self.modified}
            seen = {"match": match, "filter": [f"-resources__{name}__{PREVIEWS_DUE}" for name in due]}
            self._settle(lambda: self._write("package_revise", seen), lambda state: not _previews_due(state))

    def _ask_for_views(self, *, of_tables: bool) -> None:
        wanted = {"package": self.shown, "create_datastore_views": of_tables}
        action, name = "package_create_default_resource_views", self.plan.dataset_name
        patiently(self.portal.rules, lambda: self.portal.command(action, wanted, subject=name))

    def _has_previews(self) -> bool:
        """Whether the portal makes previews of files at all."""
        return any(name.endswith("_view") for name in self.portal.extensions())

    def _disown(self, wrong: tuple[FieldChange, ...]) -> None:
        """Take the hashes of the wrong files away, so that the next run sends these files again."""
        ids = {f"resources.{item.key}": name for name, item in (*self.plan.uploads, *self.plan.kept)}
        unsaid = {f"update__resources__{ids[change.field]}": {"odkit_sha256": ""} for change in wrong}
        self._write("package_revise", {"match": {"id": self.dataset_id}, **unsaid})

    def _write(self, action: str, data: Json, parts: tuple[FilePart, ...] = ()) -> None:
        answer = self.portal.write(action, data, subject=self.plan.dataset_name, parts=parts)
        package = answer.get("package", answer)
        self._see(package if isinstance(package, dict) else None)

    def _see(self, shown: Json | None) -> None:
        """Remember the version that a write made, or that the portal shows."""
        self.shown = shown
        self.state = None if shown is None else parse_state(shown)
        if self.state is not None:
            self.dataset_id, self.modified = self.state.id, self.state.metadata_modified


def _has_tables(state: DatasetState | None) -> bool:
    """Whether any file is loaded into the DataStore."""
    return state is not None and any(item.fields["odkit_datastore"] for item in state.resources)


def _previews_due(state: DatasetState | None) -> list[str]:
    return [item.id for item in state.resources if item.fields[PREVIEWS_DUE]] if state else []


def _labels(resource: Resource) -> dict[str, str]:
    """What a resource says of itself, without what belongs to its bytes."""
    return {name: value for name, value in resource_fields(resource).items() if name != "odkit_sha256"}


def _check_file(folder: Path, resource: Resource) -> None:
    """Raise PortalRefused unless a file of the package is still the planned one."""
    digest = sha256()
    try:
        with (folder / resource.path).open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise PortalRefused("push.file-changed", file=resource.path) from error
    if digest.hexdigest() != resource.sha256:
        raise PortalRefused("push.file-changed", file=resource.path)
