"""Pieces of a large table on their way to workers and back; the workers are called directly."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from odkit.cache import installed
from odkit.depot import depot_at, depot_in
from odkit.depot.parcel import FULL, pack
from odkit.depot.place import Depot
from odkit.errors import OdkitError, UsageError
from odkit.pieces import Part, Parts
from odkit.score import Rules
from odkit.score.both import Task

ONE = "122033/one"
SIZES = (0, 10, 200_000, 3_000_000)


def no_words(error: OdkitError) -> None:
    raise AssertionError(error)


def noise(size: int) -> bytes:
    """Bytes that cannot be packed any smaller."""
    return os.urandom(size)


def doubled(data: bytes) -> bytes:
    return data * 2


@pytest.fixture
def share(tmp_path: Path) -> Path:
    return tmp_path / "share 市#%20"


@pytest.fixture
def parts(share: Path) -> Iterator[Parts]:
    """For workers who see nothing of this machine but what goes through a folder."""
    with depot_in(share, no_words) as depot:
        yield Parts(depot, installed(), shared=False, dataset=ONE)
    assert not share.exists()


def objects(share: Path) -> list[Path]:
    return sorted(path for path in share.rglob("*") if path.is_file() and path.name != "open")


def answered(parts: Parts, work: Callable[..., object], *pieces: object) -> Part:
    """What a worker answers, who is told no more than what travels."""
    call = pickle.loads(pickle.dumps(parts.handed(work, pieces)))  # noqa: S301 - as Dask does
    part: Part = pickle.loads(pickle.dumps(call()))  # noqa: S301
    return part


@pytest.mark.parametrize("size", SIZES)
def test_results_come_as_they_were_and_nothing_is_left(parts: Parts, share: Path, size: int) -> None:
    pieces = [noise(size) for _ in range(3)]
    part = answered(parts, doubled, *pieces)
    assert len(pickle.dumps(part)) < 100_000, "what is large does not go by way of the scheduler"
    assert len(objects(share)) == bool(part.name) == (size > 10_000)
    assert parts.taken(part) == [piece * 2 for piece in pieces]
    assert objects(share) == []


def test_each_attempt_has_an_object_of_its_own(parts: Parts, share: Path) -> None:
    """A worker that was given up may still be writing, or have been cut off in the middle."""
    piece = noise(200_000)
    first, second = answered(parts, doubled, piece), answered(parts, doubled, piece)
    assert first.name != second.name
    next(share.rglob(first.name)).write_bytes(b"half")
    assert parts.taken(second) == [piece * 2]


def test_a_worker_with_another_odkit_does_nothing(parts: Parts, share: Path) -> None:
    other = Parts(parts.depot, "another", shared=False, dataset=ONE)
    with pytest.raises(UsageError) as told:
        answered(other, doubled, noise(200_000))
    assert (told.value.code, told.value.details) == ("cli.other-odkit", {"dataset": ONE})
    assert objects(share) == []


HOSTILE: dict[str, Callable[[Path], object]] = {
    "changed": lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a pickle": lambda path: path.write_bytes(pickle.dumps("x" * path.stat().st_size)),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("way", HOSTILE)
def test_what_the_store_changes_is_not_opened(parts: Parts, share: Path, way: str) -> None:
    part = answered(parts, doubled, noise(200_000))
    HOSTILE[way](objects(share)[0])
    with pytest.raises(UsageError) as told:
        parts.taken(part)
    assert told.value.code == "cli.store-damaged"


def test_who_is_late_takes_away_what_nobody_wants(parts: Parts, share: Path) -> None:
    next(share.rglob("open")).unlink()
    with pytest.raises(UsageError):
        answered(parts, doubled, noise(200_000))
    assert objects(share) == []


def csv(folder: Path, size: int = 0) -> Path:
    """A CSV file whose metadata give each row an address, which is worth a star more."""
    folder.mkdir()
    path = folder / "data.csv"
    path.write_text("ID,名称\n" + "".join(f"{number},図書館\n" for number in range(50 + size // 16)), encoding="utf-8")
    columns = [{"name": "ID", "titles": "ID"}, {"name": "n", "titles": "名称"}]
    layout = {"aboutUrl": "https://example.com/{ID}", "columns": columns}
    described = {"@context": "http://www.w3.org/ns/csvw", "url": "data.csv", "tableSchema": layout}
    (folder / "data.csv-metadata.json").write_text(json.dumps(described), encoding="utf-8")
    return path


def test_files_are_sent_with_what_stands_beside_them(parts: Parts, tmp_path: Path) -> None:
    path = csv(tmp_path / "here")
    task = Task(path=path, licence="CC-BY-4.0", rules=Rules())
    score = task.score()
    path.with_name("data.csv-metadata.json").rename(tmp_path / "metadata")
    assert task.score() != score, "the metadata count"
    (tmp_path / "metadata").rename(path.with_name("data.csv-metadata.json"))
    call = parts.handed(Task.score, [task])
    path.parent.rename(tmp_path / "gone")
    assert parts.taken(call()) == [score]


def test_a_large_file_that_is_there_is_not_sent_again(parts: Parts, share: Path, tmp_path: Path) -> None:
    path = csv(tmp_path / "here", FULL)
    (bundle,) = pack(parts.depot, path.parent, [path.name], set())
    before = objects(share)
    there = Parts(parts.depot, installed(), shared=False, there=frozenset({bundle.name}))
    call = there.handed(Task.score, [Task(path=path, licence="", rules=Rules())])
    assert len(objects(share)) == len(before) + 1, "the metadata alone"
    path.unlink()
    assert [score.target for score in there.taken(call())] == ["data.csv"]


def test_what_workers_see_is_not_sent(parts: Parts, share: Path, tmp_path: Path) -> None:
    task = Task(path=csv(tmp_path / "here"), licence="", rules=Rules())
    near = Parts(parts.depot, installed(), shared=True)
    assert near.taken(answered(near, Task.score, task)) == [task.score()]
    assert objects(share) == []


def test_a_depot_in_a_folder_is_one_at_its_address(tmp_path: Path) -> None:
    with depot_in(tmp_path / "a", no_words) as first, depot_at((tmp_path / "b").as_uri(), no_words) as second:
        for depot in (first, second):
            assert isinstance(depot, Depot)
            depot.put("x", b"1")
    assert not any(path for path in tmp_path.rglob("*") if path.is_file())
