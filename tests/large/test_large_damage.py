"""The cache is never believed: what is damaged, foreign or planted is found, and built anew."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zlib import compress

import pytest

from odkit.cache import cache_usage, prune_cache
from odkit.cache.frozen import freeze, thaw
from odkit.model import Built
from odkit.project import load_project

ONE = "122033/one"
Build = Callable[..., dict[str, Built]]
Tree = Callable[[Path], dict[str, str]]


def flipped(data: bytes) -> bytes:
    return data[:-5] + bytes([data[-5] ^ 1]) + data[-4:]


def planted(_: bytes) -> bytes:
    """What runs a command where a careless reader opens it; its digest is right."""
    body = compress(pickle.dumps(Planted()))
    return sha256(body).digest() + body


def sealed(data: bytes) -> bytes:
    """An entry whose digest is right, whatever it holds."""
    body = compress(data)
    return sha256(body).digest() + body


def holding(*other: object) -> Callable[[bytes], bytes]:
    """An entry under its own name, with something else for what each stage came to, and for its files; a record too."""

    def call(data: bytes) -> bytes:
        name, held = thaw(data)
        if isinstance(held, dict):
            return freeze((name, {stage: (found[0], *other) for stage, found in held.items()}))
        return freeze((name, replace(held, inputs=other, built=other)))

    return call


class Planted:
    """Makes a folder called ``planted`` when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return os.mkdir, ("planted",)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit is flipped": flipped,
    "the end is cut off": lambda data: data[: len(data) // 2],
    "it is empty": lambda _: b"",
    "it is of another kind": lambda _: freeze("words"),
    "it is planted": planted,
    "it is sealed, and empty": lambda _: sealed(b""),
    "it is sealed, and cut off": lambda _: sealed(pickle.dumps(("a", "b"))[:-3]),
    "it holds nothing": lambda data: freeze((thaw(data)[0], None)),
    "its stages are nothing": holding(None, {}),
    "its stages are numbers": holding(range(10**15), {}),
    "its files are numbers": holding(None, {"data.csv": 5}),
    "its stages have no files": holding(None),
}


@pytest.mark.parametrize("how", DAMAGES)
def test_damaged_entries_are_found_and_built_anew(
    how: str, root: Path, built: Build, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    built(root, ONE)
    packages = tree(root / "build")
    for entry in (root / ".odkit/cache").rglob("*/*"):
        if entry.is_file():
            entry.write_bytes(DAMAGES[how](entry.read_bytes()))
    shutil.rmtree(root / "build")
    assert set(built(root, ONE)[ONE].causes) == {"clean", "package", "rdf", "source-score", "score"}
    assert tree(root / "build") == packages
    assert not (root / "planted").exists()
    assert built(root, ONE)[ONE].causes == {}


def entries_of(root: Path) -> list[Path]:
    return sorted((root / ".odkit/cache/stages").glob("*/*"))


@pytest.mark.parametrize("stage", ["clean", "package", "rdf", "source-score", "score"])
def test_a_stage_that_is_not_what_it_should_be_costs_that_stage(
    stage: str, root: Path, built: Build, tree: Tree
) -> None:
    built(root, ONE)
    packages = tree(root / "build")
    (entry,) = entries_of(root)
    place, stages = thaw(entry.read_bytes())
    entry.write_bytes(freeze((place, {**stages, stage: ("another", *stages[stage][1:])})))
    (root / "build" / ONE / "stranger.txt").touch()
    # Cleaned tables are not asked for while the package that was made of them is there.
    assert built(root, ONE)[ONE].causes == {"files" if stage == "clean" else stage: ("damaged",)}
    assert tree(root / "build") == packages
    (root / "build" / ONE / "stranger.txt").touch()
    assert built(root, ONE)[ONE].causes == {"files": ("damaged",)}, "it is kept again"


def test_entries_of_others_are_not_taken(root: Path, built: Build, tree: Tree) -> None:
    built(root)
    packages = tree(root / "build")
    entries = entries_of(root)
    whole = [entry.read_bytes() for entry in entries]
    for entry, data in zip(entries, [*whole[1:], whole[0]], strict=True):
        entry.write_bytes(data)
    for name in packages:
        (root / "build" / name).with_name("stranger.txt").touch()
    assert {len(item.causes) for item in built(root).values()} == {5}
    assert tree(root / "build") == packages


@pytest.mark.parametrize("path", ["../../outside.txt", "/outside.txt", "..", "", "a\0b", 5])
def test_an_entry_whose_files_would_lie_outside_the_package_is_not_taken(
    path: str, root: Path, built: Build, tree: Tree
) -> None:
    built(root, ONE)
    packages = tree(root / "build")
    (entry,) = entries_of(root)
    place, stages = thaw(entry.read_bytes())
    name, (first, *others), files = stages["rdf"]
    planted = replace(first, path=path, sha256=sha256(b"?").hexdigest())
    entry.write_bytes(freeze((place, {**stages, "rdf": (name, (*others, planted), {**files, path: b"?"})})))
    (root / "build" / ONE / "stranger.txt").touch()
    assert built(root, ONE)[ONE].causes == {"rdf": ("damaged",)}
    assert tree(root / "build") == packages
    assert list(root.rglob("outside.txt")) == []


def test_values_come_back_as_they_were(root: Path, built: Build) -> None:
    found = built(root, ONE)[ONE]
    assert thaw(freeze(found)) == found
    spec = load_project(root).dataset(ONE)
    assert thaw(freeze((spec, spec.publisher))) == (spec, spec.publisher)


def test_a_file_in_the_place_of_a_package_is_put_right(root: Path, built: Build, tree: Tree) -> None:
    built(root, ONE)
    packages = tree(root / "build")
    for _ in range(2):
        shutil.rmtree(root / "build" / ONE)
        (root / "build" / ONE).write_text("x", encoding="utf-8")
        (root / "build" / ONE).with_name(".one.old").write_text("x", encoding="utf-8")
        built(root, ONE)
        assert tree(root / "build") == packages


def test_only_types_of_the_model_come_back(root: Path) -> None:
    assert thaw(freeze(("text", 1, None, range(3)))) == ("text", 1, None, range(3))
    for foreign in (load_project(root), Path.cwd, print):
        with pytest.raises(ValueError, match="not of this odkit"):
            thaw(freeze(foreign))


def test_pruning_takes_what_no_package_is_made_from(root: Path, built: Build, tree: Tree) -> None:
    project = load_project(root)
    built(root)
    used = cache_usage(project)
    assert (used.unused_files, used.unused_bytes) == (0, 0)
    declaration = root / "datapackages" / ONE / "dataset.toml"
    declaration.write_text(declaration.read_text(encoding="utf-8").replace("施設", "設備"), encoding="utf-8")
    built(root)
    shutil.rmtree(root / "datapackages/122041")
    assert cache_usage(project).unused_files == 1 + 2, "an old state, and all of a dataset that is gone"
    left = prune_cache(project)
    assert (left.files, left.unused_files) == (4, 0)
    assert {name: item.causes for name, item in built(root).items()} == {"122033/one": {}, "122033/two": {}}
    shutil.rmtree(root / "build")
    assert {stage for item in built(root).values() for stage in item.causes} == {"package", "rdf"}
    assert prune_cache(project, everything=True).files == 0
    packages = tree(root / "build")
    assert {len(item.causes) for item in built(root).values()} == {5}
    assert tree(root / "build") == packages


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(root: Path, built: Build, tree: Tree) -> None:
    (root / ".odkit").mkdir()
    (root / ".odkit/cache").write_text("in the way")
    for _ in range(2):
        assert len(built(root, ONE)[ONE].causes) == 5
    assert (root / "build" / ONE / "datapackage.json").is_file()
