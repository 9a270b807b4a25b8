"""A cluster that loses a worker beside one machine: the same project, and how many files of the packages differ.

    python bench/cluster.py 1000                         the workers share the project's folder
    python bench/cluster.py 1000 --store s3              they share nothing: files go through a server that speaks S3
    python bench/cluster.py 1000 --store file            … through a folder that stands for a share
    python bench/cluster.py 1000 --store s3://bucket/x   … through that store
    python bench/cluster.py --rows 200000                one large table, divided; with --store, too
    python bench/cluster.py --rows 200000 --spare        … and nobody is killed: what dividing brings

Two workers build; after a third of the packages one is killed, and another one is started. Of one large table, it is
the worker that only has pieces of it in hand. Ends with 1 where anything differs, is missing or is left.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from data import ROWS, make_project
from distributed import Client
from measure import python

ROOT = Path(__file__).resolve().parent.parent
SERVER = "import sys; from moto.server import main; main(['-H', '127.0.0.1', '-p', sys.argv[1]])"
BUCKET = "import fsspec; fsspec.filesystem('s3').mkdir('bucket')"
LEFT = "import sys; from fsspec.core import url_to_fs; fs, path = url_to_fs(sys.argv[1]); print(len(fs.find(path)))"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=int, nargs="?", default=1000)
    parser.add_argument("--store", default="", metavar="s3|file|ADDRESS")
    parser.add_argument("--rows", type=int, default=0, help="of one table, in the place of many packages")
    parser.add_argument("--spare", action="store_true", help="kill nobody")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count = 1 if wishes.rows else wishes.packages
        sys.exit(compare(Path(folder), count, wishes.rows or ROWS, wishes.store, spare=wishes.spare))


def compare(folder: Path, count: int, rows: int, wanted: str, *, spare: bool) -> int:
    """Build one project twice; what came of it is printed."""
    alone, shared = folder / "alone", folder / "cluster"
    for root in (alone, shared):
        make_project(root, count, rows)
    seconds = {"one machine, --jobs 2": published(alone, "--jobs", "2")}
    with ExitStack() as stack:
        store = stack.enter_context(opened(wanted, folder))
        address = f"tcp://127.0.0.1:{free_port()}"
        stack.enter_context(running("-m", "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"))
        words = ("-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        workers = [stack.enter_context(running(*words)) for _ in range(2)]
        client = stack.enter_context(Client(address))
        client.wait_for_workers(2)
        options = ("--scheduler", address, *(("--store", store) if store else ()))
        with publishing(shared, *options) as run:
            start = time.perf_counter()
            doomed = None
            while run.poll() is None and not spare and not doomed:
                time.sleep(0.05)
                doomed = helper(client) if count == 1 else workers[0].pid if standing(shared) >= count // 3 else None
            done = standing(shared)
            if doomed:
                os.kill(doomed, signal.SIGKILL)
                stack.enter_context(running(*words))
            if run.wait() != 0:
                sys.exit("odkit publish failed")
            seconds["cluster"] = time.perf_counter() - start
        left = int(subprocess.check_output(python("-c", LEFT, store), cwd=ROOT)) if store else 0
        left += len(tree(shared / ".odkit" / "parts"))
    first, second = tree(alone / "build"), tree(shared / "build")
    differing = sum(first.get(name) != second.get(name) for name in first.keys() | second.keys())
    print(f"packages: {standing(shared):,} of {count:,}; through: {wanted or 'the folder of the project'}")
    print(f"killed: {1 if doomed else 0} workers, when {done:,} packages were in place")
    print(f"files: {len(first):,}; differing: {differing:,}; left on the way: {left:,}")
    print("; ".join(f"{name}: {taken:.1f} s" for name, taken in seconds.items()))
    return 0 if differing == left == 0 and standing(shared) == count and (spare or doomed) else 1


def helper(client: Client) -> int | None:
    """The process of a worker that has pieces of a table in hand, and does not put it together."""
    for worker, keys in client.processing().items():
        if keys and all(key.startswith("odkit-piece") for key in keys):
            pid: int = client.run(os.getpid, workers=[worker])[worker]
            return pid
    return None


@contextmanager
def opened(wanted: str, folder: Path) -> Iterator[str]:
    """The address of a store; where a server must run for it, it does."""
    if wanted != "s3":
        yield (folder / "share").as_uri() if wanted == "file" else wanted
        return
    port = free_port()
    os.environ |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    os.environ |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    with running("-c", SERVER, str(port)):
        while not is_open(port):
            time.sleep(0.1)
        subprocess.run(python("-c", BUCKET), check=True)
        yield "s3://bucket/odkit"


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this Python, ended with the block."""
    process = subprocess.Popen(python(*words), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def publishing(project: Path, *options: str) -> subprocess.Popen[bytes]:
    """``odkit publish``, only as far as a plan for the portal."""
    command = python("-m", "odkit", "publish", "--project", project, "--dry-run", "--json", *options)
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def published(project: Path, *options: str) -> float:
    """Seconds of a run."""
    start = time.perf_counter()
    with publishing(project, *options) as process:
        if process.wait() != 0:
            sys.exit("odkit publish failed")
    return time.perf_counter() - start


def standing(project: Path) -> int:
    """Packages in build/."""
    return sum(1 for _ in (project / "build").glob("*/[!.]*/datapackage.json"))


def tree(folder: Path) -> Mapping[str, str]:
    """The sha256 of every file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def is_open(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
