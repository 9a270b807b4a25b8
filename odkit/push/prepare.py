"""Ask the portal what a plan depends on, and plan."""

from __future__ import annotations

from odkit.model import Package, PushPlan, Score
from odkit.push.plan import plan_push
from odkit.push.portal import Portal
from odkit.push.state import read_facts, read_state


def make_plan(package: Package, score: Score, portal: Portal, *, before: Score | None = None) -> PushPlan:
    """The plan to publish `package`, worth `score`, on `portal`; only reads. `before`: what the source was worth.

    Raises PortalError as `plan_push` and the portal do.
    """
    state = read_state(portal, package.spec.portal_name)
    facts = read_facts(portal, package.spec.publisher)
    return plan_push(package, score, state, facts, before=before)
