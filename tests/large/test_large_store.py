"""Files on their way through a store that is not trusted, and what becomes of them; the workers are called directly."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from odkit.afar import Answer, ByDepot, Made
from odkit.depot import depot_at
from odkit.depot.address import checked, shown
from odkit.depot.parcel import FULL, Bundle, Item, Parcel, pack, unpack
from odkit.depot.place import Depot
from odkit.errors import OdkitError, RunStop, UsageError
from odkit.model import Built
from odkit.project import load_project
from odkit.publish import standing

Tree = Callable[[Path], dict[str, str]]
Builds = Callable[..., dict[str, Built]]
ID = "122033/one"


def no_words(error: OdkitError) -> None:
    raise AssertionError(error)


@pytest.fixture
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that stands for a store."""
    return tmp_path_factory.mktemp("store") / "share"


@pytest.fixture
def depot(share: Path) -> Iterator[Depot]:
    with depot_at(share.as_uri(), no_words) as found:
        yield found
    assert not any(share.rglob("*")), "all is taken away"


def sent(errand: ByDepot, *names: str) -> Answer:
    """What a worker answers, who is told no more than what travels."""
    call = pickle.dumps(errand.handed(names))
    assert str(errand.project.root).encode() not in call
    answer = pickle.loads(call)(names)  # noqa: S301 - as Dask does
    return pickle.loads(pickle.dumps(answer))  # type: ignore[no-any-return]  # noqa: S301


def outcome(errand: ByDepot, name: str = ID) -> object:
    (found,) = errand.taken((name,), sent(errand, name))
    return found


def objects(share: Path) -> list[Path]:
    return sorted(path for path in share.rglob("*") if path.is_file() and path.name != "open")


def test_a_package_by_the_store_is_that_of_this_machine(
    root: Path, depot: Depot, built: Builds, tree: Tree, share: Path, tmp_path: Path
) -> None:
    found = outcome(ByDepot(load_project(root), depot))
    assert isinstance(found, Built)
    assert found.package.folder == root / "build" / ID
    assert found.package.spec.source.path.is_relative_to(root)
    through, there = tree(root / "build" / ID), standing(ID, load_project(root))
    assert there is not None
    assert there == replace(found, causes={})
    (root / "build").rename(tmp_path / "through")
    assert replace(built(root, ID)[ID], causes={}, mark=there.mark) == there
    assert tree(root / "build" / ID) == through
    assert len(objects(share)) == 1, "of what came back nothing is left, what was sent stays to the end of the run"


def test_all_that_a_build_depends_on_is_sent(root: Path, depot: Depot, built: Builds, tree: Tree) -> None:
    home = root / "datapackages" / ID
    declared = home / "dataset.toml"
    (home.parent / "common.csv").write_bytes((home / "list.csv").read_bytes())
    declared.write_text(declared.read_text("utf-8").replace("list.csv", "../common.csv"), encoding="utf-8")
    corrected = "行,列名,元の値,正しい値,理由\n2,名称,中央図書館,市立中央図書館,改称\n"
    (home / "corrections.csv").write_text(corrected, encoding="utf-8")
    (home.parent / "accepted.csv").write_text("check,reason\n1-6,表の様式による\n", encoding="utf-8")
    (home.parent / "common.csv-metadata.json").write_text("{}", encoding="utf-8")
    found = outcome(ByDepot(load_project(root), depot))
    assert isinstance(found, Built), found
    assert standing(ID, load_project(root)) is not None, "it was built from all that counts"
    through = tree(root / "build" / ID)
    shutil.rmtree(root / "build")
    here = built(root, ID)[ID]
    assert (found.before, found.after) == (here.before, here.after)
    assert tree(root / "build" / ID) == through


def test_why_is_told_as_for_a_build_here(root: Path, depot: Depot) -> None:
    project = load_project(root)
    first = outcome(ByDepot(project, depot))
    assert isinstance(first, Built)
    assert set(first.causes.values()) == {("first",)}
    source = root / "datapackages" / ID / "list.csv"
    source.write_bytes(source.read_bytes().replace(b"FREE", b"OPEN"))
    again = outcome(ByDepot(project, depot))
    assert isinstance(again, Built)
    assert again.causes["clean"] == ("source",)
    assert again.causes["package"] == ("clean",)
    outcome(ByDepot(project, depot))
    next((root / "build" / ID).glob("data.csv")).unlink()
    mended = outcome(ByDepot(project, depot))
    assert isinstance(mended, Built)
    assert mended.causes == {"files": ("damaged",)}


def test_what_changed_on_the_way_is_built_again(root: Path, depot: Depot) -> None:
    errand = ByDepot(load_project(root), depot)
    answer = sent(errand, ID)
    declared = root / "datapackages" / ID / "dataset.toml"
    declared.write_text(declared.read_text("utf-8").replace("施設", "場所"), encoding="utf-8")
    (found,) = errand.taken((ID,), answer)
    assert isinstance(found, Built)
    assert standing(ID, load_project(root)) is None


def test_a_package_that_somebody_built_meanwhile_stays(root: Path, depot: Depot, built: Builds) -> None:
    errand = ByDepot(load_project(root), depot)
    answer = sent(errand, ID)
    built(root, ID)
    before = (root / "build" / ID / "data.csv").stat().st_ino
    (found,) = errand.taken((ID,), answer)
    assert isinstance(found, Built)
    assert found.causes == {}
    assert (root / "build" / ID / "data.csv").stat().st_ino == before


@pytest.mark.parametrize("source", [None, b"", b"\x00\x01\x02" * 50])
def test_a_bad_source_is_told_as_by_this_machine(root: Path, depot: Depot, built: Builds, source: bytes | None) -> None:
    place = root / "datapackages" / ID / "list.csv"
    place.unlink()
    if source is not None:
        place.write_bytes(source)
    found = outcome(ByDepot(load_project(root), depot))
    assert isinstance(found, OdkitError)
    with pytest.raises(OdkitError) as here:
        built(root, ID)
    assert found.text("en") == here.value.text("en")


def change(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


HOSTILE: dict[str, Callable[[Path], object]] = {
    "changed": lambda path: path.write_bytes(change(path.read_bytes())),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "empty": lambda path: path.write_bytes(b""),
    "a pickle": lambda path: path.write_bytes(pickle.dumps("x" * path.stat().st_size)),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("way", HOSTILE)
def test_what_the_store_changes_on_the_way_there_is_not_built(root: Path, depot: Depot, share: Path, way: str) -> None:
    call = ByDepot(load_project(root), depot).handed((ID,))
    for path in objects(share):
        HOSTILE[way](path)
    (found,) = call((ID,)).found
    assert isinstance(found, UsageError)
    assert found.code == "cli.store-damaged"


@pytest.mark.parametrize("way", HOSTILE)
def test_what_the_store_changes_on_the_way_back_takes_no_place(
    root: Path, depot: Depot, share: Path, tree: Tree, built: Builds, way: str
) -> None:
    built(root, ID)
    before = tree(root / "build")
    source = root / "datapackages" / ID / "list.csv"
    source.write_bytes(source.read_bytes().replace(b"FREE", b"OPEN"))
    errand = ByDepot(load_project(root), depot)
    answer = sent(errand, ID)
    for path in objects(share):
        HOSTILE[way](path)
    (found,) = errand.taken((ID,), answer)
    assert isinstance(found, UsageError)
    assert found.code == "cli.store-damaged"
    assert tree(root / "build") == before


def test_a_parcel_that_is_not_that_of_the_packages_takes_no_place(root: Path, depot: Depot) -> None:
    errand = ByDepot(load_project(root), depot)
    answer = sent(errand, ID)
    (bundle,) = answer.parcel
    for items in (bundle.items[1:], (*bundle.items, Item(f"{ID}/more", 0, "")), ()):
        (found,) = errand.taken((ID,), replace(answer, parcel=(replace(bundle, items=items),)))
        assert isinstance(found, UsageError)
        assert found.code == "cli.store-damaged"
    assert not (root / "build").exists()


@pytest.mark.parametrize(
    "path", ["../out", "a/../../out", "/out", "a//../../out", "..", ".", "", "a/./b", "a\0b", "./a"]
)
def test_no_name_leaves_the_folder(tmp_path: Path, depot: Depot, share: Path, path: str) -> None:
    (tmp_path / "in").write_bytes(b"data")
    (bundle,) = pack(depot, tmp_path, ["in"], set())
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    with pytest.raises(UsageError) as told:
        unpack(depot, (replace(bundle, items=(replace(bundle.items[0], path=path),)),), folder)
    assert told.value.code == "cli.store-damaged"
    assert [item for item in (tmp_path / "deep").rglob("*") if item != folder] == []


@pytest.mark.parametrize("name", ["../../in", "open", "/etc/passwd", "", "f" * 63, "F" * 64, "f" * 64 + "/x"])
def test_no_object_of_another_name_is_asked_for(tmp_path: Path, depot: Depot, name: str) -> None:
    with pytest.raises(UsageError):
        unpack(depot, (Bundle(name, (Item("a", 1, "x"),)),), tmp_path)


@pytest.mark.parametrize("paths", [("a", "a"), ("a", "b")])
def test_a_file_comes_once_and_not_below_another(tmp_path: Path, depot: Depot, paths: Sequence[str]) -> None:
    (tmp_path / "in").write_bytes(b"data")
    (bundle,) = pack(depot, tmp_path, ["in"], set())
    items = tuple(replace(bundle.items[0], path=path) for path in paths)
    (tmp_path / "out").mkdir()
    with pytest.raises(UsageError) as told:
        unpack(depot, (replace(bundle, items=items),), tmp_path / "out")
    assert told.value.code == "cli.store-damaged"


@pytest.mark.parametrize("sizes", [(0,), (0, 1, 0), (FULL - 1, 5), (FULL, 3, FULL + 7), (1,) * 40, ()])
def test_files_of_any_size_come_as_they_were(tmp_path: Path, depot: Depot, tree: Tree, sizes: Sequence[int]) -> None:
    there, back = tmp_path / "there", tmp_path / "back"
    there.mkdir()
    back.mkdir()
    for number, size in enumerate(sizes):
        (there / f"{number}").write_bytes(bytes([number]) * size)
    parcel: Parcel = pack(depot, there, map(str, range(len(sizes))), set())
    unpack(depot, parcel, back)
    assert tree(back) == tree(there)
    assert len(parcel) <= 1 + sum(size >= FULL - 1 for size in sizes)


def test_a_large_file_that_many_need_is_sent_once(tmp_path: Path, depot: Depot, share: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * FULL)
    known: set[str] = set()
    parcels = [pack(depot, tmp_path, ["large"], known) for _ in range(3)]
    assert len(set(parcels)) == len(objects(share)) == 1


def test_who_is_late_takes_away_what_nobody_wants(root: Path, depot: Depot, share: Path) -> None:
    """A worker that was given up puts its packages after the end of the run."""
    call = ByDepot(load_project(root), depot).handed((ID,))
    before = objects(share)
    next(share.rglob("open")).unlink()
    (found,) = call((ID,)).found
    assert isinstance(found, Made)
    assert objects(share) == before


def test_another_odkit_fetches_nothing(root: Path, depot: Depot) -> None:
    call: Any = ByDepot(load_project(root), depot).handed((ID,))
    (found,) = call.func(replace(call.args[0], odkit="another"), call.args[1], (ID,)).found
    assert found.code == "cli.other-odkit"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("memory://x", "cli.store-address"),
        ("data://x", "cli.store-address"),
        ("/mnt/share", "cli.store-address"),
        ("file://share", "cli.store-address"),
        ("s3://", "cli.store-address"),
        ("simplecache::s3://bucket", "cli.store-address"),
        ("", "cli.store-address"),
        ("s3://key:geheim@bucket/x", "cli.store-secret"),
        ("sftp://user:ge:he/im@host/x", "cli.store-secret"),
        ("abfs://c@account.dfs.core.windows.net/x?sig=geheim", "cli.store-secret"),
        ("s3://user:x@geheim@bkt/x", "cli.store-secret"),
        ("s3://us@er:geheim@bkt/x", "cli.store-secret"),
        ("s3://user:x geheim@bkt/x", "cli.store-secret"),
        ("s3://user:x?#geheim@bkt/x", "cli.store-secret"),
        ("zip://a/b::s3://user:geheim@bkt/x", "cli.store-secret"),
        ("user:geheim@bkt/x", "cli.store-secret"),
        ("s3://bkt/x#geheim", "cli.store-secret"),
        ("s3://bkt/x# geheim", "cli.store-secret"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_secrets(address: str, code: str) -> None:
    with pytest.raises(UsageError) as told:
        depot_at(address, no_words)
    assert told.value.code == code
    assert all(word not in told.value.text(lang) for word in ("geheim", "he/im") for lang in ("ja", "en"))


@pytest.mark.parametrize(
    "address",
    ["s3://bucket/odkit", "gs://b", "abfs://c@account.dfs.core.windows.net/x", "file:///x", "sftp://user@h/x"],
)
def test_addresses_that_are_taken(address: str) -> None:
    assert checked(address) == shown(address) == address


def test_words_of_drivers_are_told_without_secrets() -> None:
    told = shown("no way to https://key:geheim@host/b?X-Amz-Signature=geheim or sftp://u:geheim@h/x")
    assert told == "no way to https://key:***@host/b?… or sftp://u:***@h/x"
    assert shown("s3://u:x@geheim@b/x#geheim is item #5") == "s3://u:***@b/x#… is item #5"


def test_a_store_that_cannot_be_written_stops_the_run(share: Path) -> None:
    share.write_text("a file, no folder")
    with pytest.raises(RunStop) as told, depot_at(share.as_uri(), no_words):
        pytest.fail("it begins")
    assert told.value.code == "cli.store-unreachable"


def test_a_store_of_an_unknown_kind_stops_the_run() -> None:
    with pytest.raises(RunStop) as told, depot_at("nothing-of-the-kind://x/y", no_words):
        pytest.fail("it begins")
    assert told.value.code == "cli.store-unreachable"


def test_what_cannot_be_taken_away_is_told(share: Path) -> None:
    told: list[OdkitError] = []
    with depot_at(share.as_uri(), told.append) as depot:
        for path in sorted(share.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        share.rmdir()
        share.write_text("no folder any more")
    (left,) = told
    assert left.code == "cli.store-left"
    assert depot.run in left.text("ja")
