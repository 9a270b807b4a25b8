"""Trying again: only after passing faults, only what does no harm twice, and as slowly as the portal asks."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from odkit.errors import PortalError, PortalRefused, PortalRetry, PortalStop
from odkit.push import Rules
from odkit.push.patience import LONGEST_WAIT, patiently

QUICK = Rules(attempts=3, pause=0.01)


def failing(fault: PortalError, times: int) -> tuple[Callable[[], str], list[float]]:
    """A call that fails so many times, and the moments at which it was made."""
    made: list[float] = []

    def call() -> str:
        made.append(time.monotonic())
        if len(made) <= times:
            raise fault
        return "done"

    return call, made


@pytest.mark.parametrize("code", ["push.busy", "push.timeout", "push.broken-off"])
def test_a_passing_fault_passes(code: str) -> None:
    call, made = failing(PortalRetry(code, url="u", status=503), 2)
    assert (patiently(QUICK, call), len(made)) == ("done", 3)


def test_tries_are_bounded_and_the_fault_is_told_as_it_is() -> None:
    fault = PortalStop("push.unreachable", url="u")
    call, made = failing(fault, 99)
    with pytest.raises(PortalStop) as caught:
        patiently(QUICK, call)
    assert (caught.value, len(made)) == (fault, 3)


@pytest.mark.parametrize(
    "fault",
    [
        PortalRetry("push.server-error", url="u", subject="s", action="a"),
        PortalRetry("push.changed-meanwhile", dataset="d"),
        PortalRefused("push.invalid", subject="s", problems="p"),
        PortalStop("push.bad-token", url="u"),
        PortalRetry("push.busy", url="u", status=503, pause=str(int(LONGEST_WAIT) + 1)),
    ],
)
def test_what_will_not_pass_is_not_tried_again(fault: PortalError) -> None:
    call, made = failing(fault, 99)
    with pytest.raises(PortalError):
        patiently(QUICK, call)
    assert len(made) == 1


def test_the_pause_that_the_portal_asks_for_is_kept() -> None:
    call, made = failing(PortalRetry("push.busy", url="u", status=429, pause="1"), 1)
    assert patiently(QUICK, call) == "done"
    assert made[1] - made[0] >= 1
