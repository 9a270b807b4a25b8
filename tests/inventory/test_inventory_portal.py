"""``odkit inventory`` over a portal with 24 datasets of 6 publishers, and what does not spoil it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from odkit.cli import main
from tests.score.test_score_xls import sheet, workbook

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., tuple[int, str, str]]
Fill = Callable[..., None]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process: exit code, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["inventory", *map(str, arguments)])
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def test_the_counts(run: Run, full_project: Path) -> None:
    code, out, err = run("--project", full_project, "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["datasets_published"], found["datasets_at_target"], found["municipalities_publishing"]) == (24, 16, 5)
    assert len({cell["publisher"] for cell in found["cells"]}) == 6
    assert {(step["step"], step["stage"], step["count"]) for step in found["steps"]} == {
        ("convert", 3, 2),
        ("convert", 2, 2),
        ("table", 1, 2),
        ("ask", None, 1),
        ("licence", 0, 1),
    }


def test_the_words(run: Run, full_project: Path) -> None:
    _, out, _ = run("--project", full_project)
    lines = out.splitlines()
    assert lines[:4] == [
        "段階 5 で公開: 16 件（県 6、市町村 10）。目標は令和6年度までに 24 件",
        "推奨データセットを公開している市町村: 5。目標は 54",
        "はじめの状態（令和3年度）: 県 12 件で段階 3 以下、市町村 0 件",
        "目標まであと 8 件です。",
    ]
    (header,) = [line.split() for line in lines if line.startswith("データセット") and "千葉県" in line]
    assert header[1:] == ["千葉県", "市川市", "船橋市", "松戸市", "浦安市", "大多喜町"]
    (aed,) = [line.split() for line in lines if line.startswith("A-08")]
    assert aed[2:] == ["5", "5", "5", "~1", "~3"]
    assert "→ 段階 3 で公開されている 2 件は" in out


def test_an_unreachable_portal_spoils_nothing(run: Run, full_project: Path) -> None:
    code, out, err = run("--project", full_project, "--portal", "away", "--portal", "embedded", "--json")
    found = json.loads(out)
    assert code == 3
    assert found["datasets_published"] == 24
    assert [issue["code"] for issue in found["issues"]] == ["inventory.unreachable"]
    assert "http://127.0.0.1:9" in err


def test_the_page_says_what_was_not_counted(run: Run, full_project: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run("--project", full_project, "--portal", "embedded", "-o", page)
    assert "数えなかったもの" not in page.read_text(encoding="utf-8")
    run("--project", full_project, "--portal", "away", "--portal", "embedded", "-o", page)
    html = page.read_text(encoding="utf-8")
    assert "数えなかったもの" in html
    assert "ポータル http://127.0.0.1:9" in html


def test_a_portal_named_twice_counts_once(run: Run, full_project: Path) -> None:
    code, out, err = run("--project", full_project, "--portal", "embedded", "--portal", "embedded", "--json")
    assert (code, json.loads(out)["datasets_published"], err) == (0, 24, "")


def test_strange_datasets_spoil_nothing(run: Run, full_project: Path, fill: Fill) -> None:
    fill(
        full_project / ".odkit/portal",
        [
            ("kyoto", {"name": "pool", "title": "市営プールの利用者数"}),
            ("122033x", {"name": "122033_aed_2", "title": "AED設置箇所一覧"}),
            ("122033y", {"name": "122033_pool", "title": "市営プールの利用者数"}),
            ("122033z", {"name": "122033_two", "title": "公共施設一覧・公衆トイレ一覧"}),
        ],
    )
    code, out, _ = run("--project", full_project, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["datasets_published"], found["datasets_at_target"]) == (24, 16)
    assert sorted((issue["code"], issue["dataset"]) for issue in found["issues"]) == [
        ("inventory.twice", "122033_aed"),
        ("inventory.unknown-dataset", "122033_pool"),
        ("inventory.unknown-publisher", "pool"),
        ("inventory.which-dataset", "122033_two"),
    ]


def test_a_broken_declaration_spoils_nothing(run: Run, full_project: Path) -> None:
    broken = full_project / "datapackages/120006/event"
    broken.mkdir(parents=True)
    (broken / "dataset.toml").write_text('title = "x"\n', encoding="utf-8")
    code, out, _ = run("--project", full_project, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["datasets_published"] == 24
    assert [(issue["code"], issue["error"]) for issue in found["issues"]] == [
        ("inventory.unreadable", "project.missing-key")
    ]


@pytest.mark.parametrize("content", ["{broken", "[]", '{"before": {"level": "5"}, "after": {"level": 5}}'])
def test_a_damaged_score_counts_as_not_built(run: Run, project: Path, content: str) -> None:
    dataset = "120006/cultural_property"
    shutil.copytree(ROOT / "datapackages" / dataset, project / "datapackages" / dataset)
    (project / "build" / dataset).mkdir(parents=True)
    (project / "build" / dataset / "score.json").write_text(content, encoding="utf-8")
    code, out, _ = run("--project", project, "--json")
    found = json.loads(out)
    assert code == 0
    assert [issue["code"] for issue in found["issues"]] == ["inventory.score-damaged"]
    assert [(step["step"], step["stage"]) for step in found["steps"]] == [("publish", 3)]


def test_what_the_project_holds_is_the_next_step(run: Run, full_project: Path) -> None:
    target = full_project / "datapackages/120006"
    for name in ("cultural_property", "public_wireless_lan"):
        shutil.copytree(ROOT / "datapackages/120006" / name, target / name)
    (target / "public_wireless_lan").rename(target / "care_service")
    text = (target / "care_service/dataset.toml").read_text(encoding="utf-8")
    (target / "care_service/dataset.toml").write_text(
        text.replace('standard = "public_wireless_lan"', 'standard = "care_service"'), encoding="utf-8"
    )
    _, out, _ = run("--project", full_project, "--json")
    steps = {step["step"]: step for step in json.loads(out)["steps"]}
    assert (steps["publish"]["stage"], steps["publish"]["pairs"]) == (2, ["120006/care_service"])


def test_the_page(run: Run, full_project: Path, tmp_path: Path) -> None:
    for lang in ("ja", "en"):
        page = tmp_path / f"{lang}.html"
        run("--project", full_project, "-o", page, "--lang", lang)
        html = page.read_text(encoding="utf-8")
        assert html.count("<rect") == 54 + 4
        assert html.count("<title>") == 55
        squeezed = set(re.findall(r"textLength[^>]*>([^<]+)<", html))
        assert {"九十九里", "大網白里", "Yokoshibahikari"} & squeezed
        assert not {"野田", "いすみ", "Noda", "Narita"} & squeezed
        assert not re.search(r"<script|<link|url\(|@import", html)
        assert 'href="http://127.0.0.1:8710/dataset/120006_aed"' in html
        run("--project", full_project, "-o", tmp_path / "again.html", "--lang", lang)
        assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


def test_each_publisher_has_its_list_of_open_data(run: Run, full_project: Path) -> None:
    code, _, err = run("--project", full_project, "--lists", "--lang", "en")
    assert code == 0
    folder = full_project / "build/122033/open_data_list"
    with (folder / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    first = rows[0]
    assert first["データセット_ID"] == "122033_aed"
    assert first["地方公共団体名"] == "千葉県市川市"
    assert first["ファイル_ライセンス"].startswith("クリエイティブ・コモンズ 表示 4.0")
    assert first["ファイル_ダウンロードURL"] == "https://example.lg.jp/data.csv"
    scores = json.loads((folder / "score.json").read_text(encoding="utf-8"))
    assert scores["after"]["level"] == 5
    assert "122033/open_data_list: list of open data, 5 rows, stage 5" in err
    assert len(list(full_project.glob("build/*/open_data_list/datapackage.json"))) == 6


def test_a_list_that_people_made_is_not_replaced(run: Run, full_project: Path) -> None:
    own = full_project / "datapackages/120006/open_data_list"
    own.mkdir(parents=True)
    (own / "dataset.toml").write_text(
        'title = "一覧"\nstandard = "open_data_list"\n[source]\npath = "a.csv"\n', encoding="utf-8"
    )
    (own / "a.csv").write_text("データ名称\nAED\n", encoding="utf-8")
    code, _, err = run("--project", full_project, "--lists")
    assert code == 0
    assert "120006/open_data_list は datapackages/ で宣言されている" in err
    assert len(list(full_project.glob("build/*/open_data_list/datapackage.json"))) == 5


def test_an_old_workbook_is_looked_into(run: Run, project: Path) -> None:
    own = project / "datapackages/120006/event"
    own.mkdir(parents=True)
    (own / "dataset.toml").write_text(
        'title = "催し"\nstandard = "event"\n[source]\npath = "a.xls"\n', encoding="utf-8"
    )
    (own / "a.xls").write_bytes(workbook({"一覧": (0, sheet([]))}))
    _, out, _ = run("--project", project, "--json")
    (cell,) = json.loads(out)["cells"]
    assert cell["local"]["stage"] == 0  # no cell is filled; by its format it would be 2


def test_a_portal_that_was_never_filled_is_not_made(run: Run, project: Path) -> None:
    code, out, _ = run("--project", project, "--json")
    assert (code, json.loads(out)["datasets_published"]) == (0, 0)
    assert not (project / ".odkit").exists()
