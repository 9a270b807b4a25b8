"""What the portal answers instead of a result: CKAN's errors, with its status codes, `__type` and wording.

They are raised inside an action and become the HTTP answer in `odkit.portal.app`; no other stage sees them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ActionError(Exception):
    """Root of all. `status` is the HTTP status, `body()` the value of ``error`` in CKAN's envelope."""

    status = 400
    kind = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message

    def body(self) -> dict[str, Any]:
        """The error as CKAN words it."""
        return {"__type": self.kind, "message": self.message}


class BadRequest(ActionError):
    """A request that is no call of an action: CKAN answers a bare JSON string, without its envelope."""


class NotFound(ActionError):
    """No such object; `message` says which kind where CKAN says it."""

    status = 404
    kind = "Not Found Error"

    def __init__(self, what: str = "") -> None:
        super().__init__(f"Not found: {what}" if what else "Not found")


class NotAuthorized(ActionError):
    """The caller may not do this. `user` is the caller's name, empty for anonymous."""

    status = 403
    kind = "Authorization Error"

    def __init__(self, user: str, what: str) -> None:
        super().__init__(f"Access denied: User {user} not authorized to {what}")


class ValidationFailed(ActionError):
    """Values that CKAN refuses: field -> messages (for lists of objects: one mapping per element)."""

    status = 409
    kind = "Validation Error"

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(str(errors))
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """The fields' messages beside the type."""
        return {**self.errors, "__type": self.kind}


class IntegrityFailed(ActionError):
    """A value of the wrong JSON shape, such as text where a list of objects belongs."""

    kind = "Integrity Error"


class SearchQueryInvalid(ActionError):
    """A parameter of a search that does not exist or cannot be read."""

    kind = "Search Query Error"


class SearchFailed(ActionError):
    """A search whose query cannot be parsed."""

    status = 409
    kind = "Search Error"


def missing(field: str) -> ValidationFailed:
    """The refusal of a call that lacks `field`."""
    return ValidationFailed({field: ["Missing value"]})
