"""The tables of docs/performance.md are those of the newest results, and say of each target whether it is reached."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def report() -> Any:
    """bench/report.py, which is a script and no part of odkit."""
    spec = spec_from_file_location("bench_report", ROOT / "bench" / "report.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["bench_report"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def results(report: Any) -> Any:
    return report.Results(
        date="2026-01-02",
        machine={"Python": "3.11"},
        figures=[report.Figure(suite="start", work="w", tool="t", seconds=0.1234, mib=12.3)],
        ratios=[
            report.Ratio(suite="start", work="a", value=1.4, sign="≤", target=1.5),
            report.Ratio(suite="start", work="b", value=4.0, sign="≥", target=5),
        ],
        left_out={"push": "no CKAN"},
    )


def test_the_page_shows_the_newest_results(report: Any) -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert report.shown(page, report.load(report.newest())) == page


def test_results_come_back_as_they_were_saved(report: Any, results: Any, tmp_path: Path) -> None:
    path = report.save(results, tmp_path)
    assert path.name == "2026-01-02.json"
    assert report.load(path) == results
    assert set(json.loads(path.read_text(encoding="utf-8"))) == {"date", "machine", "figures", "ratios", "left_out"}
    (tmp_path / "2025-12-31.json").write_text("{}", encoding="utf-8")
    assert report.newest(tmp_path) == path


def test_suites_that_run_alone_keep_what_others_found_that_day(report: Any, results: Any) -> None:
    figure = report.Figure(suite="push", work="w", tool="t", seconds=2.0)
    alone = replace(results, figures=[figure], ratios=[], left_out={"start": "not asked for", "rdf": "no engines"})
    both = report.joined(results, alone)
    assert [item.suite for item in both.figures] == ["start", "push"]
    assert both.ratios == results.ratios
    assert both.left_out == {"rdf": "no engines"}
    again = replace(results, figures=[replace(results.figures[0], seconds=9.0)], ratios=[])
    assert [item.seconds for item in report.joined(both, again).figures] == [2.0, 9.0]
    assert report.joined(results, replace(alone, date="2026-01-03")).figures == [figure]
    assert report.joined(results, replace(alone, machine={"Python": "3.12"})).figures == [figure]


def test_a_missed_target_is_called_so(report: Any, results: Any) -> None:
    told = report.tables(results)
    assert "| start | a | 1.4 | ≤ 1.5 | reached |" in told
    assert "| start | b | 4 | ≥ 5 | **missed** |" in told
    assert "| w | t | 0.123 | 12 |" in told
    assert "Left out: push: no CKAN." in told


def test_only_what_stands_between_the_marks_is_replaced(report: Any, results: Any) -> None:
    page = f"before\n{report.BEGIN}old\n{report.END}after\n"
    new = report.shown(page, results)
    assert new.startswith(f"before\n{report.BEGIN}")
    assert new.endswith(f"{report.END}after\n")
    assert "old" not in new
    assert report.shown(new, results) == new


def test_a_package_is_measured_beside_what_a_user_would_script(tmp_path: Path) -> None:
    """The smallest run of the costliest suite: both ways work on the same sources."""
    made = (
        "import sys; sys.path[:0] = ['bench', '.']; from pathlib import Path; from data import make_project;"
        "make_project(Path(sys.argv[1]), 2, 3)"
    )
    subprocess.run([sys.executable, "-c", made, tmp_path / "p"], cwd=ROOT, check=True, capture_output=True)
    for way in ("odkit", "naive"):
        words = [sys.executable, "bench/packages.py", way, str(tmp_path / "p")]
        done = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
        told = json.loads(done.stdout)
        assert told["packages"] == 1
        assert 0 < told["seconds"] < 60
    words = [sys.executable, "bench/packages.py", "stages", str(tmp_path / "p")]
    shares = json.loads(subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert set(shares) == {"clean", "package", "rdf", "source-score", "score", "rest"}
    assert sum(shares.values()) == pytest.approx(1, abs=0.01)
    built = sorted(path.name for path in tmp_path.glob("*/project/build/*/public_wireless_lan_0001/*"))
    assert {"data.csv", "data.ttl", "datapackage.json", "score.json"} <= set(built)
