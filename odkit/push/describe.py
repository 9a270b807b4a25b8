"""A plan in words: the same lines for a dry run and for the real one."""

from __future__ import annotations

from collections.abc import Iterator

from odkit import messages
from odkit.model import FieldChange, PushPlan, Resource
from odkit.push.state import WITHDRAWN

LONGEST_VALUE = 60


def describe(plan: PushPlan, lang: str) -> list[str]:
    """What carrying out `plan` does, a line each, in `lang` (``ja`` or ``en``); the first line names the dataset."""
    return list(_lines(plan, lang))


def _lines(plan: PushPlan, lang: str) -> Iterator[str]:
    publisher = plan.organization
    title = publisher.title_en if lang == "en" and publisher.title_en else publisher.title
    yield _say(f"plan-{_kind(plan)}", lang, dataset=plan.dataset_name, organization=title)
    if plan.create_organization and plan.action != "unchanged":
        yield "  " + _say("plan-organization", lang, name=publisher.name, organization=title)
    for change in plan.changes:
        if change.field != "private":
            yield "  " + _change(change, lang)
    yield from ("  " + line for line in _file_lines(plan, lang))
    if "private" in plan.dataset:
        yield "  " + _say("plan-private" if plan.dataset["private"] else "plan-public", lang)


def _file_lines(plan: PushPlan, lang: str) -> Iterator[str]:
    """What becomes of the files, and what stays beside them."""
    for name, resource in plan.uploads:
        yield _upload(plan, name, resource, lang)
    for loss in plan.losses:
        yield _say("plan-loss", lang, loss=loss)
    if plan.losses:  # `apply_plan` refuses it
        yield _say("plan-stops", lang)
    for name in plan.removals:
        yield _say("plan-remove", lang, file=plan.names[name])
    for _, resource in plan.tables:
        yield _say("plan-load", lang, file=resource.path, rows=str(resource.rows))
    if plan.previews:
        yield _say("plan-previews", lang, count=str(len(plan.previews)))
    if plan.kept:
        yield _say("plan-kept", lang, count=str(len(plan.kept)))
    for field, value in plan.left:
        yield _left(field, value, lang)


def _kind(plan: PushPlan) -> str:
    """What a plan comes to: its action, or that a dataset goes from the portal or comes back."""
    for change in plan.changes:
        if change.field == f"extras.{WITHDRAWN}":
            return "withdraw" if change.after else "restore"
    return plan.action


def _field(name: str, lang: str) -> str:
    """The name of a field in words, where there are words for it; of a file's field with the file's key."""
    kind, _, rest = name.partition(".")
    file, _, part = rest.rpartition(".")
    label = f"resource-{part}" if kind == "resources" and file else name.replace(".", "-")
    known = f"push.field-{label}" in messages.catalogue(lang)
    return _say(f"field-{label}", lang, file=file) if known else name


def _change(change: FieldChange, lang: str) -> str:
    field = _field(change.field, lang)
    before, after = (_short(value) or _say("plan-empty", lang) for value in (change.before, change.after))
    return _say("plan-change", lang, field=field, before=before, after=after)


def _upload(plan: PushPlan, name: str, resource: Resource, lang: str) -> str:
    """The line of a file that is sent; one that stands under another name keeps it, for links end with it."""
    title = resource.title_en if lang == "en" and resource.title_en else resource.title
    told = {"file": resource.path, "title": title, "bytes": f"{resource.bytes:,}", "name": plan.names.get(name, "")}
    if name in plan.additions:
        return _say("plan-add", lang, **told)
    return _say("plan-replace" if told["name"] in {"", resource.path} else "plan-replace-named", lang, **told)


def _left(field: str, value: str, lang: str) -> str:
    if field == "resources":
        return _say("plan-left-file", lang, file=value)
    return _say("plan-left", lang, field=_field(field, lang), value=_short(value))


def _short(value: str) -> str:
    """One line of a value, cut where it is long."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"


def _say(entry: str, lang: str, **details: str) -> str:
    return messages.text(f"push.{entry}", lang, details)
