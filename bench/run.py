"""All benchmarks in one run: `make bench`; data from a seed, tools in turns, medians and ratios.

    python bench/run.py                      a quarter of an hour or more
    python bench/run.py --full               the large ones too: a million rows, 1,000 packages, growth up to 10^7
    python bench/run.py --only start rdf     some of the suites; what others found on the same day stays

Writes bench/results/<date>.json and the tables of docs/performance.md. What is not installed, or not there, is left
out, with the reason.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import rdf
import read_clean
from data import SOURCE, make_project
from measure import cores, in_turns, once, python
from report import PAGE, Figure, Ratio, Results, joined, load, newest, save, shown, tables

ROOT = Path(__file__).resolve().parent.parent
Found = Iterator[Figure | Ratio]


class LeftOut(Exception):
    """Why a suite, or the rest of it, cannot run here."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    times: int
    rows: tuple[int, ...]
    rdf_rows: tuple[int, ...]
    packages: int
    one: int
    powers: range


USUAL = Size(times=3, rows=(1000, 100_000), rdf_rows=(100_000,), packages=60, one=100_000, powers=range(3, 6))
FULL = Size(
    times=3,
    rows=(1000, 100_000, 1_000_000),
    rdf_rows=(100_000, 1_000_000),
    packages=1000,
    one=300_000,
    powers=range(3, 8),
)
SMALL = Size(times=1, rows=(1000,), rdf_rows=(1000,), packages=4, one=1000, powers=range(2, 4))


def start(size: Size, _: Path) -> Found:
    """Start-up: whole processes beside a program of click that does nothing; seconds of the processor."""
    tools = {
        "click": python("bare_click.py", "--help"),
        "odkit --help": python("-m", "odkit", "--help"),
        "odkit --version": python("-m", "odkit", "--version"),
        "odkit, a word it does not know": python("-m", "odkit", "nothing"),
        "odkit, completion": ["env", "_ODKIT_COMPLETE=bash_source", *python("-m", "odkit")],
    }
    found = in_turns(tools, size.times * 7, ROOT)
    for name, medians in found.items():
        yield Figure(suite="start", work="whole process", tool=name, seconds=medians["cpu"])
        if name != "click":
            value = medians["cpu"] / found["click"]["cpu"]
            yield Ratio(suite="start", work=f"{name} : click", value=value, sign="≤", target=1.5)


def read_and_clean(size: Size, folder: Path) -> Found:
    """Reading, cleaning and checking one table, beside frictionless' check alone; xlsx beside calamine."""
    names = [name for name, (_, library, _) in read_clean.TOOLS.items() if not library or find_spec(library)]
    for count in size.rows:
        for path in read_clean.files(folder, count, with_xlsx=find_spec("xlsxwriter") is not None and count <= 100_000):
            fitting = [name for name in names if path.suffix == read_clean.TOOLS[name][2]]
            fitting = [name for name in fitting if name != "duckdb" or "cp932" not in path.name]
            found = read_clean.measured(fitting, path, 1 if count > 100_000 else size.times)
            path.unlink()
            work = path.name.removeprefix("wifi-")
            for name, medians in found.items():
                yield Figure(suite="read+clean", work=work, tool=name, seconds=medians["seconds"], mib=medians["mib"])
            yield from _read_ratios(work, count, found)


def _read_ratios(work: str, count: int, found: Mapping[str, Mapping[str, float]]) -> Iterator[Ratio]:
    if "odkit" in found:
        times = found["frictionless"]["seconds"] / found["odkit"]["seconds"]
        yield Ratio(suite="read+clean", work=f"{work}, frictionless : odkit", value=times, sign="≥", target=5)
        limit = 100 if count <= 100_000 else 150
        yield Ratio(suite="read+clean", work=f"{work}, MiB", value=found["odkit"]["mib"], sign="≤", target=limit)
    elif "calamine" in found and count > 1000:
        times = found["odkit read"]["seconds"] / found["calamine"]["seconds"]
        yield Ratio(suite="read+clean", work=f"{work}, odkit : calamine", value=times, sign="≤", target=1.5)


def to_rdf(size: Size, _: Path) -> Found:
    """Rows to RDF, beside the engines that are installed."""
    names = [name for name in rdf.here() if name != "rdflib"]
    missing = [name for name in rdf.TARGETS if name not in names]
    for count in size.rdf_rows:
        wanted = names if count <= 100_000 else [name for name in names if name.startswith("odkit")]
        medians = rdf.race(count, 1 if count > 100_000 else size.times, wanted)
        for (name, kind), (seconds, mib) in medians.items():
            yield Figure(suite="rdf", work=f"{count:,} rows, {kind}", tool=name, seconds=seconds, mib=mib)
        for name, kind, value, target in rdf.ratios(medians):
            work = f"{count:,} rows, {kind}, odkit : {name}"
            yield Ratio(suite="rdf", work=work, value=value, sign="≤", target=target)
        mib = max(mib for (name, _), (_, mib) in medians.items() if name.startswith("odkit"))
        yield Ratio(suite="rdf", work=f"{count:,} rows, MiB", value=mib, sign="≤", target=150)
    if missing:
        raise LeftOut(f"{', '.join(missing)} are not installed (pip install --group engines)")


def packages(size: Size, folder: Path) -> Found:
    """Small datasets, all that odkit does before the portal, beside what a user would script; one process each."""
    make_project(folder / "project", size.packages)
    tools = {name: python("packages.py", name, folder / "project") for name in ("odkit", "naive")}
    found = in_turns(tools, 1 if size.packages > 200 else size.times)
    each = {name: medians["seconds"] / medians["packages"] for name, medians in found.items()}
    for name, medians in found.items():
        yield Figure(suite="packages", work="a package of 60 rows", tool=name, seconds=each[name], mib=medians["mib"])
    work = f"{size.packages:,} packages cold, naive : odkit"
    yield Ratio(suite="packages", work=work, value=each["naive"] / each["odkit"], sign="≥", target=12)


def incremental(size: Size, folder: Path) -> Found:
    """`odkit publish` again: nothing changed, one dataset changed, a tenth of them; seconds of the processor.

    In one process: what others take, that a server of forks has started, no system tells.
    """
    datasets = make_project(folder / "project", size.packages)
    command = python("-m", "odkit", "publish", "--project", folder / "project", "--json", "--jobs", 1)
    found = {"cold": once(command, ROOT), "unchanged": once(command, ROOT)}
    for work, count in (("one changed", 1), ("a tenth changed", max(2, size.packages // 10))):
        for dataset in datasets[:count]:
            _touch(dataset / SOURCE, work)
        found[work] = once(command, ROOT)
    work = f"{size.packages:,} datasets"
    for name, taken in found.items():
        yield Figure(
            suite="incremental", work=f"{work}, {name}", tool="odkit publish", seconds=taken["cpu"], mib=taken["mib"]
        )
    value = found["unchanged"]["cpu"] / found["cold"]["cpu"]
    yield Ratio(suite="incremental", work=f"{work}, unchanged : cold", value=value, sign="≤", target=0.02)


def _touch(source: Path, text: str) -> None:
    """Change one SSID."""
    data = source.read_bytes()
    source.write_bytes(data.replace(b"Free", text.replace(" ", "-").encode(), 1))


def jobs(size: Size, folder: Path) -> Found:
    """Two processes beside one: building alone, then `odkit publish` as a whole; and what a cluster costs."""
    _needs_option("--jobs")
    project = folder / "project"
    make_project(project, size.packages)
    built: dict[str, float] = {}
    taken: dict[str, float] = {}
    work = f"{size.packages:,} datasets cold"
    for count in ("1", "2"):
        built[count] = _built(project, count)
        yield Figure(suite="jobs", work=f"{work}, built", tool=f"{count} processes", seconds=built[count])
    yield _two_at_once(project, f"{work}, built")
    for count in ("1", "2"):
        taken[count] = _published(project, "--jobs", count)
        yield Figure(suite="jobs", work=f"{work}, published", tool=f"--jobs {count}", seconds=taken[count])
    yield Ratio(suite="jobs", work=f"{work}, built, 1 : 2", value=built["1"] / built["2"], sign="≥", target=1.7)
    yield from _one_table(size.one, folder / "one")
    if not find_spec("distributed"):
        raise LeftOut("no cluster: Dask distributed is not installed")
    with _cluster() as address:
        cluster = _published(project, "--scheduler", address)
    yield Figure(suite="jobs", work=f"{work}, published", tool="cluster of 2", seconds=cluster)
    cost = (cluster - taken["2"]) / size.packages
    yield Figure(suite="jobs", work="a package more than --jobs 2", tool="cluster of 2", seconds=cost)


def _one_table(rows: int, project: Path) -> Found:
    """One large table, by one process and by two; its files are more than a portal takes."""
    make_project(project, 1, rows)
    work, built = f"one table of {rows:,} rows, built", {}
    for count in ("1", "2"):
        built[count] = _built(project, count)
        yield Figure(suite="jobs", work=work, tool=f"{count} processes", seconds=built[count])
    yield _two_at_once(project, work)
    yield Ratio(suite="jobs", work=f"{work}, 1 : 2", value=built["1"] / built["2"], sign="≥", target=1.5)


def _two_at_once(project: Path, work: str) -> Figure:
    """What the machine allows: two builds of one process each that have nothing to do with each other.

    Where they take longer than one alone does, two processes cannot halve its time either.
    """
    with ThreadPoolExecutor(2) as both:
        seconds = max(both.map(_built, (project, project), ("1", "1")))
    return Figure(suite="jobs", work=work, tool="1 process, twice at the same time", seconds=seconds)


def _needs_option(option: str) -> None:
    told = subprocess.run(
        python("-m", "odkit", "publish", "--help"), capture_output=True, text=True, cwd=ROOT, check=True
    )
    if option not in told.stdout:
        raise LeftOut(f"odkit publish has no {option}")


def _built(project: Path, count: str) -> float:
    """Seconds of building for the first time, by so many processes."""
    return once(python("building.py", _copied(project), count))["seconds"]


def _published(project: Path, *options: str) -> float:
    """Seconds of a run for the first time."""
    return once(python("-m", "odkit", "publish", "--project", _copied(project), "--json", *options), ROOT)["seconds"]


def _copied(project: Path) -> Path:
    """A project as it was made, for a run that is to find nothing of another one; nothing is deleted (`measured`)."""
    copy = Path(tempfile.mkdtemp(dir=project.parent), project.name)
    shutil.copytree(project, copy)
    return copy


@contextmanager
def _cluster() -> Iterator[str]:
    """A scheduler of Dask and two workers of one thread, as processes of this machine; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    words = ["--host", address, "--no-dashboard"]
    commands = [python("-m", "distributed.cli.dask_scheduler", *words)]
    commands += [python("-m", "distributed.cli.dask_worker", address, "--nthreads", 1, "--no-dashboard")] * 2
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) for command in commands]
    try:
        yield address
    finally:
        for process in started:
            process.terminate()
            process.wait()


def score(size: Size, folder: Path) -> Found:
    """What the score of a file takes, beside reading it."""
    for count in size.rows:
        path = next(read_clean.files(folder, count, with_xlsx=False))
        tools = {name: python("-m", "odkit", *words, path, "--json") for name, words in SCORED.items()}
        for name, medians in in_turns(tools, size.times, ROOT).items():
            yield Figure(suite="score", work=f"{count:,} rows, whole process", tool=name, seconds=medians["seconds"])


SCORED: Mapping[str, tuple[str, ...]] = {"odkit score": ("score", "--licence", "CC-BY-4.0"), "odkit read": ("read",)}


def push(size: Size, _: Path) -> Found:
    """What odkit adds to the bare calls of a publication, on a real CKAN."""
    if "ODKIT_TEST_CKAN_URL" not in os.environ:
        raise LeftOut("ODKIT_TEST_CKAN_URL names no CKAN")
    measured = min(size.packages, 100)
    found = once(python("push.py", measured, 10 * measured))
    for tool in ("odkit", "bare calls"):
        yield Figure(suite="push", work="a package", tool=tool, seconds=found[tool])
    yield Ratio(suite="push", work="odkit : bare calls", value=found["ratio"], sign="≤", target=1.2)
    yield Ratio(suite="push", work="calls a package, unchanged", value=found["calls"], sign="≤", target=0.01)


def growth(size: Size, folder: Path) -> Found:
    """One table from a thousand rows to ten million: the slope of time and of memory, on scales of powers of ten."""
    found: dict[int, dict[str, float]] = {}
    for power in size.powers:
        rows = 10**power
        found[rows] = once(python("growth.py", folder / str(rows), rows))
        shutil.rmtree(folder / str(rows))
        yield Figure(
            suite="growth", work=f"{rows:,} rows", tool="odkit", **{key: found[rows][key] for key in ("seconds", "mib")}
        )
    (before, last), most = list(pairwise(found))[-1], max(item["mib"] for item in found.values())
    slope = math.log10(found[last]["seconds"] / found[before]["seconds"]) / math.log10(last / before)
    yield Ratio(suite="growth", work=f"{before:,} → {last:,} rows, slope of time", value=slope, sign="≤", target=1.1)
    yield Ratio(suite="growth", work=f"{last:,} rows, MiB", value=most, sign="≤", target=600)


SUITES: Mapping[str, Callable[[Size, Path], Found]] = {
    "start": start,
    "packages": packages,
    "incremental": incremental,
    "jobs": jobs,
    "read+clean": read_and_clean,
    "rdf": to_rdf,
    "score": score,
    "push": push,
    "growth": growth,
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="the large ones too")
    parser.add_argument("--small", action="store_true", help="only whether everything runs; writes nothing")
    parser.add_argument("--times", type=int, help="runs of each tool, 3 else")
    parser.add_argument("--only", nargs="+", choices=SUITES, default=list(SUITES), metavar="SUITE")
    wishes = parser.parse_args()
    size = FULL if wishes.full else SMALL if wishes.small else USUAL
    for results in measured(wishes.only, replace(size, times=wishes.times or size.times)):
        if not wishes.small:  # after each: one that cannot be run to its end does not cost the others
            save(joined(load(newest()), results))
            PAGE.write_text(shown(PAGE.read_text(encoding="utf-8"), load(newest())), encoding="utf-8", newline="\n")
    print(tables(results))


def measured(names: Sequence[str], size: Size) -> Iterator[Results]:
    """Run the suites, one after the other; what is known after each."""
    figures: list[Figure] = []
    ratios: list[Ratio] = []
    left_out = {name: "not asked for" for name in SUITES if name not in names}
    # One folder for all, which goes at the end: ext4 makes files many times more slowly where many were deleted
    # in the last minutes, and a suite would pay for the one before.
    with tempfile.TemporaryDirectory() as everything:
        for name in names:
            print(f"{name} …", file=sys.stderr)
            folder = Path(everything, name)
            folder.mkdir()
            try:
                for item in SUITES[name](size, folder):
                    if isinstance(item, Figure):
                        figures.append(item)
                    else:
                        ratios.append(item)
            except LeftOut as reason:
                left_out[name] = str(reason)
            machine = {"Python": platform.python_version(), "processors": str(cores()), "system": platform.system()}
            day = datetime.now(UTC).date().isoformat()
            yield Results(date=day, machine=machine, figures=[*figures], ratios=[*ratios], left_out={**left_out})


if __name__ == "__main__":
    main()
