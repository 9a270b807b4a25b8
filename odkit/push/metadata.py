"""What a dataset should say on a portal: text fields, tags and extras. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from odkit.model import DatasetSpec, FieldChange, Issue, Package, Score, Severity, Where
from odkit.project import load_schema
from odkit.push.licences import PortalLicence, portal_licence
from odkit.push.state import WITHDRAWN, DatasetState, PortalFacts
from odkit.push.tags import legal_tag, legal_tags

STANDARD_TAG = "自治体標準ODS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """What a dataset should say. An extra that is "" should not be there; extras not named here are not ours."""

    fields: Mapping[str, str]
    tags: tuple[str, ...]
    extras: Mapping[str, str]
    issues: tuple[Issue, ...] = ()


def wanted_metadata(package: Package, score: Score, before: Score | None, facts: PortalFacts) -> Metadata:
    """The metadata of `package` in a portal's terms. Nothing here depends on odkit's own version or on the day.

    An extra for which the portal has a field of its own (ckanext-scheming) goes there: CKAN refuses it as an extra.
    """
    spec = package.spec
    licence = portal_licence(spec.licence, facts.licences)
    extras = _spec_extras(spec) | _measured_extras(package, score, before) | {WITHDRAWN: ""}
    tags = (*spec.tags, *standard_tags(spec))
    contact = {"maintainer": spec.publisher.contact_name, "maintainer_email": spec.publisher.contact_email}
    return Metadata(
        fields={
            "title": spec.title,
            "notes": spec.description,
            "license_id": licence.id,
            **{name: value for name, value in contact.items() if value},
            **{name: value for name, value in extras.items() if name in facts.own_fields},
        },
        tags=legal_tags(tags),
        extras={name: value for name, value in extras.items() if name not in facts.own_fields},
        issues=(*_licence_issues(spec, licence), *_tag_issues(spec)),
    )


def _spec_extras(spec: DatasetSpec) -> dict[str, str]:
    """Extras that the declaration alone gives. Keys are ASCII: CKAN's index drops other letters of a key."""
    return {
        "title_en": spec.title_en,
        "notes_en": spec.description_en,
        # A portal's own list may know the licence without its version only (CKAN's cc-by): the exact one stands here.
        "odkit_licence": spec.licence.id,
        "odkit_licence_url": spec.licence.url,
        "odkit_publisher_code": spec.publisher.code,
        "odkit_sample": "true" if spec.sample else "",
        "odkit_standard": spec.standard,
        "odkit_update_cycle": spec.update_cycle,
        # What is no tag to CKAN (one character, no letter) is kept here.
        "odkit_tags": ", ".join(tag for tag in spec.tags if not legal_tag(tag)),
    }


def standard_tags(spec: DatasetSpec) -> tuple[str, ...]:
    """The tags under which datasets of the national standard are found on Japan's shared portals."""
    schema = load_schema(spec.standard)
    return (STANDARD_TAG, schema.title) if schema.kind == "recommended" else ()


def _measured_extras(package: Package, score: Score, before: Score | None) -> dict[str, str]:
    """Extras that are known in a run that measured them; where they are not, the portal's stay as they are."""
    extras = {"odkit_level": _level(score)}
    if before is not None:
        extras["odkit_level_before"] = _level(before)
    if package.tables:
        table = package.tables[0]
        extras["odkit_standard_version"] = table.schema.version
        extras["odkit_source_sha256"] = table.origin.sha256
    return extras


def _level(score: Score) -> str:
    return "" if score.level is None else str(score.level)


def _licence_issues(spec: DatasetSpec, licence: PortalLicence) -> tuple[Issue, ...]:
    """A warning where the portal does not know our licence, or does not call it open."""
    if licence.known and (licence.open or not spec.licence.open):
        return ()
    code = "push.licence-not-open" if licence.known else "push.unknown-licence"
    where = Where(file=f"{spec.id}/dataset.toml", field="licence")
    return (Issue(code=code, severity=Severity.WARNING, where=where, value=licence.id),)


def _tag_issues(spec: DatasetSpec) -> tuple[Issue, ...]:
    """A note for each tag that stands on the portal in another form, or not at all."""
    where = Where(file=f"{spec.id}/dataset.toml", field="tags")
    return tuple(
        Issue(
            code="push.tag-changed" if legal_tag(tag) else "push.tag-left-out",
            severity=Severity.NOTE,
            where=where,
            value=tag,
            details={"tag": tag, "sent": legal_tag(tag)},
        )
        for tag in spec.tags
        if legal_tag(tag) != tag
    )


def metadata_to_send(wanted: Metadata, state: DatasetState) -> tuple[dict[str, object], tuple[FieldChange, ...]]:
    """The fields to send so that `state` says what is `wanted`, and what changes by that; both empty if nothing does.

    Lists (tags, extras) are sent whole: tags in CKAN's form, extras with those that others have set.
    """
    changes = [
        FieldChange(field=name, before=state.fields.get(name, ""), after=value)
        for name, value in wanted.fields.items()
        if state.fields.get(name, "") != value
    ]
    dataset: dict[str, object] = {change.field: change.after for change in changes}
    if set(wanted.tags) != set(state.tags):
        dataset["tags"] = [{"name": tag} for tag in wanted.tags]
        changes.append(FieldChange(field="tags", before=", ".join(state.tags), after=", ".join(wanted.tags)))
    extras = _extra_changes(wanted, state)
    if extras:
        dataset["extras"] = _merged_extras(wanted, state)
        changes += extras
    if state.deleted:
        dataset["state"] = "active"
        changes.append(FieldChange(field="state", before="deleted", after="active"))
    if state.private:
        dataset["private"] = False
        changes.append(FieldChange(field="private", before="true", after="false"))
    return dataset, tuple(changes)


def _extra_changes(wanted: Metadata, state: DatasetState) -> list[FieldChange]:
    return [
        FieldChange(field=f"extras.{key}", before=state.extras.get(key, ""), after=value)
        for key, value in wanted.extras.items()
        if state.extras.get(key, "") != value
    ]


def _merged_extras(wanted: Metadata, state: DatasetState) -> list[dict[str, str]]:
    """Everyone's extras, by key: ours as wanted, the others' as they stand."""
    merged = {**state.extras, **wanted.extras}
    return [{"key": key, "value": merged[key]} for key in sorted(merged) if merged[key] or key not in wanted.extras]
