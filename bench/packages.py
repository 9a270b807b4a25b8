"""Many small datasets: what one costs, from the source to the scored package, beside what a user would script.

    python bench/packages.py odkit PROJECT [COUNT]     the declared datasets of a project, everything before the portal
    python bench/packages.py naive PROJECT [COUNT]     the same sources by pandas, frictionless and rdflib
    python bench/packages.py stages PROJECT [COUNT]    which part of odkit's time each stage takes

The first two print their seconds and their peak as JSON. Imports, and a first package, are not counted. What they make
lies in a new folder beside the project and stays: file systems make files slowly where many were deleted a moment ago.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from measure import Watch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from odkit.project import load_project, schema_descriptor  # noqa: E402 - found beside this file

CORE, OWN = "http://imi.go.jp/ns/core/rdf#", "https://data.city.example.lg.jp/ns#"
BASE = "https://data.city.example.lg.jp/id/wifi/"
PARTS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "name": ("名称", "名称型", {"名称": "表記", "名称_カナ": "カナ表記"}),
    "address": (
        "住所",
        "住所型",
        {
            "所在地_連結表記": "表記",
            "所在地_都道府県": "都道府県",
            "所在地_市区町村": "市区町村",
            "郵便番号": "郵便番号",
        },
    ),
    "place": ("地理座標", "座標型", {"緯度": "緯度", "経度": "経度"}),
    "contact": ("連絡先", "連絡先型", {"電話番号": "電話番号", "URL": "Webサイト"}),
}
"""Part of an access point -> the property that leads to it, its class, and its columns with their properties."""


def odkit(project_folder: Path, count: int | None) -> None:
    """Clean, ledger, check, descriptor, CSVW, Turtle, JSON-LD, DCAT, score: `odkit.publish.build`."""
    build = importlib.import_module("odkit.publish").build
    fresh = Path(tempfile.mkdtemp(dir=project_folder.parent), "project")
    project = load_project(shutil.copytree(project_folder, fresh))
    first, *others = project.dataset_ids()[:count]
    build(project.dataset(first), project)
    watch = Watch()
    for name in others:
        build(project.dataset(name), project)
    watch.tell(packages=len(others))


def stages(project_folder: Path, count: int | None) -> None:
    """The stages of the same builds, by the clock of each; what is left are folders, locks and the seal."""
    publish = importlib.import_module("odkit.publish")
    project = load_project(
        shutil.copytree(project_folder, Path(tempfile.mkdtemp(dir=project_folder.parent), "project"))
    )
    taken: Counter[str] = Counter()

    def clocked(name: str, _: Path, make: Callable[[], Any]) -> Any:
        start, inner = time.process_time(), taken.total()
        result = make()
        # The package stage asks for the cleaned tables while its clock runs.
        taken[name] += time.process_time() - start - (taken.total() - inner)
        return result

    first, *others = project.dataset_ids()[:count]
    publish.build(project.dataset(first), project)
    start = time.process_time()
    for name in others:
        publish._build(project.dataset(name), project, clocked, publish.ALONE)  # noqa: SLF001 - to stop its stages
    taken["rest"] = time.process_time() - start - taken.total()
    whole = taken.total()
    print(json.dumps({name: round(part / whole, 3) for name, part in taken.items()}))


class Naive:
    """The obvious pipeline: describe and validate by frictionless, a graph of rdflib, some 22 statements a row."""

    def __init__(self) -> None:
        self._frictionless, self._pandas, self._rdflib = map(
            importlib.import_module, ("frictionless", "pandas", "rdflib")
        )
        declared = schema_descriptor("public_wireless_lan.v2")
        kept = {key: declared[key] for key in ("fields", "primaryKey", "missingValues") if key in declared}
        self._schema = json.dumps(kept)

    def package(self, source: Path, folder: Path) -> None:
        """One package: data.csv, datapackage.json, data.ttl."""
        folder.mkdir(parents=True)
        table = self._read(source)
        table.to_csv(folder / "data.csv", index=False, encoding="utf-8")
        resource = self._frictionless.describe("data.csv", basepath=str(folder))
        resource.schema = self._frictionless.Schema.from_descriptor(json.loads(self._schema))
        package = self._frictionless.Package(name=folder.name, title="公衆無線LAN", resources=[resource])
        package.validate()
        package.to_json(str(folder / "datapackage.json"))
        graph = self._rdflib.Graph()
        for row in table.to_dict("records"):
            for triple in self._triples(row):
                graph.add(triple)
        graph.serialize(str(folder / "data.ttl"), format="turtle", encoding="utf-8")

    def _read(self, source: Path) -> Any:
        try:
            source.read_bytes().decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "cp932"
        return self._pandas.read_csv(source, dtype=str, keep_default_na=False, encoding=encoding)

    def _triples(self, row: Mapping[str, str]) -> Iterator[tuple[Any, Any, Any]]:
        iri, text, core = self._rdflib.URIRef, self._rdflib.Literal, self._rdflib.Namespace(CORE)
        subject = iri(f"{BASE}{row['全国地方公共団体コード']}/{row['ID']}")
        yield subject, self._rdflib.RDF.type, core["施設型"]
        yield subject, core["識別値"], text(row["ID"])
        yield subject, self._rdflib.RDFS.label, text(row["名称"], lang="ja")
        yield subject, iri(f"{OWN}ssid"), text(row["SSID"])
        if row["備考"]:
            yield subject, core["説明"], text(row["備考"], lang="ja")
        for name, (leading, kind, columns) in PARTS.items():
            part = iri(f"{subject}#{name}")
            yield subject, core[leading], part
            yield part, self._rdflib.RDF.type, core[kind]
            for column, property_ in columns.items():
                if row[column]:
                    yield part, core[property_], iri(row[column]) if column == "URL" else text(row[column])


def naive(project_folder: Path, count: int | None) -> None:
    """The sources of a project, one package after the other."""
    pipeline = Naive()
    sources = sorted(project_folder.glob("datapackages/*/*/*.csv"))[:count]
    folder = Path(tempfile.mkdtemp(dir=project_folder.parent))
    pipeline.package(sources[0], folder / "first")
    watch = Watch()
    for number, source in enumerate(sources[1:]):
        pipeline.package(source, folder / str(number))
    watch.tell(packages=len(sources) - 1)


if __name__ == "__main__":
    way, where, *wanted = sys.argv[1:]
    {"odkit": odkit, "naive": naive, "stages": stages}[way](Path(where), int(wanted[0]) if wanted else None)
