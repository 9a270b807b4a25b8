"""Trying again: after a passing fault, a bounded number of times, with growing pauses, as long as the portal asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from odkit.errors import PortalError
from odkit.push.rules import Rules

PASSING = frozenset({"push.busy", "push.timeout", "push.broken-off", "push.unreachable"})
"""Faults of the line or of what stands before the portal: the same call may go through in a moment."""

LONGEST_WAIT = 60.0
"""Seconds of Retry-After that are waited for; a portal that asks for more is left alone until the next run."""

Result = TypeVar("Result")


def passing(error: BaseException) -> bool:
    """Whether to try again: a passing fault, and the portal did not ask for more time than a run has."""
    return isinstance(error, PortalError) and error.code in PASSING and asked_pause(error) <= LONGEST_WAIT


def asked_pause(error: BaseException) -> float:
    """The seconds that the portal asked for (Retry-After); 0 where it asked for nothing."""
    return float(error.details.get("pause") or 0) if isinstance(error, PortalError) else 0.0


def retrying(rules: Rules) -> Retrying:
    """tenacity's loop of attempts under `rules`: the last fault is raised as it is."""
    growing = wait_exponential(multiplier=rules.pause, max=16 * rules.pause) + wait_random(0, rules.pause)

    def wait(state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        return max(growing(state), asked_pause(fault) if fault else 0.0)

    return Retrying(stop=stop_after_attempt(rules.attempts), wait=wait, retry=retry_if_exception(passing), reraise=True)


def patiently(rules: Rules, call: Callable[[], Result]) -> Result:
    """The result of `call`, which does no harm when it is made twice, tried again after passing faults."""
    return retrying(rules)(call)
