"""A run over a project whose tables are divided from few rows on. Usage: divided.py ROOT SCHEDULER ROWS [STORE]"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from odkit import many
from odkit.depot import depot_at, depot_in
from odkit.errors import OdkitError
from odkit.project import load_project
from odkit.schedule import crew_of


def tell(error: OdkitError) -> None:
    sys.stderr.write(error.text("en"))


def main() -> None:
    """Prints what became of each dataset: the error, or nothing."""
    root, scheduler, rows, *store = sys.argv[1:]
    many.WORTH = int(rows)  # type: ignore[attr-defined]
    project = load_project(Path(root))
    through = depot_at(store[0], tell) if store else depot_in(project.parts_folder, tell)
    found = many.prepare_all(
        project.dataset_ids(), project, crew_of(None, scheduler), through=through, shared=not store
    )
    told = {name: outcome.text("en") if isinstance(outcome, OdkitError) else "" for name, outcome in found}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
