"""Made-up data, the same on every run: small datasets as municipalities declare them, and one large table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from read_clean import COLUMNS, make_rows

from odkit.project import municipalities

ROWS = 60
SETTINGS = """\
config_version = 1
default_portal = "embedded"
base_uri = "https://opendata.pref.chiba.lg.jp/id/"

[portals.embedded]
kind = "embedded"
url = "http://127.0.0.1:8710"
folder = ".odkit/portal"

[defaults]
licence = "CC-BY-4.0"
"""
DATASET = """\
title = "{city} 公衆無線LANアクセスポイント一覧 {number}"
standard = "public_wireless_lan"

[source]
path = "{source}"
"""
SOURCE = "wifi.csv"


def make_project(root: Path, count: int, rows: int = ROWS) -> list[Path]:
    """A project of `count` datasets of `rows` rows, a third of them in cp932; the folders of the datasets."""
    cities = [item for item in municipalities().values() if item.kind != "県"]
    everything = make_rows(count * rows)
    folders = []
    for number in range(count):
        city = cities[number % len(cities)]
        folder = root / "datapackages" / city.code / f"public_wireless_lan_{number:04}"
        folder.mkdir(parents=True)
        own = ([city.code, *row[1:]] for row in islice(everything, rows))
        write_table(folder / SOURCE, own, "cp932" if number % 3 == 0 else "utf-8")
        declared = DATASET.format(city=city.name, number=number, source=SOURCE)
        (folder / "dataset.toml").write_text(declared, encoding="utf-8")
        folders.append(folder)
    publishers = (f'\n[organizations.{city.code}]\ntitle = "{city.name}"\n' for city in cities[:count])
    (root / "publish.toml").write_text(SETTINGS + "".join(publishers), encoding="utf-8")
    return folders


def write_table(path: Path, rows: Iterator[list[str]], encoding: str) -> None:
    """Rows as CSV under the standard's headings."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
