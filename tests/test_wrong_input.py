"""What goes wrong most: each has one clear message in both languages, its exit code, and leaves nothing behind."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from odkit.cli import main

SETTINGS = """
config_version = 1
base_uri = "https://data.example.lg.jp/id/"
[portals.embedded]
kind = "embedded"
url = "http://127.0.0.1:8710"
folder = ".odkit/portal"
[defaults]
licence = "CC-BY-4.0"
[organizations.120006]
title = "千葉県"
"""
GOOD = "名称,所在地_連結表記\r\n県庁,千葉市中央区市場町1-1\r\n".encode("cp932")
MOBILE = "名称,所在地_連結表記,電話番号\r\n県庁,千葉市中央区市場町1-1,090-1234-5678\r\n".encode()
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs odkit in `tmp_path`: exit code, stdout, stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--project", str(tmp_path)])
        out, err = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return call


def make(root: Path, content: bytes | None, name: str = "一覧.csv", settings: str = SETTINGS, more: str = "") -> None:
    """A project with one dataset whose source is `content`."""
    (root / "publish.toml").write_text(settings, encoding="utf-8")
    folder = root / "datapackages" / "120006" / "wifi"
    folder.mkdir(parents=True)
    declared = f'title = "無線LAN"\nstandard = "public_wireless_lan"\n{more}[source]\npath = "{name}"\n'
    (folder / "dataset.toml").write_text(declared, encoding="utf-8")
    if content is not None:
        (folder / name).write_bytes(content)


def workbook(*rows: tuple[str, ...]) -> bytes:
    """An xlsx with one sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def locked_workbook() -> bytes:
    """A workbook with a password as Excel stores it: an OLE container with the streams of an encrypted package.

    Only what tells it apart is there: header, one FAT sector, one directory sector ([MS-CFB], [MS-OFFCRYPTO]).
    """
    free, end, special = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    fat = struct.pack("<128I", special, end, *[free] * 126)

    def entry(name: str, kind: int, child: int, right: int) -> bytes:
        text = name.encode("utf-16-le").ljust(64, b"\0")
        length = 2 * len(name) + 2 if name else 0
        links = struct.pack("<HBBIII", length, kind, 1, free, right, child)
        return text + links + bytes(36) + struct.pack("<IQ", end, 0)

    names = [
        entry("Root Entry", 5, 1, free),
        entry("EncryptionInfo", 2, free, 2),
        entry("EncryptedPackage", 2, free, free),
    ]
    return header + fat + b"".join(names).ljust(512, b"\0")


CASES: dict[str, tuple[dict[str, object], int, str, str]] = {
    "missing file": (
        {"content": None},
        2,
        r"一覧\.csv.*(ありません|見つかりません)",
        r"一覧\.csv",
    ),
    "unknown key": (
        {"content": GOOD, "settings": SETTINGS.replace("licence", "lisence")},
        2,
        r"publish\.toml の「defaults\.lisence」.*「licence」",
        r"publish\.toml.*defaults\.lisence.*licence",
    ),
    "unknown key of a dataset": (
        {"content": GOOD, "more": 'titel_en = "x"\n'},
        2,
        r"dataset\.toml の「titel_en」.*「title_en」",
        r"dataset\.toml.*titel_en.*title_en",
    ),
    "undecodable": ({"content": b"\x81\xff\xfe\x00\x30\x81\r\n\xff\xff"}, 1, r"一覧\.csv", r"一覧\.csv"),
    "mixed encodings": (
        {"content": "名称,備考\r\n県庁,".encode("cp932") + "千葉県庁前".encode() + b"\xff\xfd\r\n"},
        1,
        r"一覧\.csv.*文字コード",
        r"encoding.*一覧\.csv",
    ),
    "password": ({"content": locked_workbook(), "name": "一覧.xlsx"}, 1, r"一覧\.xlsx.*パスワード", r"password"),
    "empty sheet": ({"content": workbook(), "name": "一覧.xlsx"}, 1, r"一覧\.xlsx", r"一覧\.xlsx"),
    "sheet of blanks": (
        {"content": workbook((" ", ""), ("", "　")), "name": "一覧.xlsx"},
        1,
        r"一覧\.xlsx",
        r"一覧\.xlsx",
    ),
    "a mobile number": (
        {"content": MOBILE},
        1,
        r"一覧\.csv の列「電話番号」に携帯電話の番号が 1 件あります（C2。最初は 090-\*\*\*\*-5678）",
        r"一覧\.csv has 1 mobile phone numbers \(C2; first 090-\*\*\*\*-5678\)",
    ),
    "no bytes": ({"content": b""}, 1, r"一覧\.csv.*(0 ?バイト|空)", r"一覧\.csv.*(0 bytes|empty)"),
    "a picture": ({"content": b"\x89PNG\r\n\x1a\n" + bytes(64), "name": "一覧.xlsx"}, 1, r"一覧\.xlsx", r"一覧\.xlsx"),
    "half a workbook": (
        {"content": workbook(("名称", "緯度"), ("県庁", "35"))[:-200], "name": "一覧.xlsx"},
        1,
        r"一覧\.xlsx",
        r"一覧\.xlsx",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_clear_message_and_nothing_left(case: str, tmp_path: Path, run: Run) -> None:
    settings, exit_code, japanese, english = CASES[case]
    make(tmp_path, **settings)  # type: ignore[arg-type] # the cases name the parameters
    for lang, wanted in (("ja", japanese), ("en", english)):
        code, out, err = run("publish", "--lang", lang)
        assert code == exit_code, err
        assert out == ""
        assert "Traceback" not in err
        assert re.search(wanted, err), err
        assert err.count("odkit:") == 1
        assert "  → " in err
        assert bool(re.search("[ぁ-ん]", err.replace("一覧", ""))) == (lang == "ja")
    assert not (tmp_path / "build").exists() or not list((tmp_path / "build").rglob("*.*"))
    assert not [
        path for path in (tmp_path / ".odkit" / "portal").rglob("*") if path.is_file() and path.parent.name != "portal"
    ]


def test_the_old_package_survives_a_broken_source(tmp_path: Path, run: Run) -> None:
    make(tmp_path, GOOD)
    assert run("publish")[0] == 0
    before = {path: path.read_bytes() for path in (tmp_path / "build").rglob("*") if path.is_file()}
    (tmp_path / "datapackages/120006/wifi/一覧.csv").write_bytes(b"")
    assert run("publish")[0] == 1
    assert {path: path.read_bytes() for path in (tmp_path / "build").rglob("*") if path.is_file()} == before


def test_personal_data_is_published_only_for_a_reason(tmp_path: Path, run: Run) -> None:
    make(tmp_path, MOBILE)
    for command in (("publish",), ("publish", "--dry-run"), ("package",)):
        code, out, err = run(*command)
        assert (code, out) == (1, "")
        assert '[personal]\n    "電話番号" = "…"' in err
        assert "1234" not in err
    assert list((tmp_path / "build").rglob("*.csv")) == []
    declared = tmp_path / "datapackages/120006/wifi/dataset.toml"
    asked = declared.read_text(encoding="utf-8")
    declared.write_text(asked + '[personal]\n"電話番号" = "…"\n', encoding="utf-8")
    code, _, err = run("publish")
    assert code == 2
    assert "personal.電話番号" in err
    declared.write_text(asked + '[personal]\n"電話番号" = "代表者が公表に同意"\n', encoding="utf-8")
    assert run("publish")[0] == 0
    ledger = (tmp_path / "build/120006/wifi/issues.csv").read_text(encoding="utf-8-sig")
    assert "代表者が公表に同意" in ledger
    assert "1234" not in ledger


def test_a_hidden_column_is_not_published_unseen(tmp_path: Path, run: Run) -> None:
    made = openpyxl.load_workbook(
        io.BytesIO(
            workbook(
                ("名称", "所在地_連結表記", "担当者メモ", "備考"), *[("県庁", "千葉市中央区1-1", "内線は山田", "x")] * 3
            )
        )
    )
    made.worksheets[0].column_dimensions["C"].hidden = True
    made.worksheets[0].row_dimensions[3].hidden = True
    made.create_sheet("下書き").sheet_state = "hidden"
    target = io.BytesIO()
    made.save(target)
    make(tmp_path, target.getvalue(), "一覧.xlsx")
    code, _, err = run("publish")
    assert code == 1
    assert "列「担当者メモ」は元の表で非表示ですが、公開すると 3 件の値が見えます（C2, C3, C4）" in err
    assert "山田" not in err
    declared = tmp_path / "datapackages/120006/wifi/dataset.toml"
    settled = declared.read_text(encoding="utf-8") + '[headings]\n"担当者メモ" = ""\n'
    declared.write_text(settled, encoding="utf-8")
    code, _, err = run("publish")
    assert code == 1
    assert "3:3 行は元の表で非表示ですが、公開すると 1 行が見えます" in err
    declared.write_text(settled + '[personal]\n"3:3" = "確認した"\n', encoding="utf-8")
    assert run("publish")[0] == 0
    assert "山田" not in (tmp_path / "build/120006/wifi/data.csv").read_text(encoding="utf-8-sig")


def test_one_broken_dataset_does_not_stop_the_others(tmp_path: Path, run: Run) -> None:
    make(tmp_path, b"")
    other = tmp_path / "datapackages/120006/zzz"
    other.mkdir()
    declared = 'title = "無線LAN"\nstandard = "public_wireless_lan"\n[source]\npath = "a.csv"\n'
    (other / "dataset.toml").write_text(declared, encoding="utf-8")
    (other / "a.csv").write_bytes(GOOD)
    code, out, err = run("publish")
    assert code == 1
    assert "120006/zzz" in out
    assert "120006/wifi" in err


def test_a_portal_that_is_not_there(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODKIT_TOKEN_120006", "s3cret-token")
    portal = '\n[portals.shared]\nkind = "ckan"\nurl = "http://127.0.0.1:1"\n'
    make(tmp_path, GOOD, settings=SETTINGS + portal)
    code, out, err = run("publish", "--portal", "shared")
    assert (code, out) == (3, "")
    assert "http://127.0.0.1:1" in err
    assert "s3cret-token" not in err


def test_a_portal_without_a_token(tmp_path: Path, run: Run) -> None:
    portal = '\n[portals.shared]\nkind = "ckan"\nurl = "http://127.0.0.1:1"\n'
    make(tmp_path, GOOD, settings=SETTINGS + portal)
    code, _, err = run("publish", "--portal", "shared")
    assert code == 3
    assert "ODKIT_TOKEN_120006" in err


def test_columns_beside_the_standard_go_the_whole_way(tmp_path: Path, run: Run) -> None:
    content = "ID,名称,名称,謎の列,所在地_連結表記\r\nA1,市役所,旧名,秘密,市川市八幡1-1-1\r\n".encode("cp932")
    make(tmp_path, content)
    code, out, err = run("publish", "--json")
    assert code == 0, err
    assert '"action": "create"' in out
    assert "市役所" in (tmp_path / "build/120006/wifi/data.ttl").read_text(encoding="utf-8")
    data = (tmp_path / "build/120006/wifi/data.csv").read_text(encoding="utf-8-sig")
    assert "謎の列" in data.splitlines()[0]
    assert "秘密" in data


def test_what_the_reader_found_is_in_the_ledger_and_counts(tmp_path: Path, run: Run) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(("名称", "備考", "所在地_連結表記"))
    sheet.append(("=A3", "a", "市川市八幡1-1-1"))
    sheet.append(("支所", "b", "市川市末広1-1-31"))
    target = io.BytesIO()
    made.save(target)
    make(tmp_path, target.getvalue(), name="一覧.xlsx")
    code, _, err = run("publish")
    assert code == 1
    assert "120006/wifi: 要修正などの確認事項が 1 件" in err
    issues = (tmp_path / "build/120006/wifi/issues.csv").read_text(encoding="utf-8-sig")
    assert "read.formula-no-value" in issues
    assert "A2" in issues


def test_a_table_without_rows_is_said_to_be_empty(tmp_path: Path, run: Run) -> None:
    make(tmp_path, "名称,所在地_連結表記,緯度,経度\r\n".encode("cp932"))
    code, _, _err = run("publish", "--fail-on", "warning")
    assert code == 1
    assert "read.no-rows" in (tmp_path / "build/120006/wifi/issues.csv").read_text(encoding="utf-8-sig")


def test_the_source_is_never_overwritten(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "一覧.csv"
    source.write_bytes(GOOD)
    with pytest.raises(SystemExit) as ended:
        main(["clean", str(source), "--standard", "public_wireless_lan", "-o", str(source)])
    assert ended.value.code == 2
    assert "上書きしません" in capfd.readouterr().err
    assert source.read_bytes() == GOOD


def test_a_folder_that_cannot_be_made(tmp_path: Path, run: Run) -> None:
    make(tmp_path, GOOD)
    (tmp_path / "build").write_bytes(b"")
    code, _, err = run("publish")
    assert code == 2
    assert "build" in err
    assert "不具合" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a file that is a full disk is Linux'")
def test_a_full_disk_is_called_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.csv"
    source.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["clean", str(source), "-o", "/dev/full"])
    assert ended.value.code == 2
    assert "ディスクに空きがなくなりました" in capfd.readouterr().err
