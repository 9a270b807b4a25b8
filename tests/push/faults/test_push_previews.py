"""Files that come into a public dataset get their previews, at whatever call the run that brings them is cut off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from odkit.errors import PortalError
from odkit.model import Package, PushPlan, Resource, Score
from odkit.push import Portal, Rules, apply_plan, connect, describe, make_plan
from odkit.push.state import PREVIEWS_DUE

if TYPE_CHECKING:
    from tests.conftest import RealCkan
    from tests.push.conftest import Factory
    from tests.push.faults.conftest import Line

pytestmark = pytest.mark.ckan

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())


LOAD = ("datastore_delete", "datastore_create", "datastore_upsert")
"""What loads a small table."""


@dataclass
class Growing:
    """A public dataset on a real CKAN, behind a line that can fail, which gets one table after the other."""

    line: Line
    package: Package
    token: str = field(repr=False)
    direct: Portal

    def grow(self) -> Resource:
        """The package has one table more, and a descriptor that says so."""
        folder, name = self.package.folder, f"more-{len(self.package.resources)}"
        (folder / f"{name}.csv").write_bytes(b"ID\r\n011002\r\n")
        more = resource(folder, f"{name}.csv", "CSV", "text/csv", rows=1)
        _, *tables = self.package.resources
        self.package = described(replace(self.package, resources=(*tables, more)))
        return more

    def publish(self) -> PushPlan:
        """One run, without another try at any call."""
        rules = Rules(attempts=1, create_organizations=True, datastore=True)
        with connect(self.line.url, self.token, rules=rules) as portal:
            plan = make_plan(self.package, LEVEL_5, portal)
            apply_plan(plan, portal, self.package.folder)
        return plan

    def resource(self, file: Resource) -> dict[str, Any]:
        """A file as the portal shows it."""
        shown: Any = self.direct.show(self.package.spec.portal_name)
        return next(dict(item) for item in shown["resources"] if item["odkit_key"] == file.key)

    def views(self, file: Resource) -> list[str]:
        """The kinds of the previews that a file has."""
        listed = self.direct.read("resource_view_list", {"id": self.resource(file)["id"]}, subject="")
        return [view["view_type"] for view in listed]


def resource(folder: Path, path: str, kind: str, media_type: str, rows: int | None = None) -> Resource:
    content = (folder / path).read_bytes()
    name = path.partition(".")[0]
    return Resource(
        key=name,
        path=path,
        title=name,
        title_en=name,
        format=kind,
        media_type=media_type,
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
        rows=rows,
    )


def described(package: Package) -> Package:
    """The package whose descriptor, here the first file, knows all its tables."""
    schema = {"fields": [{"name": "ID", "type": "string"}]}
    entries = [{"name": item.key, "path": item.path, "schema": schema} for item in package.resources]
    (package.folder / "datapackage.json").write_text(json.dumps({"resources": entries}), encoding="utf-8")
    descriptor = resource(package.folder, "datapackage.json", "JSON", "application/json")
    return replace(package, resources=(descriptor, *package.resources))


@pytest.fixture
def growing(line: Line, real_ckan: RealCkan, factory: Factory) -> Iterator[Growing]:
    if not real_ckan.previews:
        pytest.skip("this CKAN makes no previews")
    spec = factory.spec()
    start = described(replace(factory.package(), resources=()))
    with connect(real_ckan.url, real_ckan.token) as direct:
        made = Growing(line, start, real_ckan.token, direct)
        made.publish()
        yield made
        for action, name in (("dataset_purge", spec.portal_name), ("organization_purge", spec.publisher.name)):
            with suppress(PortalError):
                direct.command(action, {"id": name}, subject="")


def test_a_new_file_gets_its_preview_and_nothing_is_left_to_do(growing: Growing) -> None:
    file = growing.grow()
    growing.line.mend()
    growing.publish()
    views = "package_create_default_resource_views"
    assert growing.line.writes == ["package_revise", *LOAD, "package_revise", views, views, "package_revise"]
    assert growing.views(file) == ["datatables_view"]
    assert PREVIEWS_DUE not in growing.resource(file)
    growing.line.mend()
    assert growing.publish().action == "unchanged"
    assert growing.line.writes == []


@pytest.mark.any_ckan
def test_a_run_that_is_cut_off_leaves_no_file_without_preview(
    growing: Growing, points: Callable[[str, int], None]
) -> None:
    """Cut off before each write from the last rows of the table on: in between nothing changes on the portal."""
    growing.grow()
    growing.line.mend()
    growing.publish()
    calls = growing.line.calls
    writes = [at for at, name in enumerate(calls, 1) if name in growing.line.writes][3:]
    late = []
    for call in writes:
        file = growing.grow()
        growing.line.fail(call, "reset-before")
        with pytest.raises(PortalError):
            growing.publish()
        growing.line.mend()
        plan = growing.publish()
        assert plan.action == "update"
        assert growing.views(file) == ["datatables_view"], f"cut off at call {call}: {growing.line.calls}"
        assert PREVIEWS_DUE not in growing.resource(file)
        assert growing.publish().action == "unchanged"
        late += [plan] if not plan.uploads and not plan.tables else []
    assert [len(plan.previews) for plan in late] == [1, 1, 1], "before either kind of previews, and before the note"
    assert "  ask for previews that an earlier run did not come to: 1 files" in describe(late[0], "en")
    assert "  前回できなかったプレビューを作ります: 1 ファイル" in describe(late[0], "ja")
    points("reset-before, previews", len(writes))
