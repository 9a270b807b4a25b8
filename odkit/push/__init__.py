"""Package + Score -> portal: plan (pure), apply, verify. Only `portal` talks to CKAN, through ckanapi.

A push is three steps: `connect` to a portal, `make_plan` (reads the portal, then calls the pure `plan_push`), and
`apply_plan`, which carries out exactly that plan. `describe` puts a plan into words before or instead of the last.
`plan_withdrawal` takes a dataset off the portal, `examine` asks whether a portal is ready; `pull` goes the other way.
"""

from __future__ import annotations

from odkit.push.apply import apply_plan
from odkit.push.catalogue import all_datasets
from odkit.push.convert import CONVERTERS
from odkit.push.describe import describe
from odkit.push.doctor import examine
from odkit.push.fetch import Fetcher
from odkit.push.guarded import guarded_session
from odkit.push.journal import Journal, broken_off
from odkit.push.plan import plan_push
from odkit.push.portal import Portal, connect
from odkit.push.prepare import make_plan
from odkit.push.pull import Pulled, pull
from odkit.push.rules import Rules
from odkit.push.state import DatasetState, PortalFacts, ResourceState, read_facts, read_state
from odkit.push.tokens import find_token
from odkit.push.verify import verify
from odkit.push.withdraw import plan_withdrawal

__all__ = [
    "CONVERTERS",
    "DatasetState",
    "Fetcher",
    "Journal",
    "Portal",
    "PortalFacts",
    "Pulled",
    "ResourceState",
    "Rules",
    "all_datasets",
    "apply_plan",
    "broken_off",
    "connect",
    "describe",
    "examine",
    "find_token",
    "guarded_session",
    "make_plan",
    "plan_push",
    "plan_withdrawal",
    "pull",
    "read_facts",
    "read_state",
    "verify",
]
