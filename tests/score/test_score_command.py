"""``odkit score`` as people call it: words, reports, accepted findings, folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from odkit.cli import main
from odkit.errors import DeclarationError
from odkit.project import read_accepted

DITTO = "市,地区,人口\n市川,北,1\n〃,南,2\n〃,東,3\n"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["score", *map(str, words)])
    told = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out, told.err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(f"題,,\n{DITTO}", encoding="utf-8")
    return tmp_path


def test_the_next_step_comes_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "a.csv", "--licence", "CC BY 4.0")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "a.csv — 段階 2（CSV、形式では段階 3）",
        "  次の一歩: 表題の行（R1）を説明文などに移し、見出しを1行目にすると段階 2 → 3",
        "  理由: 段階3に届きません: 表の上に表題があります（R1「題」）",
        "  1. 表の形（段階3に必要）: 表題の行（R1）を説明文などに移し、見出しを1行目にする",
        "  2. 1-6 省略（助言）: R4C1:R5C1 に省略せずに値を書く",
        "  位置の読み方: R2C3 は2行目の3列目です（Excel で開くと C2 のセル）",
        "  合格 21・要修正 2・未判定 0・対象外 11",
    ]


def test_what_is_accepted_beside_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "accepted.csv").write_text("検査,ファイル,理由\n1-6,a.csv,原本どおり\n", encoding="utf-8-sig")
    _, out, _ = run(capsys, "a.csv", "--licence", "CC BY 4.0")
    assert "  受け入れ済み 1-6 省略: 原本どおり" in out.splitlines()
    assert "2. " not in out
    _, out, _ = run(capsys, "a.csv", "--json")
    check = next(item for item in json.loads(out)[0]["checks"] if item["id"] == "1-6")
    assert (check["outcome"], check["evidence"][0]["accepted"]) == ("pass", "原本どおり")


def test_a_declared_source_has_its_licence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "publish.toml").write_text(
        'config_version = 1\nbase_uri = "https://example.com/id/"\n[defaults]\nlicence = "CC-BY-4.0"\n'
        '[organizations.122033]\ntitle = "市川市"\n',
        encoding="utf-8",
    )
    place = folder / "datapackages" / "122033" / "list"
    place.mkdir(parents=True)
    (place / "dataset.toml").write_text('title = "一覧"\n[source]\npath = "b.csv"\n', encoding="utf-8")
    for name in ("b.csv", "c.csv"):
        (place / name).write_text(DITTO, encoding="utf-8")
    _, out, _ = run(capsys, place / "b.csv", place / "c.csv", "--json")
    assert [(item["level"], item["licence"]) for item in json.loads(out)] == [(3, "CC-BY-4.0"), (0, "")]
    _, out, _ = run(capsys, place / "b.csv", "--licence", "CC BY-ND 4.0", "--json")
    assert json.loads(out)[0]["level"] == 0


def test_every_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("html", "sarif", "junit", "badge")
    words = [word for name in names for word in (f"--{name}", f"out.{name}")]
    first = run(capsys, "a.csv", "--licence", "CC BY 4.0", *words)
    texts = [Path(f"out.{name}").read_bytes() for name in names]
    assert first[0] == 0
    assert first[2].splitlines() == [f"out.{name} に書き出しました" for name in ("html", "sarif", "junit", "badge")]
    run(capsys, "a.csv", "--licence", "CC BY 4.0", *words)
    assert [Path(f"out.{name}").read_bytes() for name in names] == texts
    assert all(text.strip() for text in texts)


@pytest.mark.parametrize(("fail_under", "code"), [(0, 0), (2, 0), (3, 1)])
def test_fail_under(folder: Path, capsys: pytest.CaptureFixture[str], fail_under: int, code: int) -> None:
    assert run(capsys, "a.csv", "--licence", "CC0", "--fail-under", fail_under)[0] == code


def test_a_folder_is_all_its_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "b.csv").write_text(DITTO, encoding="utf-8")
    (folder / ".hidden").write_text("x", encoding="utf-8")
    (folder / "accepted.csv").write_text("検査,理由\n", encoding="utf-8")
    package = folder / "package"
    package.mkdir()
    (package / "data.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (package / "datapackage.json").write_text('{"resources": [{"path": "data.csv"}]}', encoding="utf-8")
    _, out, _ = run(capsys, ".", "--licence", "CC0", "--json")
    assert [(item["target"], item["level"]) for item in json.loads(out)] == [
        ("a.csv", 2),
        ("package", 3),
        (str(Path("sub") / "b.csv"), 3),
    ]
    _, out, _ = run(capsys, ".", "--licence", "CC0")
    assert "3 件の診断" in out
    assert "  1-6 省略（2 件のファイル）" in out


def test_control_characters_do_not_reach_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.csv").write_text("名称,数\n\x1b[31mA ,1\n\x1b[31mB ,2\n", encoding="utf-8")
    _, out, _ = run(capsys, "a.csv", "--licence", "CC0")
    assert "\x1b" not in out


def test_one_missing_file_does_not_stop_the_others(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "none.csv", "a.csv", "--json")
    assert (code, len(json.loads(out))) == (2, 1)
    assert "none.csv" in err


@pytest.mark.parametrize(
    ("content", "code", "details"),
    [
        ("検査,わけ\n1-6,x\n", "project.unknown-key", {"path": "わけ"}),
        ("検査,理曲\n1-6,x\n", "project.unknown-key-near", {"near": "理由"}),
        ("検査\n1-6\n", "project.missing-key", {"path": "理由"}),
        ("検査,理由\n1-6,\n", "project.bad-value", {"path_ja": "2 行目の 理由"}),
    ],
)
def test_an_accepted_file_with_a_mistake(tmp_path: Path, content: str, code: str, details: dict[str, Any]) -> None:
    path = tmp_path / "accepted.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DeclarationError) as raised:
        read_accepted(path)
    assert raised.value.code == code
    assert details.items() <= raised.value.details.items()


def test_an_accepted_file_in_english(tmp_path: Path) -> None:
    path = tmp_path / "accepted.csv"
    path.write_text("check,range,reason\n1-6,R3C1,as in the original\n\n", encoding="utf-8")
    assert [(item.check, item.range, item.reason) for item in read_accepted(path)] == [
        ("1-6", "R3C1", "as in the original")
    ]
    path.write_bytes(b"\xff")
    with pytest.raises(DeclarationError):
        read_accepted(path)
