"""The same work on a real Dask cluster of processes, one of which is killed in the middle: the same bytes.

Files are on a folder that all see, or go through a store: a shared folder, or a server that speaks S3.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from odkit.cache import installed
from odkit.errors import OdkitError
from odkit.many import prepare_batch
from tests.large.running import CREDENTIALS, PATIENCE, Start, is_open, left, needs_s3, until, worker

MANY = int(os.environ.get("ODKIT_TEST_MANY", "24"))
NAMES = tuple(f"122033/list{number:04}" for number in range(MANY))
FEW = NAMES[:3]
INTERRUPTED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from odkit.cli import main
main(sys.argv[1:])
"""
"""odkit as a terminal starts it: a process in the background may ignore Ctrl-C."""

WORKERS = """
import json, sys, distributed
with distributed.Client(sys.argv[1]) as client:
    client.wait_for_workers(1)
    print(json.dumps([*client.nthreads()]))
"""
Declared = Callable[[Path, tuple[str, ...]], Path]
Tree = Callable[[Path], dict[str, str]]


@contextmanager
def publishing(root: Path, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    options = ["publish", "--project", str(root), "--json", "--lang", "en", *words]
    env = {**os.environ, **environment}
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
    ) as process:
        yield process


def ended(process: subprocess.Popen[bytes]) -> tuple[int, Sequence[dict[str, object]], str]:
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, json.loads(out or "[]"), err.decode()


def loses_a_worker(tmp_path: Path, declared: Declared, tree: Tree, start: Start, scheduler: str, *store: str) -> None:
    """Build on one machine and on a cluster of which one worker is killed; compare."""
    alone, root = declared(tmp_path / "alone", NAMES), declared(tmp_path / "cluster", NAMES)
    with publishing(alone, "--jobs", "2") as process:
        assert ended(process)[0] == 0
    doomed = worker(start, scheduler)
    with publishing(root, "--scheduler", scheduler, *store) as process:
        until(lambda: len(list((root / "build").glob("*/list*"))) > MANY // 4)
        worker(start, scheduler)
        doomed.send_signal(signal.SIGKILL)
        assert len(list((root / "build").glob("*/list*"))) < MANY, "it is killed while there is work"
        code, results, err = ended(process)
    assert (code, [item["dataset"] for item in results]) == (0, list(NAMES)), err
    assert tree(root / "build") == tree(alone / "build")
    with publishing(root, "--scheduler", "tcp://127.0.0.1:1", *store) as process:
        code, results, err = ended(process)
    assert (code, {str(item["built"]) for item in results}) == (0, {"{}"}), "what stands needs no cluster"


def test_a_cluster_that_loses_a_worker_builds_the_same_bytes(
    tmp_path: Path, declared: Declared, tree: Tree, start: Start, scheduler: str
) -> None:
    loses_a_worker(tmp_path, declared, tree, start, scheduler)


@needs_s3
def test_so_does_one_that_shares_no_folder(
    tmp_path: Path, declared: Declared, tree: Tree, start: Start, scheduler: str, s3: str
) -> None:
    loses_a_worker(tmp_path, declared, tree, start, scheduler, "--store", s3)
    assert left() == []


def test_a_folder_on_a_share_is_a_store_too(
    tmp_path: Path, declared: Declared, tree: Tree, start: Start, scheduler: str
) -> None:
    alone, root, share = declared(tmp_path / "alone", FEW), declared(tmp_path / "cluster", FEW), tmp_path / "share"
    with publishing(alone, "--jobs", "1") as process:
        assert ended(process)[0] == 0
    worker(start, scheduler)
    with publishing(root, "--scheduler", scheduler, "--store", share.as_uri()) as process:
        code, results, err = ended(process)
    assert (code, [item["dataset"] for item in results]) == (0, list(FEW)), err
    assert tree(root / "build") == tree(alone / "build")
    assert not any(share.rglob("*"))


@pytest.mark.parametrize(("numbers", "ends"), [((signal.SIGINT,), 130), ((signal.SIGTERM, signal.SIGTERM), 143)])
def test_nothing_is_left_in_the_store_after_a_signal(
    tmp_path: Path, declared: Declared, start: Start, scheduler: str, numbers: Sequence[int], ends: int
) -> None:
    """SIGTERM comes twice, as from ``timeout``: to the process and to its group."""
    root, share = declared(tmp_path / "cluster", NAMES), tmp_path / "share"
    worker(start, scheduler)
    with publishing(root, "--scheduler", scheduler, "--store", share.as_uri()) as process:
        until(lambda: len(list((root / "build").glob("*/list*"))) > 1)
        assert any(share.rglob("*"))
        for number in numbers:
            process.send_signal(number)
        code, _, err = ended(process)
    assert (code, "Traceback" in err) == (ends, False), err
    # Batches that were under way may end after it, and clear up behind themselves.
    until(lambda: not [path for path in share.rglob("*") if path.is_file()])
    time.sleep(1)
    assert not [path for path in share.rglob("*") if path.is_file()]


@needs_s3
@pytest.mark.parametrize(
    ("bucket", "environment", "words"),
    [
        ("s3://not-there/x", {}, ("cannot work with the store s3://not-there/x", "does not exist")),
        ("", dict.fromkeys(CREDENTIALS, ""), ("may not use the store",)),
        ("", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, ("cannot work with the store", "Could not connect")),
    ],
)
def test_a_store_that_cannot_be_used_is_told_once(
    tmp_path: Path, declared: Declared, s3: str, bucket: str, environment: dict[str, str], words: Sequence[str]
) -> None:
    root = declared(tmp_path, FEW)
    options = ("--scheduler", "tcp://127.0.0.1:1", "--store", bucket or s3)
    with publishing(root, *options, **environment, HOME=str(tmp_path)) as process:
        code, results, err = ended(process)
    assert (code, results) == (2, []), err
    assert all(word in err for word in words), err
    assert err.count("the store") == 1
    assert "Traceback" not in err


@needs_s3
def test_a_worker_whom_the_store_refuses_is_named(
    tmp_path: Path, declared: Declared, start: Start, scheduler: str, s3: str
) -> None:
    root = declared(tmp_path / "project", FEW[:1])
    worker(start, scheduler, **dict.fromkeys(CREDENTIALS, ""))
    with publishing(root, "--scheduler", scheduler, "--store", s3) as process:
        code, results, err = ended(process)
    assert (code, results) == (2, [])
    assert f"{FEW[0]}: {os.uname().nodename} may not use the store {s3}" in err
    assert left() == []


def test_without_the_driver_the_way_to_it_is_told(tmp_path: Path, declared: Declared) -> None:
    root, hidden = declared(tmp_path / "project", FEW), tmp_path / "hidden"
    hidden.mkdir()
    hidden.joinpath("sitecustomize.py").write_text("import sys\nsys.modules['s3fs'] = None\n")
    path = os.pathsep.join((str(hidden), str(Path.cwd())))
    with publishing(root, "--scheduler", "tcp://127.0.0.1:1", "--store", "s3://bucket/x", PYTHONPATH=path) as process:
        code, results, err = ended(process)
    assert (code, results) == (2, [])
    assert 'pip install "odkit[cluster]" s3fs' in err
    assert "Traceback" not in err


def test_a_store_without_a_scheduler_is_a_slip(tmp_path: Path, declared: Declared) -> None:
    with publishing(declared(tmp_path, FEW), "--store", "s3://bucket/x") as process:
        code, _, err = ended(process)
    assert (code, "--scheduler" in err) == (2, True)


def test_a_worker_with_another_odkit_makes_nothing(
    tmp_path: Path, declared: Declared, start: Start, scheduler: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    home = Path(__file__).resolve().parents[2]
    for name in ("schemas", "vocab"):
        (other / name).symlink_to(home / name)
    subprocess.run(["cp", "-r", str(home / "odkit"), str(other)], check=True)
    (other / "odkit/model/note.py").write_text('"""Another odkit."""\n', encoding="utf-8")
    worker(start, scheduler, PYTHONPATH=str(other))
    root = declared(tmp_path / "project", NAMES[:1])
    with publishing(root, "--scheduler", scheduler) as process:
        code, results, err = ended(process)
    assert (code, results) == (2, [])
    assert f"{NAMES[0]}: the worker has another odkit" in err
    assert not (root / "build" / NAMES[0]).exists()


def test_a_scheduler_that_is_not_there_is_told_once(tmp_path: Path, declared: Declared) -> None:
    root = declared(tmp_path, FEW)
    with publishing(root, "--scheduler", "tcp://127.0.0.1:1") as process:
        code, results, err = ended(process)
    assert (code, results) == (2, [])
    assert err.count("The scheduler tcp://127.0.0.1:1 cannot be worked with") == 1
    assert "Traceback" not in err
    assert "fault of odkit" not in err


@pytest.mark.parametrize(
    ("address", "environment", "words"),
    [
        ("nonsense", {}, "nonsense is not the address of a scheduler"),
        ("tcp://user:x@geheim@127.0.0.1:1", {}, "tcp://***@127.0.0.1:1 is not the address"),
        ("tls://127.0.0.1:1", {}, "The TLS configuration of Dask does not go with the scheduler tls://127.0.0.1:1"),
        ("ucxx://127.0.0.1:1", {}, "The scheduler ucxx://127.0.0.1:1 cannot be worked with"),
        ("tls://127.0.0.1:1", {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": "/no/such.pem"}, "The TLS configuration"),
        ("tcp://127.0.0.1:1", {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}, "The TLS configuration"),
    ],
)
def test_a_scheduler_that_cannot_be_called_is_told_at_once(
    tmp_path: Path, declared: Declared, address: str, environment: dict[str, str], words: str
) -> None:
    root = declared(tmp_path, FEW)
    with publishing(root, "--scheduler", address, **environment) as process:
        code, _, err = ended(process)
    assert (code, err.count(words)) == (2, 1), err
    assert not any(word in err for word in ("Traceback", "Exception ignored", "geheim"))


def test_a_worker_without_odkit_makes_nothing(tmp_path: Path, declared: Declared, start: Start, scheduler: str) -> None:
    """It goes on, and is told apart from one that is short of memory."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    hidden.joinpath("sitecustomize.py").write_text("import sys\nsys.modules['odkit'] = None\n")
    bare = worker(start, scheduler, PYTHONPATH=str(hidden))
    root = declared(tmp_path / "project", FEW)
    with publishing(root, "--scheduler", scheduler) as process:
        code, results, err = ended(process)
    assert (code, results, bare.poll()) == (2, [], None)
    assert all(f"{name}: the worker has another odkit" in err for name in FEW)


def test_a_worker_that_does_not_see_the_project_says_so(tmp_path: Path, declared: Declared) -> None:
    declared(tmp_path, FEW)
    found = prepare_batch(tmp_path / "elsewhere", installed(), FEW)
    assert [error.code for error in found if isinstance(error, OdkitError)] == ["cli.no-shared-folder"] * 3


def test_what_is_no_scheduler_is_told(tmp_path: Path, declared: Declared, start: Start, scheduler: str) -> None:
    """The dashboard, say; or a worker, whose address looks like one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start("-m", "http.server", "--bind", "127.0.0.1", str(port))
    until(lambda: is_open(port))
    worker(start, scheduler)
    found = next(iter(asked(scheduler)))
    root = declared(tmp_path / "project", FEW[:1])
    for address, words in ((f"127.0.0.1:{port}", "no answer of Dask"), (found, "type: Worker")):
        with publishing(root, "--scheduler", address) as process:
            code, _, err = ended(process)
        assert (code, f"{address} cannot be worked with ({words})" in err) == (2, True), err
        assert "Traceback" not in err


def asked(scheduler: str) -> list[str]:
    """The addresses of the workers, as soon as there is one."""
    command = [sys.executable, "-c", WORKERS, scheduler]
    found: list[str] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE).stdout)
    return found


def test_a_cluster_that_loses_its_last_worker_is_waited_for_and_given_up(
    tmp_path: Path, declared: Declared, start: Start, scheduler: str
) -> None:
    """In a process that waits for a second where a person's waits for a minute."""
    hasty = tmp_path / "hasty"
    hasty.mkdir()
    dies = "import os, odkit.many\nodkit.many.prepare_batch = lambda *words, **named: os._exit(1)\n"
    hasty.joinpath("sitecustomize.py").write_text(dies)
    worker(start, scheduler, PYTHONPATH=os.pathsep.join((str(hasty), str(Path.cwd()))))
    root = declared(tmp_path / "project", FEW[:1])
    words = "import odkit.schedule.cluster as it; it.PATIENCE, it.FOR_WORKERS = 2.0, 1.0\n"
    options = ["publish", "--project", str(root), "--json", "--lang", "en", "--scheduler", scheduler]
    command = [sys.executable, "-c", f"{words}{INTERRUPTED}", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 2
    assert "has no worker. Waiting" in done.stderr
    assert "Only 0/1 workers arrived" in done.stderr


def test_without_the_extra_the_way_to_it_is_told(tmp_path: Path, declared: Declared) -> None:
    """As where odkit alone is installed: the module is not found."""
    root = declared(tmp_path / "project", NAMES[:1])
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    hidden.joinpath("sitecustomize.py").write_text("import sys\nsys.modules['distributed'] = None\n")
    command = [sys.executable, "-m", "odkit", "publish", "--project", str(root), "--scheduler", "x", "--lang", "en"]
    env = {**os.environ, "PYTHONPATH": str(hidden)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert 'pip install "odkit[cluster]"' in done.stderr
