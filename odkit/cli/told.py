"""What is told of a dataset that was published, whoever knew it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One dataset: its rows, changes and issues (by severity), its stages, why it was built, what the portal got."""

    dataset: str
    rows: int
    changes: int
    issues: Mapping[str, int]
    before: int | None
    after: int | None
    action: str
    address: str
    causes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def summary(self) -> dict[str, object]:
        """The same for machines."""
        return {
            "dataset": self.dataset,
            "rows": self.rows,
            "changes": self.changes,
            "issues": sum(self.issues.values()),
            "stage_before": self.before,
            "stage_after": self.after,
            "built": {stage: list(causes) for stage, causes in self.causes.items()},
            "action": self.action,
            "address": self.address,
        }
