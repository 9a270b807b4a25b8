"""What the embedded portal promises beyond CKAN's behaviour: nothing half done, many at once, nothing to set up."""

from __future__ import annotations

import io
import multiprocessing
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from ckanapi.errors import NotAuthorized, NotFound, ValidationError

from odkit.errors import PortalStop, refused_by_system
from odkit.portal import Store, create_app, embedded_session
from odkit.portal.arrivals import kept_files
from odkit.portal.files import Files, TooLarge
from odkit.portal.holdings import holdings
from odkit.portal.records import moment
from odkit.portal.store import OpenStore, StoredPackage, StoredResource

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.conftest import Door


def held(folder: Path) -> list[Path]:
    """Every file below the portal's folder of files."""
    return [path for path in (folder / "files").rglob("*") if path.is_file()]


@pytest.fixture
def folder(tmp_path: Path, embedded: Door) -> Path:
    return tmp_path / "portal"


def test_an_application_touches_nothing_before_it_is_used(tmp_path: Path) -> None:
    create_app(tmp_path / "new", site_url="http://portal.example")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_when_first_needed(tmp_path: Path) -> None:
    with Store(tmp_path / "a" / "b").reading() as transaction:
        assert transaction.packages() == []
    assert (tmp_path / "a" / "b" / "catalogue.sqlite").is_file()


def _overfill(store: Store) -> None:
    with store.writing() as transaction:
        transaction.database.execute("PRAGMA max_page_count = 1")  # what is there may stay, nothing may be added
        transaction.put_organization({"id": "x", "name": "x", "text": "x" * 100_000})


def test_a_full_disk_is_no_damage_and_undoes_the_write(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.reading():
        pass
    with pytest.raises(OSError, match="full") as caught:
        _overfill(store)
    assert refused_by_system(caught.value) == ("cli.disk-full", {})
    with store.reading() as after:
        assert after.organizations() == []


def test_a_folder_of_a_newer_odkit_is_left_alone(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "catalogue.sqlite")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(PortalStop) as caught, Store(tmp_path).reading():
        pass
    assert caught.value.code == "portal.newer-folder"


def shuffled(folder: Path) -> None:
    (folder / "catalogue.sqlite").write_bytes(bytes(range(7, 256)) * 40)


def cut_off(folder: Path) -> None:
    path = folder / "catalogue.sqlite"
    path.write_bytes(path.read_bytes()[:6000])


def edited_by_hand(statement: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "catalogue.sqlite")) as database:
            database.execute(statement)
            database.commit()

    return edit


@pytest.mark.parametrize(
    "damage", [shuffled, cut_off, edited_by_hand("DELETE FROM package"), edited_by_hand("DROP TABLE resource")]
)
def test_a_database_that_is_not_as_it_was_left_is_called_so(damage: Callable[[Path], None], tmp_path: Path) -> None:
    owner = {"id": "o", "name": "chiba"}
    package = StoredPackage({"id": "p", "name": "wifi", "owner_org": "o"}, (StoredResource({"id": "r"}),))
    with Store(tmp_path).writing() as transaction:
        transaction.put_organization(owner)
        transaction.put_package(package)
    for log in tmp_path.glob("catalogue.sqlite-*"):
        log.unlink()
    damage(tmp_path)
    with pytest.raises(PortalStop) as caught, Store(tmp_path).writing() as transaction:
        transaction.put_package(replace(package, body=package.body | {"id": "q"}))
    assert caught.value.code == "portal.damaged"
    assert str(tmp_path / "catalogue.sqlite") in caught.value.text("ja")
    with pytest.raises(PortalStop), OpenStore.opened(tmp_path) as store, store.writing() as transaction:
        transaction.put_package(replace(package, body=package.body | {"id": "q"}))


def test_a_lock_of_another_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("odkit.portal.store.PATIENCE", 0.01)
    with Store(tmp_path).writing(), pytest.raises(OSError, match="locked"), Store(tmp_path).writing():
        pass


def test_a_file_that_is_lost_or_cut_off_is_shown_with_what_is_left_of_it(folder: Path, embedded: Door) -> None:
    embedded.create()
    sent = embedded.upload("data.csv", b"a,b,c")
    (path,) = held(folder)
    store, before = Store(folder), holdings(folder)
    for left in (b"a,b", None):
        path.unlink()
        if left is not None:
            path.write_bytes(left)
        assert embedded.api.action.resource_show(id=sent["id"])["size"] == len(left or b"")
        assert holdings(folder) != before
        upload = store.files.receive(io.BytesIO(b"a,b,c"), "data.csv", 100)
        store.files.place(upload)
        assert path.read_bytes() == b"a,b,c"
        assert holdings(folder) == before
    assert embedded.api.action.resource_show(id=sent["id"]) == sent


def test_tokens_are_not_written_down(folder: Path, embedded: Door, app: Flask) -> None:
    upload_target = embedded.create()
    assert upload_target["creator_user_id"]
    assert all(embedded.token.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert embedded.token not in repr(app.extensions["odkit-portal"])


def test_a_portal_without_tokens_can_only_be_read(tmp_path: Path) -> None:
    app = create_app(tmp_path, site_url="http://portal.example")
    for headers in ({}, {"Authorization": ""}):
        answer = app.test_client().post("/api/action/organization_create", json={"name": "ab"}, headers=headers)
        assert answer.status_code == 403


def test_a_failing_write_is_undone_as_a_whole(folder: Path, embedded: Door) -> None:
    before = embedded.create()
    store = Store(folder)

    def fail_half_way() -> None:
        with store.writing() as transaction:
            package = transaction.package(embedded.name())
            assert package is not None
            package.body["title"] = "半分"
            transaction.put_package(package)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert embedded.show() == before


def test_a_crash_between_file_and_commit_serves_the_old_file(folder: Path, embedded: Door) -> None:
    embedded.create()
    old = embedded.upload("data.csv", b"old")
    store = Store(folder)

    def crash() -> None:
        with store.writing():
            store.files.place(store.files.receive(io.BytesIO(b"new"), "data.csv", 100))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crash()
    assert embedded.http("GET", old["url"]).content == b"old"
    assert embedded.api.action.resource_show(id=old["id"]) == old


def test_a_transfer_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    files = Files(tmp_path)
    with pytest.raises(ConnectionResetError):
        files.receive(Broken(), "data.csv", 100)
    with pytest.raises(TooLarge):
        files.receive(io.BytesIO(b"12345"), "data.csv", 4)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    old, young = tmp_path / "old.part", tmp_path / "young.part"
    for path in (old, young):
        path.touch()
    os.utime(old, (1, 1))
    with kept_files([("upload", "data.csv", io.BytesIO(b"x"))], Files(tmp_path), 100) as uploads:
        assert sorted(tmp_path.iterdir()) == sorted([young, uploads["upload"].path])


def test_refused_uploads_leave_no_file(folder: Path, embedded: Door) -> None:
    embedded.create()
    with pytest.raises(ValidationError):
        embedded.upload("data.csv", b"x", id="bad")
    with pytest.raises(NotFound):
        embedded.api.call_action(
            "resource_create", {"package_id": "no-such"}, files={"upload": ("a.csv", io.BytesIO(b"y"))}
        )
    with pytest.raises(NotAuthorized):
        embedded.anonymous.call_action(
            "resource_create", {"package_id": embedded.name()}, files={"upload": ("a.csv", io.BytesIO(b"z"))}
        )
    assert held(folder) == []


def test_files_nobody_refers_to_are_deleted(folder: Path, embedded: Door) -> None:
    embedded.create()
    first = embedded.upload("a.csv", b"shared")
    second = embedded.upload("b.csv", b"shared")
    assert len(held(folder)) == 1
    embedded.api.call_action("resource_patch", {"id": first["id"]}, files={"upload": ("a.csv", io.BytesIO(b"own"))})
    assert sorted(path.read_bytes() for path in held(folder)) == [b"own", b"shared"]
    embedded.api.action.resource_delete(id=second["id"])
    assert [path.read_bytes() for path in held(folder)] == [b"own"]
    embedded.api.action.package_delete(id=embedded.name())
    assert embedded.http("GET", first["url"]).content == b"own"


def test_a_resource_id_twice_in_one_dataset_is_refused(embedded: Door) -> None:
    """CKAN 2.12 takes it and is left with a dataset that nobody can write any more."""
    key = str(uuid4())
    twice = [{"id": key, "url": "x"}, {"id": key, "url": "y"}]
    wrong = embedded.error("package_create", name=embedded.name(), owner_org=embedded.org, resources=twice)
    assert wrong[1]["resources"] == [{}, {"id": ["Resource id already exists."]}]
    embedded.create(resources=twice[:1])
    assert embedded.error("resource_create", package_id=embedded.name(), id=key, url="z")[0] == 409


def test_time_never_stands_still() -> None:
    future = "2999-12-31T23:59:59.999998"
    assert moment(future) == "2999-12-31T23:59:59.999999"
    first = moment()
    assert moment(first) > first


def test_parallel_writers_of_one_dataset_all_get_through(app: Flask, embedded: Door) -> None:
    embedded.create()

    def create(number: int) -> str:
        with embedded_session(app, embedded.url) as session:
            answer = session.post(
                f"{embedded.url}/api/action/resource_create",
                data={"package_id": embedded.name(), "name": str(number)},
                files={"upload": ("data.csv", str(number).encode())},
                headers={"Authorization": embedded.token},
                timeout=60,
            )
        return str(answer.json()["result"]["url"])

    with ThreadPoolExecutor(8) as pool:
        urls = list(pool.map(create, range(16)))
    assert [embedded.http("GET", url).content for url in urls] == [str(number).encode() for number in range(16)]
    assert [item["position"] for item in embedded.show()["resources"]] == list(range(16))


def test_one_of_many_takes_a_name(app: Flask, embedded: Door) -> None:
    def create(_: int) -> int:
        body = {"name": embedded.name(), "owner_org": embedded.org}
        headers = {"Authorization": embedded.token}
        return app.test_client().post("/api/action/package_create", json=body, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(create, range(6))) == [200, 409, 409, 409, 409, 409]


def test_readers_see_whole_files_while_they_are_replaced(app: Flask, embedded: Door) -> None:
    embedded.create()
    made = embedded.upload("data.csv", b"0" * 100_000)
    contents = {bytes([48 + number]) * 100_000 for number in range(10)}

    def replace(number: int) -> None:
        with embedded_session(app, embedded.url) as session:
            session.post(
                f"{embedded.url}/api/action/resource_patch",
                data={"id": made["id"]},
                files={"upload": ("data.csv", bytes([48 + number]) * 100_000)},
                headers={"Authorization": embedded.token},
                timeout=60,
            ).raise_for_status()

    def read(_: int) -> bool:
        with embedded_session(app, embedded.url) as session:
            answer = session.get(made["url"], timeout=60)
        return answer.status_code == 200 and answer.content in contents

    with ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(replace, number) for number in range(10)]
        assert all(pool.map(read, range(40)))
        assert [write.result() for write in writes] == [None] * 10


def write_in_another_process(folder: str, token: str, number: int, barrier: Any) -> None:
    """Open a portal that may not be there yet, together with the others, and write to it."""
    app = create_app(Path(folder), site_url="http://p.example", tokens={token: "u"})
    barrier.wait(30)
    client, headers = app.test_client(), {"Authorization": token}
    made = client.post("/api/action/organization_create", json={"name": f"org-{number}"}, headers=headers)
    for index in range(5):
        body = {"name": f"d-{number}-{index}", "owner_org": f"org-{number}"}
        assert client.post("/api/action/package_create", json=body, headers=headers).status_code == 200
    assert made.status_code == 200


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Any]]:
    """Three processes that begin on one new folder at the same moment."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    folder = str(tmp_path / "shared")
    processes = [
        context.Process(target=write_in_another_process, args=(folder, "t", number, barrier)) for number in range(3)
    ]
    for process in processes:
        process.start()
    yield processes
    for process in processes:
        process.join(60)
        process.close()


def test_processes_share_a_portal_from_its_first_moment(tmp_path: Path, started: list[Any]) -> None:
    for process in started:
        process.join(60)
    assert [process.exitcode for process in started] == [0, 0, 0]
    with Store(tmp_path / "shared").reading() as transaction:
        names = [package.body["name"] for package in transaction.packages()]
    assert names == sorted(f"d-{number}-{index}" for number in range(3) for index in range(5))
