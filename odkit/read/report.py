"""How this stage words its issues: each carries the place again in its details, for the messages."""

from __future__ import annotations

from odkit.model import Issue, Severity, Where


def issue(code: str, severity: Severity, where: Where, value: str = "", **details: object) -> Issue:
    """An `Issue` of this stage; `code` without the stage.

    Its details: place (file, sheet, cell), table (file, sheet), file, sheet, cell, value and those given.
    """
    table = str(Where(file=where.file, sheet=where.sheet))
    shown = {"place": str(where), "table": table, "file": where.file, "sheet": where.sheet, "cell": where.cell}
    shown["value"] = value
    shown.update({name: str(detail) for name, detail in details.items()})
    return Issue(code=f"read.{code}", severity=severity, where=where, value=value, details=shown)
