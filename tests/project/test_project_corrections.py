"""corrections.csv as a declaration: what is read, and what each mistake says."""

from __future__ import annotations

from pathlib import Path

import pytest

from odkit.decisions import Correction
from odkit.errors import DeclarationError
from odkit.project import load_project
from odkit.project.corrections import read_corrections

HEADER = "行,キー,列名,元の値,正しい値,理由,根拠\n"


def read(folder: Path, text: str | bytes) -> tuple[Correction, ...]:
    path = folder / "corrections.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_corrections(path, "corrections.csv")


def test_no_file_is_no_correction(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "corrections.csv", "x") == ()


def test_as_excel_saves_it(tmp_path: Path) -> None:
    text = "\ufeff" + HEADER.replace("\n", "\r\n")
    text += '12,,緯度,53.7,35.7,入れ替わり,地図\r\n,CP1,備考,"a\r\nb",,消す,\r\n,,,,,,\r\n'
    first, second = read(tmp_path, text)
    assert (first.row, first.key, first.column, first.expected, first.value) == (12, "", "緯度", "53.7", "35.7")
    assert (first.note, first.line, first.place) == ("入れ替わり（地図）", 2, "12")
    assert (second.row, second.key, second.expected, second.value) == (None, "CP1", "a\r\nb", "")
    assert (second.note, second.line, second.place) == ("消す", 4, "CP1")


def test_columns_that_are_not_needed_may_be_left_out(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "列名,行,元の値,正しい値,理由\n備考,4,a,b,c\n")
    assert (found.row, found.note) == (4, "c")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "missing-key", "「列名」"),
        ("行,列名,元の値,正しい値\n", "missing-key", "「理由」"),
        ("列名,元の値,正しい値,理由\n", "missing-key", "「行」"),
        ("行,列名,元の値,正しい値,理由,根処\n", "unknown-key-near", "「根処」は odkit の知らない項目です。「根拠」"),
        ("行,列名,元の値,正しい値,理由,担当\n", "unknown-key", "「担当」"),
        ("行,行,列名,元の値,正しい値,理由\n", "bad-value", "「1 行目の 行」"),
        (
            HEADER + "4,,備考,a,b\n",
            "bad-value",
            "「2 行目の 理由」の値「5」は使えません。\n  → 次の形で書いてください: 7 個のセル",
        ),
        (HEADER + "4,k,備考,a,b,c,\n", "bad-value", "「2 行目の 行」の値「4」は使えません"),
        (HEADER + ",,備考,a,b,c,\n", "bad-value", "行番号かキーのどちらか一つ"),
        (HEADER + "四,,備考,a,b,c,\n", "bad-value", "元のファイルの行番号（12 など）"),
        (HEADER + "0,,備考,a,b,c,\n", "bad-value", "「2 行目の 行」"),
        (HEADER + "\n4,,備考,a,b, ,\n", "bad-value", "「3 行目の 理由」"),
        (HEADER + "4,,備考,a,a,c,\n", "bad-value", "「2 行目の 正しい値」"),
        (HEADER + "4,,備考,a,b,c,\n4,,備考,b,c,d,\n", "bad-value", "「3 行目の 列名」"),
        (HEADER + '4,,備考,"a,b,c,\n', "toml-syntax", "2: "),
        ("行,列名".encode("cp932"), "not-utf8", "0 バイト目"),
    ],
)
def test_mistakes(tmp_path: Path, text: str | bytes, code: str, said: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        read(tmp_path, text)
    assert caught.value.code == f"project.{code}"
    assert said in caught.value.text("ja")
    assert "corrections.csv" in caught.value.text("en")


def test_a_dataset_takes_its_decisions_with_it(tmp_path: Path) -> None:
    (tmp_path / "publish.toml").write_text(
        'config_version = 1\nbase_uri = "https://data.example.lg.jp/id/"\n'
        '[portals.embedded]\nkind = "embedded"\nurl = "http://127.0.0.1:8710"\n'
        '[defaults]\nlicence = "cc-by"\n[organizations.120006]\ntitle = "千葉県"\n',
        encoding="utf-8",
    )
    folder = tmp_path / "datapackages" / "120006" / "wifi"
    folder.mkdir(parents=True)
    (folder / "dataset.toml").write_text(
        'title = "公衆無線LAN"\nstandard = "public_wireless_lan"\n[source]\npath = "a.csv"\ndatum = "tokyo"\n'
        '[personal]\n"電話番号" = "代表者が公表に同意"\n',
        encoding="utf-8",
    )
    (folder / "corrections.csv").write_text(HEADER + "4,,備考,a,b,c,\n", encoding="utf-8")
    decisions = load_project(tmp_path).dataset("120006/wifi").decisions
    assert decisions.datum == "tokyo"
    assert decisions.personal == {"電話番号": "代表者が公表に同意"}
    assert [item.value for item in decisions.corrections] == ["b"]
    (folder / "corrections.csv").write_text("行,列名\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"datapackages/120006/wifi/corrections\.csv"):
        load_project(tmp_path).dataset("120006/wifi")
