"""What tests of clusters start: processes, and what they wait for."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import pytest

PATIENCE = 120.0 + int(os.environ.get("ODKIT_TEST_MANY", "24"))
SERVER = "import sys; from moto.server import main; main(['-H', '127.0.0.1', '-p', sys.argv[1]])"
"""A server that speaks S3; a process of its own, as odkit's are."""
BUCKET = "import sys, fsspec; fsspec.filesystem('s3').mkdir(sys.argv[1])"
LEFT = "import json, sys, fsspec; print(json.dumps(fsspec.filesystem('s3').find(sys.argv[1])))"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}

needs_s3 = pytest.mark.skipif(not (find_spec("moto") and find_spec("s3fs")), reason="moto and s3fs are not installed")
Start = Callable[..., subprocess.Popen[bytes]]


def is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def left(bucket: str = "bucket") -> list[str]:
    """What is in a bucket."""
    done = subprocess.run([sys.executable, "-c", LEFT, bucket], capture_output=True, check=True, timeout=PATIENCE)
    found: list[str] = json.loads(done.stdout)
    return found


def worker(start: Start, scheduler: str, **environment: str) -> subprocess.Popen[bytes]:
    words = ("dask", "worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    return start("-m", *words, **environment)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it does not come to pass"
        time.sleep(0.02)
