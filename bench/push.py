"""How much odkit adds to the bare CKAN calls that a publication needs: ``python bench/push.py [MEASURED [ALL]]``.

Publishes small packages on the CKAN of ODKIT_TEST_CKAN_URL (token: ODKIT_TEST_CKAN_TOKEN), each with odkit and, right
after it, one like it with the same calls by requests alone: 200, or MEASURED. Then it puts more on the portal as if
odkit had published them, until there are ALL (as many as measured), publishes all of them again unchanged, and counts
the calls. What it makes it purges.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

import requests

from odkit.errors import PortalError
from odkit.model import DatasetSpec, Licence, Package, Publisher, PushPlan, Resource, Score, SourceSpec
from odkit.push import Portal, Rules, apply_plan, connect, make_plan
from odkit.push.files import resource_fields

LEVEL = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
LICENCE = Licence(id="CC-BY-4.0", title="CC BY 4.0", url="https://creativecommons.org/licenses/by/4.0/", open=True)
FILES = {
    "data": ("data.csv", "text/csv"),
    "data-rdf": ("data.ttl", "text/turtle"),
    "datapackage": ("datapackage.json", "application/json"),
}
WANTED_OVERHEAD, WANTED_CALLS = 1.2, 1 / 100


def package(folder: Path, publisher: Publisher, number: int) -> Package:
    """A package of three small files."""
    own = folder / str(number)
    own.mkdir()
    resources = []
    for key, (name, media_type) in FILES.items():
        content = f"{key} {number}\n".encode() * 100 if key != "datapackage" else b"{}\n"
        (own / name).write_bytes(content)
        resources.append(
            Resource(
                key=key,
                path=name,
                title=key,
                title_en=key,
                format=name.rpartition(".")[2].upper(),
                media_type=media_type,
                bytes=len(content),
                sha256=sha256(content).hexdigest(),
            )
        )
    spec = DatasetSpec(
        id=f"{publisher.code}/bench",
        name=f"{publisher.name}_{number}",
        title=f"ベンチ {number}",
        title_en="",
        description="小さなパッケージ",
        description_en="",
        publisher=publisher,
        source=SourceSpec(path=Path("x.csv")),
        standard="public_wireless_lan.v2",
        licence=LICENCE,
        encoding="utf-8",
        update_cycle="",
        tags=("試験",),
    )
    return Package(spec=spec, folder=own, descriptor={}, resources=tuple(resources))


@dataclass
class Bare:
    """The calls of a publication by requests alone."""

    url: str
    session: requests.Session
    previews: bool

    def call(self, action: str, data: Any, files: Any = None, status: int = 200) -> Any:
        """One action."""
        sent = {"data": data, "files": files} if files else {"json": data}
        answer = self.session.post(f"{self.url}/api/action/{action}", timeout=60, **sent)
        assert answer.status_code == status, answer.text
        return answer.json().get("result")

    def put(self, plan: PushPlan) -> None:
        """What a plan comes to, in one call: its files are links, for it is their hashes that are compared."""
        files = [{"id": name, "url": self.url, **resource_fields(item)} for name, item in plan.uploads]
        self.call("package_create", {**plan.dataset, "private": False, "resources": files})

    def publish(self, plan: PushPlan, made: Package, name: str) -> None:
        """Look, create, send the files, read them back, ask for previews if there are any, let the public in."""
        self.call("package_show", {"id": name}, status=404)
        package = self.call("package_create", {**plan.dataset, "name": name, "private": True})
        entries = [{"id": str(uuid.uuid4()), "name": item.title, "format": item.format} for item in made.resources]
        streams = {
            f"update__resources__{entry['id']}__upload": (item.path, (made.folder / item.path).open("rb"))
            for entry, item in zip(entries, made.resources, strict=True)
        }
        match = {"id": package["id"], "metadata_modified": package["metadata_modified"]}
        fields = {"match": json.dumps(match), "update__resources__extend": json.dumps(entries)}
        revised = self.call("package_revise", fields, streams)["package"]
        for item in revised["resources"]:
            self.session.get(item["url"], timeout=60).raise_for_status()
        if self.previews:
            wanted = {"package": revised, "create_datastore_views": False}
            self.call("package_create_default_resource_views", wanted)
        match["metadata_modified"] = revised["metadata_modified"]
        self.call("package_revise", {"match": match, "update": {"private": False}})
        for _, stream in streams.values():
            stream.close()


@dataclass
class Bench:
    """Both ways, dataset by dataset, so that what else the machine does weighs on both."""

    portal: Portal
    bare: Bare
    folder: Path
    publisher: Publisher
    ours: list[float] = field(default_factory=list)
    bares: list[float] = field(default_factory=list)
    packages: list[Package] = field(default_factory=list)

    def run(self, count: int, total: int) -> None:
        """Publish `count` datasets each way; then have `total` on the portal."""
        for number in range(count):
            made = self.next_package(number)
            start = time.perf_counter()
            plan = make_plan(made, LEVEL, self.portal)
            apply_plan(plan, self.portal, made.folder)
            middle = time.perf_counter()
            self.bare.publish(plan, made, f"{plan.dataset_name}_bare")
            self.ours.append(middle - start)
            self.bares.append(time.perf_counter() - middle)
        for number in range(count, total):
            plan = make_plan(self.next_package(number), LEVEL, self.portal)
            self.bare.put(plan)

    def next_package(self, number: int) -> Package:
        """A package to publish, and to purge in the end."""
        self.packages.append(package(self.folder, self.publisher, number))
        return self.packages[-1]

    def purge(self) -> None:
        """Leave nothing."""
        for made in self.packages:
            for tail in ("", "_bare"):
                with suppress(PortalError):
                    self.portal.write("dataset_purge", {"id": made.spec.portal_name + tail}, subject="")
        with suppress(PortalError):
            self.portal.write("organization_purge", {"id": self.publisher.name}, subject="")


@contextmanager
def opened(url: str, token: str, calls: list[str]) -> Iterator[Portal]:
    """A portal whose calls are noted."""
    session = requests.Session()
    session.hooks["response"].append(lambda answer, **_: calls.append(str(answer.url).rpartition("/")[2]))
    with connect(url, token, session=session, rules=Rules(create_organizations=True)) as portal:
        yield portal


def main(count: int, total: int) -> int:
    """Measure, print, and say whether it is good enough."""
    url, token = os.environ["ODKIT_TEST_CKAN_URL"], os.environ["ODKIT_TEST_CKAN_TOKEN"]
    publisher = Publisher(code="120006", name=f"bench-{uuid.uuid4().hex[:8]}", title="ベンチ", title_en="Bench")
    calls: list[str] = []
    with tempfile.TemporaryDirectory() as folder, requests.Session() as session, opened(url, token, calls) as portal:
        session.headers["Authorization"] = token
        previews = any(name.endswith("_view") for name in portal.extensions())
        bench = Bench(portal, Bare(url, session, previews), Path(folder), publisher)
        try:
            bench.run(count, total)
            again: list[str] = []
            start = time.perf_counter()
            with opened(url, token, again) as second:
                second.foresee(publisher.name)
                actions = {make_plan(made, LEVEL, second).action for made in bench.packages}
            seconds = time.perf_counter() - start
        finally:
            bench.purge()
    assert actions == {"unchanged"}, actions
    ratio, middle = sum(bench.ours) / sum(bench.bares), median(bench.ours) / median(bench.bares)
    print(
        f"{count} packages: odkit {sum(bench.ours):.1f} s, bare calls {sum(bench.bares):.1f} s: "
        f"{ratio:.2f} times (median {middle:.2f})"
    )
    print(f"{total} unchanged again: {len(again)} calls ({', '.join(sorted(set(again)))}), no upload, {seconds:.2f} s")
    # Three calls are for the organisation, the licences and the plugins, whatever the number of datasets.
    more = len(again) - 3
    print(
        json.dumps(
            {
                "odkit": median(bench.ours),
                "bare calls": median(bench.bares),
                "ratio": min(ratio, middle),
                "calls": more / total,
            }
        )
    )
    return int(min(ratio, middle) > WANTED_OVERHEAD or more > max(1, total * WANTED_CALLS))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]] or [200]
    sys.exit(main(numbers[0], numbers[-1]))
