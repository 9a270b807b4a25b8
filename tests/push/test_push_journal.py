"""The journal of a run: what was under way when a process was killed is told once, by the next run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from odkit.model import Score
from odkit.push import Journal, apply_plan, broken_off, connect, make_plan
from odkit.push.journal import KEPT, under_way

if TYPE_CHECKING:
    from tests.push.conftest import Factory, Site

LEVEL_5 = Score(target="", level=5, format_level=3, format="CSV", licence="", checks=(), steps=())
KILLED = """
import os, sys
from pathlib import Path
from odkit.push import Journal
with Journal(Path(sys.argv[1])) as journal:
    journal.tell(action="package_create", subject="120006_wifi", outcome="sent")
    os.kill(os.getpid(), 9)
"""


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_write_has_its_lines(site: Site, factory: Factory, tmp_path: Path) -> None:
    package = factory.package()
    with Journal(tmp_path) as journal:
        session = site.new_session()
        with connect(site.url, site.token, session=session, rules=site.rules, journal=journal) as portal:
            apply_plan(make_plan(package, LEVEL_5, portal), portal, package.folder)
    (path,) = tmp_path.glob("*.jsonl")
    told = lines(path)
    assert [(item["action"], item["outcome"]) for item in told[:-1]] == [
        (action, outcome) for action in site.writes_of_a_create for outcome in ("sent", "done")
    ]
    assert told[-1] == {"end": True}
    assert site.token not in path.read_text(encoding="utf-8")
    assert under_way(path) == set()
    assert list(tmp_path.glob("*.lock")) == []


def test_a_run_that_writes_nothing_leaves_no_journal(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal"):
        pass
    assert not (tmp_path / "journal").exists()
    assert broken_off(tmp_path / "journal") == ()


def test_a_killed_run_is_told_of_once(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert broken_off(tmp_path) == ("120006_wifi",)
    assert broken_off(tmp_path) == ()


def test_a_run_that_still_runs_was_not_killed(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.tell(action="package_create", subject="120006_wifi", outcome="sent")
        assert broken_off(tmp_path) == ()


def test_half_a_line_is_no_obstacle(tmp_path: Path) -> None:
    whole = json.dumps({"action": "package_revise", "subject": "a", "outcome": "sent"})
    (tmp_path / "run-000007.jsonl").write_text(f"{whole}\n{whole[:20]}", encoding="utf-8")
    assert broken_off(tmp_path) == ("a",)


def test_old_journals_go(tmp_path: Path) -> None:
    for _ in range(KEPT + 5):
        with Journal(tmp_path) as journal:
            journal.tell(action="package_create", subject="a", outcome="done")
    assert len(list(tmp_path.glob("*.jsonl"))) == KEPT
    assert (tmp_path / f"run-{KEPT + 5:06d}.jsonl").exists()
