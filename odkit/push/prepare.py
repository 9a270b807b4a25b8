"""Ask the portal what a plan depends on, and plan."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace

from odkit.errors import PortalRefused
from odkit.model import Package, PushPlan, Score
from odkit.push.plan import plan_push
from odkit.push.portal import Portal
from odkit.push.state import DatasetState, PortalFacts, parse_state, read_facts, read_state

LARGEST_DESCRIPTOR = 16 * 2**20
DESCRIPTOR_KEY = "datapackage"


def make_plan(package: Package, score: Score, portal: Portal, *, before: Score | None = None) -> PushPlan:
    """The plan to publish `package`, worth `score`, on `portal`; only reads. `before`: what the source was worth.

    Where the portal was asked for all datasets at once, that answer is enough to find that nothing has changed; for
    anything else the dataset itself is asked for. Raises PortalError as `plan_push` and the portal do.
    """
    facts = read_facts(portal, package.spec.publisher)
    if facts.rules.datastore and "datastore" not in portal.extensions():
        facts = replace(facts, rules=replace(facts.rules, datastore=False))
    foreseen = portal.foreseen(package.spec.portal_name)
    if foreseen is not None:
        plan = plan_push(package, score, parse_state(foreseen), facts, before=before)
        if plan.action == "unchanged":
            return plan
    state = read_state(portal, package.spec.portal_name)
    if portal.rules.rename_from:
        state = _under_one_name(state, read_state(portal, portal.rules.rename_from), package.spec.portal_name)
    plan = plan_push(package, score, state, facts, before=before)
    if plan.action == "unchanged":
        return plan
    if not plan.create_organization and not portal.may_publish_for(plan.organization.name):
        action = "package_create" if state is None else "package_revise"
        raise PortalRefused("push.not-allowed", url=portal.url, subject=plan.dataset_name, action=action)
    if state is None:
        return plan
    return plan_push(package, score, state, _with_published(facts, plan, state, portal), before=before)


def _under_one_name(state: DatasetState | None, former: DatasetState | None, name: str) -> DatasetState | None:
    """The dataset to rename, or the one that was renamed already. Raises PortalRefused where there are two."""
    if state and former and state.id != former.id:
        raise PortalRefused("push.both-names", dataset=name, before=former.name)
    return state or former


def _with_published(facts: PortalFacts, plan: PushPlan, state: DatasetState, portal: Portal) -> PortalFacts:
    """`facts` with the descriptor that stands on the portal, where the plan would replace it."""
    keys = {name: item.key for name, item in plan.uploads}
    for found in state.resources:
        if keys.get(found.id) == DESCRIPTOR_KEY and found.uploaded:
            # What is no descriptor, or nested without end, says nothing of columns.
            with suppress(ValueError, RecursionError):
                content = json.loads(portal.content(found.address, LARGEST_DESCRIPTOR))
                return replace(facts, published=content if isinstance(content, dict) else {})
    return facts
