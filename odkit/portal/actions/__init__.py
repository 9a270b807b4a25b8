"""The Action API's calls by name. Each is a function of a `Call` and the caller's data, and returns plain JSON."""

from __future__ import annotations

from odkit.portal.actions.call import Action, Call
from odkit.portal.actions.organizations import ORGANIZATION_ACTIONS
from odkit.portal.actions.packages import PACKAGE_ACTIONS
from odkit.portal.actions.resources import RESOURCE_ACTIONS
from odkit.portal.actions.site import SITE_ACTIONS

ACTIONS: dict[str, Action] = {**SITE_ACTIONS, **ORGANIZATION_ACTIONS, **PACKAGE_ACTIONS, **RESOURCE_ACTIONS}

__all__ = ["ACTIONS", "Action", "Call"]
