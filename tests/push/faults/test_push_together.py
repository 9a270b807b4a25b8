"""Many publishers on one portal: two at once on one dataset, and twenty organisations that cannot touch each other."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from odkit.errors import PortalError, PortalRefused
from odkit.model import Package, Publisher, PushPlan, Score
from odkit.push import Portal, Rules, apply_plan, connect, make_plan, verify
from odkit.push.plan import organization_fields

if TYPE_CHECKING:
    from tests.conftest import RealCkan
    from tests.push.conftest import Factory, Site

ORGANIZATIONS, DATASETS = 20, 5
LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())


def versions(factory: Factory, folder: Path, count: int) -> list[Package]:
    """Different packages for one dataset, each with files of its own."""
    made = []
    for number in range(count):
        own = replace(factory, folder=folder / str(number))
        own.folder.mkdir()
        content = {key: data + b"#%d" % number for key, data in factory.content.items()}
        made.append(own.package(content, title=f"題{number}"))
    return made


@pytest.mark.parametrize("exists", [False, True], ids=["create", "update"])
def test_two_at_once_on_one_dataset(site: Site, factory: Factory, tmp_path: Path, exists: bool) -> None:
    """One wins whole, the other is told and changes nothing; the loser's next run starts from what the winner made."""
    first, *rivals = versions(factory, tmp_path, 3)
    with site.open() as portal:
        portal.write("organization_create", organization_fields(site.publisher), subject="")
        if exists:
            apply_plan(make_plan(first, LEVEL_5, portal), portal, first.folder)
    race = Race(site, rivals)
    race.run()
    assert sorted(race.outcomes.values()) == ["", "push.changed-meanwhile"]
    winner, loser = sorted(race.outcomes, key=lambda number: race.outcomes[number])
    with site.open() as portal:
        assert verify(full(race.plans[winner], rivals[winner]), portal) == ()
        assert make_plan(rivals[winner], LEVEL_5, portal).action == "unchanged"
        apply_plan(make_plan(rivals[loser], LEVEL_5, portal), portal, rivals[loser].folder)
        assert make_plan(rivals[loser], LEVEL_5, portal).action == "unchanged"


@dataclass
class Race:
    """Everybody plans from the same state, then all apply at the same moment. Outcomes are codes of errors, or ""."""

    site: Site
    packages: list[Package]
    plans: dict[int, PushPlan] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)

    def run(self) -> None:
        barrier = threading.Barrier(len(self.packages))
        runners = [threading.Thread(target=self._one, args=(at, barrier)) for at in range(len(self.packages))]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()

    def _one(self, at: int, barrier: threading.Barrier) -> None:
        package = self.packages[at]
        with self.site.open() as portal:
            self.plans[at] = make_plan(package, LEVEL_5, portal)
            barrier.wait(60)
            try:
                apply_plan(self.plans[at], portal, package.folder)
                self.outcomes[at] = ""
            except PortalError as error:
                self.outcomes[at] = error.code


def full(plan: PushPlan, package: Package) -> PushPlan:
    """The plan with every file of the package, under the ids that the plan knows."""
    ids = {item.key: name for name, item in (*plan.uploads, *plan.kept)}
    return replace(plan, uploads=tuple((ids[item.key], item) for item in package.resources), kept=())


@dataclass(frozen=True)
class Office:
    """A government with an organisation and a token of its own."""

    publisher: Publisher
    token: str = field(repr=False)
    factory: Factory

    def package(self, number: int) -> Package:
        content = {"data": b"ID\n%d\n" % number}
        return self.factory.package(content, name=f"{self.publisher.name.replace('-', '_')}_{number}")


@pytest.fixture
def offices(real_ckan: RealCkan, factory: Factory, tmp_path: Path) -> Iterator[list[Office]]:
    """Twenty governments, each with an editor's token for its own organisation only."""
    tail = uuid.uuid4().hex[:6]
    made: list[Office] = []
    with connect(real_ckan.url, real_ckan.token) as admin:
        for number in range(ORGANIZATIONS):
            name = f"office-{tail}-{number}"
            publisher = replace(factory.publisher, code=f"12{number:04d}", name=name)
            folder = tmp_path / name
            folder.mkdir()
            made.append(
                Office(publisher, editor(admin, publisher), replace(factory, folder=folder, publisher=publisher))
            )
        yield made
        for office in made:
            for number in range(DATASETS):
                purge(admin, "dataset_purge", office.package(number).spec.portal_name)
            purge(admin, "organization_purge", office.publisher.name)
            purge(admin, "user_delete", office.publisher.name)


def editor(admin: Portal, publisher: Publisher) -> str:
    """A token of somebody who is an editor of this organisation and nothing else."""
    name = publisher.name
    admin.write("organization_create", organization_fields(publisher), subject="")
    admin.write("user_create", {"name": name, "email": f"{name}@example.jp", "password": uuid.uuid4().hex}, subject="")
    admin.write("organization_member_create", {"id": name, "username": name, "role": "editor"}, subject="")
    return str(admin.write("api_token_create", {"user": name, "name": "odkit"}, subject="")["token"])


def purge(admin: Portal, action: str, name: str) -> None:
    # What these answer is no mapping.
    with suppress(PortalError):
        admin.write(action, {"id": name}, subject="")


@pytest.mark.ckan
def test_twenty_organisations_cannot_touch_each_other(real_ckan: RealCkan, offices: list[Office]) -> None:
    with ExitStack() as stack:
        portals = [
            stack.enter_context(connect(real_ckan.url, office.token, rules=Rules(pause=0.01))) for office in offices
        ]
        with ThreadPoolExecutor(2) as both:
            list(both.map(publish_all, offices, portals))
        before = standing(portals[0], offices)
        assert len(before) == ORGANIZATIONS * DATASETS
        for office, portal, neighbour in zip(offices, portals, [*offices[1:], offices[0]], strict=True):
            assert_refused(portal, office, neighbour)
        assert standing(portals[0], offices) == before


def publish_all(office: Office, portal: Portal) -> None:
    for number in range(DATASETS):
        package = office.package(number)
        apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)


def standing(portal: Portal, offices: list[Office]) -> dict[str, object]:
    """Every dataset as the portal shows it to everyone."""
    found: dict[str, object] = {}
    for name in (office.publisher.name for office in offices):
        results = portal.read("package_search", {"fq": f"organization:{name}", "rows": 100}, subject="")["results"]
        found |= {item["name"]: item for item in results}
    return found


def assert_refused(portal: Portal, office: Office, neighbour: Office) -> None:
    """With a token of `office`: the neighbour's whole configuration, its organisation, its dataset, and bare calls."""
    theirs = neighbour.package(0)
    changed = replace(theirs, spec=replace(theirs.spec, title="乗っ取り"))
    assert refused(portal, changed) == "push.not-allowed"
    new = neighbour.package(99)
    assert refused(portal, new) == "push.not-allowed"
    own = office.package(0)
    misnamed = replace(office.publisher, name=neighbour.publisher.name)
    assert refused(portal, replace(own, spec=replace(own.spec, publisher=misnamed))) == "push.other-owner"
    mine = replace(neighbour.publisher, name=office.publisher.name)
    assert refused(portal, replace(theirs, spec=replace(theirs.spec, publisher=mine))) == "push.other-owner"
    shown = portal.show(theirs.spec.portal_name)
    assert shown is not None
    with pytest.raises(PortalRefused):
        portal.write("package_revise", {"match": {"id": shown["id"]}, "update": {"title": "乗っ取り"}}, subject="")
    stolen = {"name": f"x-{uuid.uuid4().hex[:6]}", "owner_org": neighbour.publisher.name}
    with pytest.raises(PortalRefused):
        portal.write("package_create", stolen, subject="")


def refused(portal: Portal, package: Package) -> str:
    """Why a plan is refused: nothing was written by then."""
    with pytest.raises(PortalRefused) as caught:
        make_plan(package, LEVEL_5, portal)
    return caught.value.code
