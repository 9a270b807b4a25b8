"""One table of many rows, read -> clean -> package -> rdf (N-Triples): does time grow in line, and memory not at all?

    python bench/growth.py FOLDER ROWS     prints seconds and the peak as JSON

The table is a list of access points with few columns filled; it and data.csv stand on the disk, the N-Triples (4.6 KB
a row) go to the null device.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from data import SOURCE, make_project, write_table
from measure import Watch
from read_clean import COLUMNS, make_rows

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from odkit.project import load_project  # noqa: E402 - found beside this file
from odkit.publish import build_data  # noqa: E402
from odkit.rdf import FORMATS, write_rdf  # noqa: E402

FILLED = frozenset({"全国地方公共団体コード", "ID", "名称", "郵便番号", "SSID"})


def make_table(root: Path, rows: int) -> None:
    """A project with one dataset of so many rows."""
    (folder,) = make_project(root, 1, 1)
    write_table(folder / SOURCE, narrow_rows(rows), "utf-8")


def narrow_rows(rows: int) -> Iterator[list[str]]:
    """Rows whose optional cells are empty."""
    for row in make_rows(rows):
        yield [cell if name in FILLED else "" for name, cell in zip(COLUMNS, row, strict=True)]


def main(root: Path, rows: int) -> None:
    """Make the table where it is not there yet, then go the way."""
    if not root.exists():
        make_table(root, rows)
    project = load_project(root)
    (name,) = project.dataset_ids()
    watch = Watch()
    package = build_data(project.dataset(name), project)
    (package.folder / "data.nt").symlink_to(os.devnull)
    written = write_rdf(package, project.base_uri, (FORMATS["ntriples"],))
    watch.tell(rows=rows, bytes=sum(item.bytes for item in written))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
