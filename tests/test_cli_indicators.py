"""``odkit indicators``: tables, check, detail, comparison, files."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from odkit.cli import main

ROOT = Path(__file__).resolve().parent.parent
WORKBOOK = ROOT / "datapackages/120006/ict-indicators/令和2年度_進捗状況一覧.xlsx"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process: exit code, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["indicators", *map(str, arguments)])
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out, err

    return call


def edited(folder: Path, name: str, cells: dict[str, str]) -> Path:
    """The workbook with cells changed."""
    book = openpyxl.load_workbook(WORKBOOK)
    for address, value in cells.items():
        book.worksheets[0][address] = value
    book.save(folder / name)
    return folder / name


def test_totals_as_in_the_summary(run: Run) -> None:
    code, out, err = run(WORKBOOK, "--check")
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert ["波及効果の高いプロジェクト", "6", "4", "1", "1", "12"] in lines
    assert ["個別施策", "39", "33", "6", "3", "6", "48"] in lines
    assert ["推進を支える土台づくり", "3", "3", "0", "5", "0", "8"] in lines
    assert ["計", "42", "36", "6", "8", "6", "56"] in lines
    assert "公表の評価 124 件のうち、計算と一致 121 件、人の決めたことで一致 3 件、不一致 0 件" in out
    assert err.count("[参考]") == 3


def test_a_wrong_mark_is_found_with_both_reasons(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path, "wrong.xlsx", {"L18": "○", "K28": "↘", "J9": "×"})
    code, out, err = run(file, "--check", "--lang", "en")
    assert code == 1
    assert "117 agree" in out.replace("118 agree", "117 agree")
    assert "3 differ" in out
    assert "it stands for a rate of 50 % or more" in " ".join(out.split())
    assert err.count("indicators.differs") == 0
    assert err.count("were published") + err.count("was published as") == 3
    assert run(file)[0] == 0
    assert run(file, "--fail-on", "warning")[0] == 1


def test_json(run: Run) -> None:
    code, out, _ = run(WORKBOOK, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["year"], len(found["indicators"]), len(found["check"])) == (2020, 68, 124)
    assert found["totals"] == found["published_totals"]
    (paper,) = [item for item in found["indicators"] if item["indicator"] == "2-02"]
    assert {name: paper[name] for name in ("direction", "baseline", "value", "unit", "kind", "trend", "outcome")} == {
        "direction": "less",
        "baseline": "405823",
        "value": "425072",
        "unit": "千枚",
        "kind": "実績値",
        "trend": "(↘)",
        "outcome": "×",
    }


def test_files_are_written(run: Run, tmp_path: Path) -> None:
    later = edited(tmp_path, "r3.xlsx", {"G5": "令和3年度末\n見込値(実績値)"})
    code, out, err = run(later, "--compare", WORKBOOK, "-o", tmp_path / "out")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "comparison.csv",
        "data.csv",
        "index.html",
        "progress.csv",
        "values.csv",
    ]
    with (tmp_path / "out/progress.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 68
    assert {row["年度"] for row in rows} == {"2021"}
    assert "令和2年度" in out
    assert "index.html" in err


def test_written_twice_the_bytes_are_the_same(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(WORKBOOK, "-o", tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        assert str(tmp_path).encode() not in path.read_bytes()


def test_the_year_may_be_named(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path, "bare.xlsx", {"G5": "見込値(実績値)"})
    code, _, err = run(file)
    assert code == 2
    assert "--year 2020" in err
    assert run(file, "--year", "2020", "--check")[0] == 0


@pytest.mark.parametrize(
    ("content", "seen"), [("hello\n", "hello"), ("指標番号,基準値,目標値\n1-01,1,2\n", "指標番号, 基準値, 目標値")]
)
def test_a_table_without_numbers_and_names_is_refused(run: Run, tmp_path: Path, content: str, seen: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(content, encoding="utf-8")
    code, out, err = run(file, "--year", "2020", "--lang", "en")
    assert (code, out) == (2, "")
    assert f"list.csv is no table of indicators (its headings: {seen})." in err


def test_other_tables_are_refused(run: Run) -> None:
    other = ROOT / "datapackages/120006/public_wireless_lan/公衆無線LAN一覧_R6.3.31.xlsx"
    code, _, err = run(other)
    assert code == 2
    assert "（見出し: No., 管理番号, 団体コード, 設置施設／名称, 設置施設／フリガナ）" in err


def test_a_detail_that_is_no_text(run: Run) -> None:
    code, _, err = run(WORKBOOK, "--detail", WORKBOOK)
    assert code == 1
    assert "UTF-8" in err


def test_a_detailed_table_is_joined(run: Run, tmp_path: Path) -> None:
    detail = tmp_path / "detail.txt"
    detail.write_text(
        "取組名\t成果指標\t基準値\t実績値\t見込値\t最終目標\t比較\t進捗率\n"
        "\tワンストップサービス利用率 ※新規新車登録時に限る\t46.51%\t61.02%\t60.76%\t60.00%\t∧\t○\n"
        "よく分からない行\t1\t2\n",
        encoding="utf-8",
    )
    code, out, _ = run(WORKBOOK, "--detail", detail, "--json")
    rows = json.loads(out)["detail"]
    assert code == 0
    assert [(row["line"], row["state"], row["key"], row["differs"]) for row in rows[:3]] == [
        (1, "heading", "", False),
        (2, "joined", "2-01", True),
        (3, "unknown", "", False),
    ]
    assert rows[1]["problems"] == ["misread-arrow"]
    assert [row["state"] for row in rows[3:]] == ["missing"] * 67
    assert "評価が一覧と違う（一覧 ◎、詳細 ○）" in " ".join(run(WORKBOOK, "--detail", detail)[1].split())


def two_years(folder: Path) -> Path:
    """The workbook with a second column of values, of the next fiscal year."""
    book = openpyxl.load_workbook(WORKBOOK)
    sheet = book.worksheets[0]
    sheet.insert_cols(8)
    for row in range(6, 74):
        sheet.cell(row, 8).value = sheet.cell(row, 7).value
    sheet["H5"], sheet["H18"] = "令和3年度末\n見込値(実績値)", "47.00%"
    book.save(folder / "both.xlsx")
    return folder / "both.xlsx"


def test_years_side_by_side(run: Run, tmp_path: Path) -> None:
    file = two_years(tmp_path)
    code, out, err = run(file, "--lang", "en")
    assert (code, out) == (2, "")
    assert "2020, 2021" in err
    code, out, _ = run(file, "--year", "2021", "--compare", file, "--json")
    found = json.loads(out)
    assert code == 0
    (service,) = [item for item in found["indicators"] if item["indicator"] == "2-01"]
    assert (found["year"], service["value"], service["outcome"]) == (2021, "47", "△")
    assert len(found["comparison"]) == 68
    assert run(file, "--year", "2019")[0] == 2
    assert json.loads(run(file, "--year", "2020", "--json")[1])["indicators"][12]["value"] == "60.76"


def test_a_sheet_per_year(run: Run, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(WORKBOOK)
    later = book.copy_worksheet(book.worksheets[0])
    later.title, later["G5"] = "令和3年度", "2021年度末見込値"
    file = tmp_path / "sheets.xlsx"
    book.save(file)
    code, out, _ = run(file, "--sheet", "令和3年度", "--compare", f"{file}#進捗状況一覧", "--json")
    assert (code, json.loads(out)["year"], len(json.loads(out)["comparison"])) == (0, 2021, 68)
    assert run(file, "--sheet", "令和3年度", "--compare", file)[0] == 1


def test_a_column_of_measured_values(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path, "measured.xlsx", {"G5": "令和3年度\n実績値"})
    found = json.loads(run(file, "--json")[1])
    assert found["year"] == 2021
    expected = [item["indicator"] for item in found["indicators"] if item["kind"] == "見込値"]
    assert expected == ["2-34", "2-35"]  # 109,456件（見込）
    assert {item["trend"] for item in found["indicators"]} == {"↗", "→", "↘", ""}


def test_headings_in_other_words(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path, "other.xlsx", {"A4": "番号", "E4": "指標名", "F5": "現状値（R元年度）"})
    code, _, err = run(file, "--lang", "en")
    assert (code, "番号" in err, "--heading" in err) == (2, True, True)
    pairs = ("番号=指標番号", "指標名=成果指標", "値／現状値（R元年度）=基準値")
    named = [part for pair in pairs for part in ("--heading", pair)]
    _, _, err = run(file, *named[:4], "--lang", "en")
    assert "has no column 基準値" in err
    assert "値／現状値（R元年度）" in err
    code, out, _ = run(file, *named, "--check", "--lang", "en")
    assert (code, "121 agree" in out) == (0, True)


def test_damage_in_the_table_is_told(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path, "keys.xlsx", {"A7": "1-01", "A8": "", "L18": "◯"})
    code, _, err = run(file)
    assert code == 1
    assert "A7" in err
    assert "A8" in err


def test_a_goal_against_the_direction_is_told(run: Run, tmp_path: Path) -> None:
    file = edited(tmp_path, "goal.xlsx", {"I18": "40.0%"})
    _, _, err = run(file, "--lang", "en")
    assert "Indicator 2-01" in err
    assert "more is better, but the final target" in err


def test_next_years_table_is_packaged_with_its_results(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Its headings name another year; nobody has to declare them."""
    shutil.copy(ROOT / "publish.toml", tmp_path)
    folder = tmp_path / "datapackages/120006/next"
    folder.mkdir(parents=True)
    edited(folder, "r3.xlsx", {"G5": "令和3年度末\n見込値(実績値)", "H5": "中間目標\n(令和3年度達成見込)"})
    declared = 'title = "R3"\nstandard = "indicators"\n[source]\npath = "r3.xlsx"\n'
    (folder / "dataset.toml").write_text(declared, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["package", "120006/next", "--project", str(tmp_path)])
    assert (ended.value.code or 0) == 0, capfd.readouterr()
    with (tmp_path / "build/120006/next/progress.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert ({row["年度"] for row in rows}, len(rows)) == ({"2021"}, 68)
    with (tmp_path / "build/120006/next/issues.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [row for row in csv.DictReader(file) if row["コード"].startswith("clean.")]


PLAN = """rules_version = 1
title = "第2期DX計画"
basis = "計画書第5章"
[groups]
"重点" = "progress"
[trend]
better = "改善"
same = "横ばい"
worse = "悪化"
actual = "{trend}※"
[progress]
steps = [{ at_least = 100, mark = "A" }, { at_least = 80.5, mark = "B" }, { at_least = 0, mark = "C" }]
same = "D"
worse = "E"
good = 80.5
[interim]
reached = "達成"
missed = "未達成"
unknown = "不明"
stopped = "停止"
[interim.published]
"○" = "達成"
[indicators]
"1-01" = { direction = "less" }
"1-02" = { direction = "more" }
"1-03" = { direction = "more" }
"""
PLAN_HEADINGS = (
    "基準値（令和4年度）",
    "令和6年度末見込値",
    "最終目標（令和8年度）",
    "基準値と見込値との比較",
    "最終目標に対する進捗率",
)
PLAN_ROWS = """
1-01,重点,b,排出量,"12,345千t-CO2（令和4年度）","11,000千t-CO2（R6.12末現在）","10,500千t-CO2",改善※,C
1-02,重点,b,利用者,"9,800人","1.2万人",12500人,改善,Ｂ
1-03,重点,b,整備率,41/54市町村,54市町村中50市町村,54/54市町村,改善,E
"""


def test_another_plan_with_its_own_marks(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    headings = ",".join(("指標番号", "区分", "取組名", "成果指標", *PLAN_HEADINGS))
    (tmp_path / "plan.csv").write_text(headings + PLAN_ROWS, encoding="utf-8")
    code, out, _ = run(tmp_path / "plan.csv", "--rules", tmp_path / "plan.toml", "--check", "--json")
    found = json.loads(out)
    assert code == 1
    assert (found["year"], [item["rate"] for item in found["indicators"]]) == (2024, ["72.8", "81.4", "69.2"])
    assert [
        (one["indicator"], one["published"], one["computed"]) for one in found["check"] if one["state"] != "agrees"
    ] == [("1-03", "E", "C")]
    assert {issue["code"] for issue in found["issues"]} == {"indicators.differs"}
    assert "達成" not in run(tmp_path / "plan.csv", "--rules", tmp_path / "plan.toml")[1]
