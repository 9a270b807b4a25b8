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
    for name, resource in plan.uploads:
        kind = "plan-add" if name in plan.additions else "plan-replace"
        yield "  " + _file(kind, resource, lang)
    for loss in plan.losses:
        yield "  " + _say("plan-loss", lang, loss=loss)
    for name in plan.removals:
        yield "  " + _say("plan-remove", lang, file=plan.names[name])
    for _, resource in plan.tables:
        yield "  " + _say("plan-load", lang, file=resource.path, rows=str(resource.rows))
    if plan.kept:
        yield "  " + _say("plan-kept", lang, count=str(len(plan.kept)))
    if "private" in plan.dataset:
        yield "  " + _say("plan-private" if plan.dataset["private"] else "plan-public", lang)


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


def _file(kind: str, resource: Resource, lang: str) -> str:
    title = resource.title_en if lang == "en" and resource.title_en else resource.title
    return _say(kind, lang, file=resource.path, title=title, bytes=f"{resource.bytes:,}")


def _short(value: str) -> str:
    """One line of a value, cut where it is long."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"


def _say(entry: str, lang: str, **details: str) -> str:
    return messages.text(f"push.{entry}", lang, details)
