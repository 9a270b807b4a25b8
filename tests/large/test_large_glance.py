"""A run that finds nothing to do knows so at a glance, and whatever has changed is seen all the same."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from odkit import publish as publish_module
from odkit.cache import cache_usage, prune_cache
from odkit.cache.frozen import freeze
from odkit.cli import journey, main
from odkit.cli.glance import Overview
from odkit.cli.told import Told
from odkit.portal import Store
from odkit.project import load_project

IDS = ("122033/one", "122033/two", "122041/three")
ONE = IDS[0]
HOME, PACKAGE = Path("datapackages") / ONE, Path("build") / ONE
Publish = Callable[..., tuple[int, str, str]]


@pytest.fixture
def publish(root: Path, capsys: pytest.CaptureFixture[str]) -> Publish:
    """``odkit publish`` in this process: the exit code, what it says on stdout and on stderr."""

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["publish", "--project", str(root), *words])
        return int(str(ended.value.code)), *capsys.readouterr()

    return call


@pytest.fixture
def journeys(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows whenever a run begins a journey: the stages are asked."""
    begun: list[str] = []

    class Noted(journey.Journey):
        def publish(self, jobs: int | None, scheduler: str, store: str = "") -> tuple[list[Told], int]:
            begun.append("journey")
            return super().publish(jobs, scheduler, store)

    monkeypatch.setattr(journey, "Journey", Noted)
    return begun


def known(root: Path) -> tuple[str, ...]:
    return tuple(Overview.of(root, "", ()).known)


def forget(root: Path) -> None:
    (root / ".odkit/cache/index").unlink()


@pytest.mark.parametrize("words", [("--json",), (), ("--explain", "--lang", "en"), ("--fail-on", "note"), (ONE,)])
def test_it_says_what_a_run_that_asks_everything_says(
    words: tuple[str, ...], root: Path, publish: Publish, journeys: list[str]
) -> None:
    declaration = root / HOME / "dataset.toml"
    text = declaration.read_text(encoding="utf-8")
    # A tag that no portal takes as it is: there is something to say about it in each run.
    declaration.write_text(text.replace("[source]", 'tags = ["防災/減災"]\n\n[source]'), encoding="utf-8")
    publish("--json")
    assert known(root) == IDS
    forget(root)
    asked = publish(*words)
    assert len(journeys) == 2
    assert publish(*words) == asked
    assert len(journeys) == 2
    assert "防災減災" in asked[2]


def test_nothing_of_the_stages_is_loaded(root: Path, publish: Publish) -> None:
    publish("--json")
    words = ["-X", "importtime", "-m", "odkit", "publish", "--project", str(root), "--json"]
    done = subprocess.run([sys.executable, *words], capture_output=True, encoding="utf-8", check=True)
    assert [item["action"] for item in json.loads(done.stdout)] == ["unchanged"] * 3
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    loaded = {line.rpartition("|")[2].strip() for line in lines}
    assert not loaded & {"odkit.publish", "odkit.project", "odkit.push", "odkit.read", "odkit.portal.app", "odkit.many"}
    assert not {name.partition(".")[0] for name in loaded} & {"flask", "requests", "rdflib", "jsonschema", "openpyxl"}


def edited(path: Path) -> None:
    """One byte is another; size and time are what they were."""
    seen, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a source is edited": lambda root: edited(root / HOME / "list.csv"),
    "a source is lost": lambda root: (root / HOME / "list.csv").unlink(),
    "a declaration is edited": lambda root: edited(root / HOME / "dataset.toml"),
    "corrections come": lambda root: (root / HOME / "corrections.csv").write_text("行,列名\n"),
    "a finding is accepted": lambda root: (root / HOME / "accepted.csv").write_text("検査,理由\n1-6,よい\n"),
    "a package is edited": lambda root: edited(root / PACKAGE / "data.csv"),
    "a package is cut off": lambda root: os.truncate(root / PACKAGE / "data.ttl", 9),
    "a file of a package is lost": lambda root: (root / PACKAGE / "issues.csv").unlink(),
    "a file is put there": lambda root: (root / PACKAGE / "notes.txt").write_text("?"),
    "a folder is put there": lambda root: (root / PACKAGE / "notes").mkdir(),
    "a package is lost": lambda root: shutil.rmtree(root / PACKAGE),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen_and_the_others_are_known(what: str, root: Path, publish: Publish) -> None:
    publish("--json")
    CHANGES[what](root)
    assert known(root) == IDS[1:]


def test_what_was_damaged_is_built_again_among_those_that_are_known(
    root: Path, publish: Publish, tree: Callable[[Path], dict[str, str]]
) -> None:
    publish("--json")
    packages = tree(root / "build")
    for name in ("data.csv", "data.ttl"):
        edited(root / PACKAGE / name)
    (root / PACKAGE / "planted.txt").write_text("?")
    _, out, _ = publish("--json")
    assert [item["dataset"] for item in json.loads(out)] == list(IDS)
    assert [item["built"] for item in json.loads(out)] == [{"package": ["damaged"], "rdf": ["damaged"]}, {}, {}]
    assert tree(root / "build") == packages
    assert known(root) == IDS


def test_a_portal_that_holds_something_else_is_asked(root: Path, publish: Publish) -> None:
    publish("--json")
    store = Store(load_project(root).portal().folder)
    with store.writing() as transaction:
        package = transaction.package("122033_one")
        assert package is not None
        package.body["title"] = "somebody's"
        transaction.put_package(package)
    assert known(root) == IDS[1:]
    _, out, _ = publish("--json")
    assert [item["action"] for item in json.loads(out)] == ["update", "unchanged", "unchanged"]
    with store.writing() as transaction:
        transaction.database.execute("UPDATE resource SET position = position + 1 WHERE package_id LIKE '%'")
        transaction.database.execute("UPDATE organization SET body = replace(body, '船橋市', '市')")
    assert known(root) == IDS[:2], "the order of files is the same, an organisation is another"
    shutil.rmtree(store.folder)
    assert known(root) == ()
    _, out, _ = publish("--json")
    assert [item["action"] for item in json.loads(out)] == ["create"] * 3
    assert known(root) == IDS


@pytest.mark.parametrize("left", [None, b"x"])
def test_a_file_that_the_portal_has_lost_is_sent_again(left: bytes | None, root: Path, publish: Publish) -> None:
    publish("--json")
    folder = load_project(root).portal().folder / "files"
    lost = folder / (name := sha256((root / PACKAGE / "data.csv").read_bytes()).hexdigest())[:2] / name
    whole = lost.read_bytes()
    lost.unlink()
    if left is not None:
        lost.write_bytes(left)
    assert known(root) == IDS[1:]
    _, out, _ = publish("--json")
    assert [item["action"] for item in json.loads(out)] == ["update", "unchanged", "unchanged"]
    assert lost.read_bytes() == whole
    assert known(root) == IDS


def test_a_portal_that_somebody_has_edited_ends_the_run_with_the_way_out(root: Path, publish: Publish) -> None:
    publish("--json")
    folder = load_project(root).portal().folder
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as database:
        database.execute("DELETE FROM package")
        database.commit()
    code, _, words = publish("--json", "--lang", "en")
    assert code == 3
    assert str(folder / "catalogue.sqlite") in words
    assert "delete it and run odkit publish again" in words
    (folder / "catalogue.sqlite").write_bytes(b"no database at all " * 500)
    code, _, words = publish("--json", "--lang", "en")
    assert code == 3
    assert "file is not a database" in words
    shutil.rmtree(folder)
    assert [item["action"] for item in json.loads(publish("--json")[1])] == ["create"] * 3


def test_a_dataset_that_is_named_twice_is_published_once(root: Path, publish: Publish) -> None:
    for names in ((ONE, ONE), (ONE, ONE), ("one", ONE, f"datapackages/{ONE}/")):
        assert [item["dataset"] for item in json.loads(publish("--json", *names)[1])] == [ONE]


def test_other_settings_and_another_odkit_are_seen(
    root: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    publish("--json")
    settings = root / "publish.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("市川市", "新市川市"), encoding="utf-8")
    assert known(root) == ()
    publish("--json")
    assert known(root) == IDS
    elsewhere = tmp_path_factory.mktemp("odkit")
    (elsewhere / "read.py").touch()
    monkeypatch.setattr("odkit.cache.marks.HOME", elsewhere)
    assert known(root) == ()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit is flipped": lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
    "the end is cut off": lambda data: data[: len(data) // 2],
    "it is empty": lambda _: b"",
    "it is of another kind": lambda _: freeze("words"),
    "its digest is right": lambda data: signed(b'{"odkit": 1}'),
    "it has another shape": lambda data: signed(data[64:].replace(b'"folders"', b'"files"')),
    "it is a list": lambda _: signed(b"[]"),
}


def signed(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode() + body


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_index_is_none(how: str, root: Path, publish: Publish, journeys: list[str]) -> None:
    publish("--json")
    index = root / ".odkit/cache/index"
    index.write_bytes(DAMAGES[how](index.read_bytes()))
    assert known(root) == ()
    assert [item["action"] for item in json.loads(publish("--json")[1])] == ["unchanged"] * 3
    assert known(root) == IDS
    assert len(journeys) == 2


def test_what_is_as_young_as_the_first_look_is_looked_at_again(
    root: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of a disk may stand still: what changes within one of its ticks cannot be told apart."""
    moment = (root / HOME / "list.csv").stat().st_ctime_ns
    with monkeypatch.context() as still:
        still.setattr("odkit.cli.standing.clock_of", lambda _: moment)
        still.setattr("odkit.cli.standing.clock_past", lambda *_: moment)
        publish("--json")
        assert known(root) == ()
    publish("--json")
    assert known(root) == IDS
    with monkeypatch.context() as still:
        still.setattr("odkit.cache.index.clock_of", lambda _: moment)
        forget(root)
        publish("--json")
    assert known(root) == (), "packages are not older than the last look"


def test_a_declaration_that_changes_during_a_run_is_not_vouched_for(
    root: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = publish_module.send

    def meanwhile(*given: object, **options: object) -> object:
        edited(root / HOME / "dataset.toml")
        return send(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(journey, "send", meanwhile)
    publish("--json")
    assert known(root) == IDS[1:]


def test_a_file_that_is_dated_in_the_future_is_known_all_the_same(root: Path, publish: Publish) -> None:
    os.utime(root / HOME / "list.csv", (4e9, 4e9))
    publish("--json")
    assert known(root) == IDS


def test_a_source_that_lies_elsewhere_is_known_from_the_second_run_on(root: Path, publish: Publish) -> None:
    other = root / "sources"
    other.mkdir()
    (root / HOME / "list.csv").rename(other / "list.csv")
    declaration = root / HOME / "dataset.toml"
    text = declaration.read_text(encoding="utf-8").replace("list.csv", "../../../sources/list.csv")
    declaration.write_text(text, encoding="utf-8")
    publish("--json")
    assert known(root) == IDS[1:]
    publish("--json")
    assert known(root) == IDS
    edited(other / "list.csv")
    assert known(root) == IDS[1:]
    publish("--json")
    (other / "accepted.csv").write_text("検査,理由\n1-6,よい\n", encoding="utf-8")
    assert known(root) == IDS[1:]


def test_runs_over_parts_of_a_project_add_to_the_index(root: Path, publish: Publish) -> None:
    for count, name in enumerate(IDS, 1):
        publish("--json", name)
        assert known(root) == IDS[:count]
    shutil.rmtree(root / "datapackages/122041")
    edited(root / HOME / "dataset.toml")
    publish("--json", "two")
    assert known(root) == IDS[1:2]


@pytest.mark.parametrize("words", [("--dry-run",), ("--accept-schema-change",)])
def test_what_is_more_than_a_plain_run_asks_everything(
    words: tuple[str, ...], root: Path, publish: Publish, journeys: list[str]
) -> None:
    publish("--json")
    publish("--json", *words)
    assert len(journeys) == 2


def test_the_index_goes_with_the_cache(root: Path, publish: Publish) -> None:
    publish("--json")
    project = load_project(root)
    assert cache_usage(project).unused_files == 0
    assert prune_cache(project, everything=True).files == 0
    assert known(root) == ()


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(root: Path, publish: Publish) -> None:
    (root / ".odkit").mkdir()
    (root / ".odkit/cache").write_text("in the way")
    for action in ("create", "unchanged"):
        assert {item["action"] for item in json.loads(publish("--json")[1])} == {action}
    assert known(root) == ()
