"""The Action API's calls by name. Each is a function of a `Call` and the caller's data, and returns plain JSON."""

from __future__ import annotations

from odkit.portal.actions.call import Action, Call, text_of
from odkit.portal.actions.organizations import ORGANIZATION_ACTIONS
from odkit.portal.actions.packages import PACKAGE_ACTIONS
from odkit.portal.actions.resources import RESOURCE_ACTIONS
from odkit.portal.actions.site import SITE_ACTIONS
from odkit.portal.errors import NotFound
from odkit.portal.store import Record


def help_show(_call: Call, data: Record) -> str | None:
    """What an action does: the address that every answer gives as its `help`."""
    action = ACTIONS.get(text_of(data, "name"))
    if action is None:
        raise NotFound("Action function not found")
    return action.run.__doc__


ACTIONS: dict[str, Action] = {
    "help_show": Action(help_show),
    **SITE_ACTIONS,
    **ORGANIZATION_ACTIONS,
    **PACKAGE_ACTIONS,
    **RESOURCE_ACTIONS,
}

__all__ = ["ACTIONS", "Action", "Call"]
