"""One large table, divided among processes: the same bytes for any number of them, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Timer

import pytest

from odkit.clean import conform
from odkit.errors import OdkitError, SourceError
from odkit.many import prepare_all
from odkit.model import ALONE, CleanTable, ColumnMatch, DatasetSpec, Hands, Origin, Package, Score
from odkit.package import build_package
from odkit.project import load_project, load_schema
from odkit.publish import build
from odkit.rdf import FORMATS, survey, write_rdf
from odkit.read import look_into_xls
from odkit.schedule import Processes, crew_of, hands_of
from odkit.score import Rules, Scoring
from odkit.score.both import Task
from odkit.score.rate import Judged

ROWS = 1700
SIZE = 4 << 20
ONE = "122033/one"
BASE = "https://example.com/id/"
Declared = Callable[[Path, tuple[str, ...]], Path]
Tree = Callable[[Path], dict[str, str]]

on_linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="signals are those of Linux")


def lines(code: str) -> Iterator[str]:
    """Rows as offices write them: IDs that recur or are missing, cells that are quoted, broken, or to be cleaned."""
    yield "ID,名称,緯度,経度,設置者,SSID,電話番号,備考\n"
    for number in range(ROWS):
        name = f'"施設,{number}の\n""別館"""' if number % 7 == 0 else f"施設 {number}"
        identifier = "" if number % 97 == 5 else f"{code}{number % 1500:05}"
        phone = "０４７－３３４－１１１１" if number % 5 == 0 else f"047-334-{number:04}"
        yield f"{identifier},{name},35.{number:05},139.9{number:04},課{number % 3},FREE-{number},{phone},\n"


def fill(root: Path, *names: str) -> Path:
    """Make the tables of these datasets large."""
    for name in names:
        (root / "datapackages" / name / "list.csv").write_text("".join(lines(name[:6])), encoding="utf-8")
    return root


@pytest.fixture
def large(root: Path) -> Path:
    return fill(root, ONE)


def test_the_bytes_of_a_package_do_not_depend_on_who_takes_part(large: Path, tree: Tree) -> None:
    project = load_project(large)
    spec = project.dataset(ONE)
    found = []
    for hands in (ALONE, Processes(1, worth=100), Processes(2, worth=100), Processes(3, worth=100)):
        package, before, after = build(spec, project, hands)
        found.append((tree(package.folder), before, after, package.resources))
    assert found[1:] == found[:1] * 3
    text = (package.folder / "data.ttl").read_text(encoding="utf-8")
    assert "/one/12203300007-2>" in text or "<12203300007-2>" in text, "an ID that recurs in another piece is another's"


def figures(spec: DatasetSpec, folder: Path) -> Package:
    """A package of a standard whose rows are figures."""
    folder.mkdir()
    schema = load_schema("population.v2")
    filled = {
        "地域名": "{}丁目",
        "地域コード": "{}",
        "調査年月日": "2024-04-01",
        "総人口": "{}",
        "男性": "{}",
        "全国地方公共団体コード": "122033",
    }
    rows = [tuple(filled.get(name, "").format(number % 1000) for name in schema.names) for number in range(ROWS)]
    table = CleanTable(
        name="data",
        title="人口",
        schema=schema,
        rows=rows,
        row_numbers=range(2, ROWS + 2),
        matches=tuple(ColumnMatch(name=name, how="exact") for name in schema.names),
        origin=Origin(location="list.csv"),
    )
    return build_package(spec, (table,), folder, BASE)


def test_every_syntax_and_a_cube(root: Path, tree: Tree) -> None:
    spec = load_project(root).dataset(ONE)
    found = []
    crews: tuple[Hands, ...] = (ALONE, Processes(2, worth=100), Processes(3, worth=100))
    for number, hands in enumerate(crews):
        package = figures(spec, root / str(number))
        files = write_rdf(package, BASE, list(FORMATS.values()), hands)
        assert [item.path for item in files[:5]] == ["data.ttl", "data.nt", "data.jsonld", "data.rdf", "data-cube.ttl"]
        found.append((tree(package.folder), files))
    assert found[1:] == found[:1] * 2
    assert (root / "2" / "data-cube.ttl").read_text(encoding="utf-8").count("qb:Observation") > ROWS


def test_a_large_dataset_is_built_by_all_and_small_ones_side_by_side(
    tmp_path: Path, declared: Declared, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("122033/a", "122033/large", "122041/b", "122041/larger", "122041/largest")
    monkeypatch.setattr("odkit.many.LARGE", 10_000)
    divided: list[str] = []

    def help_with(hands: Processes, rows: int, *, bulky: bool = False) -> bool:
        divided.extend([hands.dataset] if rows > 100 else [])
        return rows > 100

    monkeypatch.setattr(Processes, "help_with", help_with)
    found = []
    for jobs in (1, 2):
        root = fill(declared(tmp_path / str(jobs), names), names[1], *names[3:])
        project = load_project(root)
        outcomes = list(prepare_all(names, project, crew_of(jobs)))
        assert [name for name, outcome in outcomes if not isinstance(outcome, OdkitError)] == list(names)
        found.append(tree(root / "build"))
    assert found[0] == found[1]
    assert set(divided) == {names[1]}, "the other two keep both processes busy"


def test_one_job_and_a_cluster_divide_nothing() -> None:
    assert hands_of(crew_of(4)) == Processes(4)
    assert not hands_of(crew_of(1)).help_with(10**9)
    assert not hands_of(lambda task, batches: iter(())).help_with(10**9)
    assert Processes(2).help_with(10**6)
    assert not Processes(2).help_with(60)
    assert not Processes(2).help_with(10**6, bulky=True)
    assert Processes(3).help_with(10**6, bulky=True)


def squared(number: int) -> int:
    return number * number


def failing(number: int) -> int:
    if number == 30:
        raise SourceError("read.changed", file="list.csv")
    return number


def killed(marks: Path, number: int) -> int:
    """Killed at 7 and 31 the first time, at 50 each time."""
    if number in (7, 31, 50):
        mark = marks / str(number)
        first = not mark.exists()
        mark.touch()
        if first or number == 50:
            os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("hands", [ALONE, Processes(1), Processes(2), Processes(5)])
def test_results_come_in_order_and_pieces_are_not_drawn_before_their_time(hands: Hands) -> None:
    drawn: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            drawn.append(number)
            yield number

    results = hands(squared, numbers())
    assert list(islice(results, 3)) == [0, 1, 4]
    assert len(drawn) <= 3 + 5 + 2
    assert list(results) == [number**2 for number in range(3, 100)]


@on_linux
def test_what_a_killed_process_had_in_hand_is_done_again(tmp_path: Path) -> None:
    work = partial(killed, tmp_path)
    assert list(Processes(2)(work, range(49))) == list(range(49))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["31", "7"]


@on_linux
def test_what_kills_each_time_is_an_error_that_names_the_dataset(tmp_path: Path) -> None:
    results = Processes(2, dataset=ONE)(partial(killed, tmp_path), range(100))
    with pytest.raises(OdkitError) as told:
        list(results)
    assert (told.value.code, told.value.details) == ("cli.worker-lost", {"dataset": ONE})


def killed_by(marks: Path, piece: tuple[int, bytes]) -> bytes:
    """A large result; who makes it may be killed while it is on its way."""
    number, data = piece
    if number in (7, 31, 50):
        Timer(0.002 * (number % 4), killed, (marks, number)).start()
    return data


def large_pieces(count: int) -> Iterator[tuple[int, bytes]]:
    """More than the line to a process holds."""
    return ((number, bytes(SIZE)) for number in range(count))


def squared_by(piece: tuple[int, bytes]) -> bytes:
    return piece[1]


@on_linux
def test_large_pieces_that_wait_for_a_killed_process_do_not_hang(tmp_path: Path) -> None:
    work = partial(killed_by, tmp_path)
    assert [len(data) for data in Processes(2)(work, large_pieces(49))] == [SIZE] * 49
    for number in range(10):
        with closing(Processes(2)(squared_by, large_pieces(20))) as results:  # type: ignore[type-var]
            assert len(list(islice(results, number))) == number


def test_a_piece_that_fails_fails_the_table(tmp_path: Path) -> None:
    results = Processes(2)(failing, range(100))
    assert list(islice(results, 30)) == list(range(30))
    with pytest.raises(SourceError):
        next(results)


def test_a_build_whose_piece_fails_leaves_nothing(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of a piece is that of the dataset; the package that stood there stands."""
    project = load_project(large)
    before = build(project.dataset(ONE), project)[0]
    monkeypatch.setattr("odkit.rdf.share.Share.write", lambda share, piece: failing(30))
    with pytest.raises(SourceError):
        build(project.dataset(ONE), project, InOrder())
    assert sorted(path.name for path in before.folder.parent.iterdir()) == ["one"]


class InOrder:
    """Hands that are those of this process."""

    def help_with(self, rows: int, *, bulky: bool = False) -> bool:
        return rows > 100

    __call__ = staticmethod(map)


def test_scores_are_those_of_the_files(large: Path, tree: Tree) -> None:
    """Whether the source's score is asked for or known from an earlier run."""
    project = load_project(large)
    package, before, after = build(project.dataset(ONE), project)
    rules = Rules(accepted=(), conform=conform, look=look_into_xls, drawn=False)
    for hands in (ALONE, Processes(2, worth=100)):
        with closing(Scoring(package, rules, lambda: survey(package, project.base_uri), hands)) as scoring:
            assert (scoring.of_source(), scoring.of_package()) == (before, after)
        with closing(Scoring(package, rules, lambda: survey(package, project.base_uri), hands)) as scoring:
            assert scoring.of_package() == after
        with closing(Scoring(package, rules, lambda: survey(package, project.base_uri), hands)) as scoring:
            assert scoring.of_source() == before


def test_only_what_must_be_scored_is_scored(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source, known from an earlier run, is not looked at again; without help nothing is done ahead."""
    project = load_project(large)
    package, _, after = build(project.dataset(ONE), project)
    scored: list[str] = []
    judge = Task.judge

    def noted(task: Task) -> Score | Judged:
        scored.append(task.path.name)
        return judge(task)

    monkeypatch.setattr(Task, "judge", noted)
    scoring = Scoring(package, Rules(conform=conform, look=look_into_xls), lambda: survey(package, project.base_uri))
    assert scoring.of_package() == after
    assert scored == ["data.csv", "data.ttl", "data.jsonld"]
    scored.clear()
    scoring.of_source()
    assert scored == ["list.csv"]


DIVIDED = """
import odkit.many
from odkit.cli import main
from odkit.schedule import Processes
odkit.many.LARGE = 10_000
Processes.help_with = lambda hands, rows, bulky=False: rows > 100
main()
"""
"""odkit, for which a small table is a large one."""


@on_linux
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_end_in_the_middle_of_a_divided_table_leaves_nothing(how: signal.Signals, large: Path) -> None:
    passing = large / "passing"
    passing.mkdir()
    words = [sys.executable, "-c", DIVIDED, "publish", "--project", str(large), "--jobs", "3", ONE]
    env = {**os.environ, "TMPDIR": str(passing)}
    with subprocess.Popen(words, stderr=subprocess.PIPE, env=env, start_new_session=True) as process:
        while process.poll() is None and not any(passing.glob("odkit-*/*")):
            time.sleep(0.001)
        os.killpg(process.pid, how)
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[how], err
    assert "Traceback" not in err
    assert [*passing.iterdir(), *(large / "build").glob("*/*")] == []
