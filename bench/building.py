"""Build all datasets of a project by so many processes, without a portal. Usage: building.py PROJECT PROCESSES

Seconds on the clock, from the moment on when odkit is loaded.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from odkit.errors import OdkitError
from odkit.many import prepare_all
from odkit.project import load_project
from odkit.schedule import crew_of


def main() -> None:
    """Build, and say how long it took."""
    project, processes = load_project(Path(sys.argv[1])), int(sys.argv[2])
    start = time.perf_counter()
    for name, outcome in prepare_all(project.dataset_ids(), project, crew_of(processes)):
        if isinstance(outcome, OdkitError):
            sys.exit(f"{name}: {outcome}")
    print(json.dumps({"seconds": time.perf_counter() - start}))


if __name__ == "__main__":
    main()
