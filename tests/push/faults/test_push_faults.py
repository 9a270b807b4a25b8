"""Every call fails once in every way, and the process is killed at every call: one clean run later all is right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from odkit.errors import PortalError
from odkit.model import Package, Publisher, Score
from odkit.push import Portal, Rules, apply_plan, connect, make_plan, plan_push, read_facts, read_state, wire
from odkit.push.state import DatasetState, parse_state

if TYPE_CHECKING:
    from tests.conftest import RealCkan
    from tests.push.conftest import Factory
    from tests.push.faults.conftest import Line, Reader

pytestmark = pytest.mark.ckan

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
KINDS = ("reset-before", "429", "502", "500", "html", "reset-after", "slow", "truncated")
HEALED = frozenset({"reset-before", "429", "502", "reset-after", "slow", "truncated"})
"""What a run gets over by itself, by looking and trying again."""

BY_THE_LINE = frozenset({"429", "502", "500", "html", "slow", "truncated"})
"""What the line answers in CKAN's place, or CKAN without knowing: one version of CKAN stands for the others."""

IMPATIENCE = 0.8
"""Seconds that a run waits for an answer where answers are slow: less than the line's pause."""

NEW_DATA = {"data": b"ID\n011003\n", "data-rdf": b'<#1> <#name> "new" .\n', "datapackage": b"{}\n"}


@dataclass
class Stage:
    """A real CKAN behind a line that can fail; packages and publishers that no other test knows.

    `direct` asks the CKAN itself: what it has come to, and what is to be purged.
    """

    line: Line
    ckan: RealCkan
    factory: Factory
    reader: type[Reader]
    direct: Portal
    made: list[Package] = field(default_factory=list)

    def open(self, attempts: int = 4) -> Portal:
        rules = Rules(attempts=attempts, pause=0.01, create_organizations=True)
        return connect(self.line.url, self.ckan.token, rules=rules)

    def first_package(self) -> Package:
        """The first version of the first dataset of a publisher whom the portal has not seen."""
        publisher = replace(self.factory.publisher, name=f"fault-{uuid.uuid4().hex[:8]}")
        self.made.append(self.package(publisher, 1))
        return self.made[-1]

    def package(self, publisher: Publisher, version: int) -> Package:
        """The first or the second version of a publisher's only dataset."""
        changes = {"title": "新しい題"} if version == 2 else {}
        content = NEW_DATA if version == 2 else self.factory.content
        return replace(self.factory, publisher=publisher).package(content, **changes)

    def publish(self, package: Package, attempts: int = 4) -> str:
        with self.open(attempts) as portal:
            plan = make_plan(package, LEVEL_5, portal)
            apply_plan(plan, portal, package.folder)
        return plan.action

    def assert_right(self, package: Package, reader: Reader, point: str) -> None:
        """The portal has exactly this package, once, for everyone, and nothing else of its publisher."""
        publisher = package.spec.publisher
        of_theirs = {"fq": f"organization:{publisher.name}", "include_private": True, "include_drafts": True}
        (shown,) = self.direct.read("package_search", of_theirs, subject="")["results"]
        assert shown["name"] == package.spec.portal_name, point
        assert shown["private"] is False, point
        assert [item["odkit_key"] for item in shown["resources"]] == [item.key for item in package.resources], point
        state = read_state(self.direct, package.spec.portal_name)
        assert plan_push(package, LEVEL_5, state, read_facts(self.direct, publisher)).action == "unchanged", point
        reader.look()
        assert reader.seen == [item.sha256 for item in package.resources], point
        assert reader.wrong == [], point

    def purge(self) -> None:
        for spec in (package.spec for package in self.made):
            for action, name in (("dataset_purge", spec.portal_name), ("organization_purge", spec.publisher.name)):
                with suppress(PortalError):
                    self.direct.command(action, {"id": name}, subject="")


@pytest.fixture
def stage(line: Line, real_ckan: RealCkan, factory: Factory, reader: type[Reader]) -> Iterator[Stage]:
    with connect(real_ckan.url, real_ckan.token) as direct:
        made = Stage(line, real_ckan, factory, reader, direct)
        yield made
        made.purge()


@dataclass
class Target:
    """What the points of a test publish: a new publisher's first dataset (``create``), or new data of one dataset."""

    stage: Stage
    what: str
    package: Package
    versions: int = 1

    @contextmanager
    def next(self) -> Iterator[tuple[Package, Reader]]:
        """The package to publish now, and the public reader of its dataset."""
        before = self.package
        self.versions += 1
        if self.what == "create":
            before = self.package = self.stage.first_package()
        else:
            self.package = self.stage.package(before.spec.publisher, 1 + (self.versions - 1) % 2)
        reader = self.stage.reader(self.stage.ckan.url, self.package.spec.portal_name, (before, self.package))
        self.stage.line.after_write = reader.look
        yield self.package, reader
        self.stage.line.after_write = lambda: None

    def calls_needed(self) -> int:
        """How many calls a push makes where nothing fails."""
        with self.next() as (package, reader):
            self.stage.line.mend()
            self.stage.publish(package)
            calls = list(self.stage.line.calls)
            self.stage.assert_right(package, reader, "without a fault")
            return len(calls)


@pytest.fixture(params=["create", "update"])
def target(stage: Stage, request: pytest.FixtureRequest) -> Target:
    made = Target(stage, request.param, stage.first_package())
    if made.what == "update":
        stage.publish(made.package)
    return made


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.any_ckan if kind in BY_THE_LINE else ()) for kind in KINDS]
)
def test_a_fault_at_every_call(
    target: Target, kind: str, monkeypatch: pytest.MonkeyPatch, points: Callable[[str, int], None]
) -> None:
    """Without tries inside the run, so that the next run has to finish; with them the run gets over it by itself."""
    tried = [
        (call, attempts)
        for call in range(1, target.calls_needed() + 1)
        for attempts in ((1, 4) if kind in HEALED else (1,))
    ]
    for call, attempts in tried:
        point = f"{kind} at call {call}, {attempts} attempts"
        with target.next() as (package, reader), monkeypatch.context() as patient:
            if kind == "slow":
                patient.setattr(wire, "TIMEOUT", (5, IMPATIENCE))
            target.stage.line.fail(call, kind)
            fault = failure(target.stage, package, attempts)
            patient.undo()
            target.stage.line.mend()
            assert not fault or attempts == 1, f"{point}: {fault}"
            if fault:
                target.stage.publish(package)
            target.stage.assert_right(package, reader, point)
    points(f"{kind}, {target.what}", len(tried))


def failure(stage: Stage, package: Package, attempts: int) -> str:
    """Publish over the failing line; the code of what it came to."""
    try:
        stage.publish(package, attempts)
    except PortalError as error:
        return error.code
    return ""


@pytest.mark.parametrize("kind", ["reset-before", "reset-after"], ids=["before", "after"])
def test_killed_at_every_call(
    target: Target, kind: str, pickled: Callable[[Package], Path], points: Callable[[str, int], None]
) -> None:
    """SIGKILL when a call has arrived but is not carried out yet, and when it was but nobody was told."""
    needed, stage = target.calls_needed(), target.stage
    for call in range(1, needed + 1):
        with target.next() as (package, reader):
            stage.line.fail(call, kind)
            kill(stage, pickled(package))
            assert len(stage.line.calls) == call
            stage.line.mend()
            stage.publish(package)
            stage.assert_right(package, reader, f"killed at call {call}")
    points(f"SIGKILL {kind.partition('-')[2]} the call, {target.what}", needed)


def kill(stage: Stage, package: Path) -> None:
    """Publish in a process of its own, which is killed at the failing call."""
    script = Path(__file__).with_name("publish_once.py")
    environment = {**os.environ, "ODKIT_TEST_CKAN_TOKEN": stage.ckan.token}
    with subprocess.Popen([sys.executable, str(script), stage.line.url, str(package)], env=environment) as process:
        stage.line.on_fault = process.kill
        assert process.wait(60) == -signal.SIGKILL
    stage.line.on_fault = None


@pytest.mark.parametrize("target", ["update"], indirect=True)
def test_a_change_of_data_moves_no_address_and_nothing_is_written_twice(target: Target) -> None:
    stage, name = target.stage, target.package.spec.portal_name

    def state() -> DatasetState:
        with stage.open() as portal:
            return parse_state(portal.show(name) or {})

    with target.next() as (package, reader):
        before = state()
        stage.line.mend()
        assert stage.publish(package) == "update"
        assert stage.line.writes == ["package_revise"]
        after = state()
        assert [(item.id, item.address) for item in after.resources] == [
            (item.id, item.address) for item in before.resources
        ]
        assert after.metadata_modified > before.metadata_modified
        stage.line.mend()
        assert stage.publish(package) == "unchanged"
        assert stage.line.writes == []
        assert state() == after
        assert reader.wrong == []
