"""Personal data: what is found, what is left alone, and how a person allows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.clean import clean_table, hold_back
from odkit.clean.personal import is_my_number, private_parts, twelve_digits
from odkit.decisions import Decisions
from odkit.errors import HeldBack
from odkit.model import CleanTable, Field, Issue, Remark, Severity, SourceTable, TableSchema, Where
from odkit.read import read_source

FIELDS = (
    Field(name="名称", title="名称", meaning="name"),
    Field(name="電話番号", title="電話番号", meaning="phone"),
    Field(name="備考", title="備考"),
)
SCHEMA = TableSchema(id="test.v1", name="test", title="試験", version="v1", kind="recommended", fields=FIELDS)
BARE = replace(SCHEMA, fields=())
Build = Callable[..., SourceTable]


def found(table: CleanTable) -> list[tuple[str, str, str]]:
    return [
        (item.code.removeprefix("clean.personal-"), item.where.cell, item.value)
        for item in table.issues
        if "personal" in item.code
    ]


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        ("090-1234-5678", "mobile 090-****-5678"),
        ("０９０－１２３４－５６７８", "mobile 090-****-5678"),
        ("08012345678", "mobile 080-****-5678"),
        ("(070)1234-5678", "mobile 070-****-5678"),
        ("060-1234-5678", "mobile 060-****-5678"),
        ("090.1234.5678", "mobile 090-****-5678"),
        ("090-123-45678", "mobile 090-****-5678"),
        ("+81-90-1234-5678", "mobile 090-****-5678"),
        ("+81 (0)90 1234 5678", "mobile 090-****-5678"),
        ("担当 市川（携帯090 1234 5678）まで", "mobile 090-****-5678"),
        ("043-223-2110 / 080-1234-5678", "mobile 080-****-5678"),
        ("taro.ichikawa@gmail.com", "email t***@gmail.com"),
        ("ｔａｒｏ＠ｙａｈｏｏ．ｃｏ．ｊｐ", "email t***@yahoo.co.jp"),
        ("連絡先: a@docomo.ne.jp", "email a***@docomo.ne.jp"),
        ("043-223-2110", ""),
        ("(047)712-8569", ""),
        ("06-6208-8181", ""),
        ("0800-123-4567", ""),
        ("0120-444-444", ""),
        ("0570-090-123", ""),
        ("050-1234-5678", ""),
        ("020-1234-5678", ""),
        ("8000020130001", ""),
        ("139.09012345678", ""),
        ("A-09012345678", ""),
        ("0901234567890", ""),
        ("https://example.lg.jp/p/09012345678?m=a@gmail.com", ""),
        ("info@city.ichikawa.lg.jp", ""),
        ("taro.ichikawa@pref.chiba.lg.jp", ""),
        ("office@gmail.com.example.jp", ""),
        ("info@example-gakuen.ed.jp", ""),
        ("9:00-17:00 090", ""),
    ],
)
def test_numbers_and_addresses(value: str, kinds: str) -> None:
    told = [f"{code.removeprefix('clean.personal-')} {masked}" for code, masked in private_parts(value)]
    assert " ".join(told) == kinds


def test_a_lost_zero_counts_in_a_column_of_phone_numbers(source: Build) -> None:
    table = clean_table(source(["電話番号", "備考"], ["9012345678", "9012345678"]), SCHEMA)
    assert found(table) == [("mobile", "B4", "090-****-5678")]


def test_my_numbers() -> None:
    assert is_my_number("123456789018")
    assert not is_my_number("123456789012")
    assert twelve_digits("個人番号 1234-5678-9018") == "123456789018"
    assert twelve_digits("202404010930") == twelve_digits("1234567890189") == twelve_digits("12.345678901234") == ""


def my_number(base: int) -> str:
    """The number of eleven digits with its check digit."""
    return next(text for digit in range(10) if is_my_number(text := f"{base:011}{digit}"))


def test_a_column_of_my_numbers_is_told_from_codes_of_twelve_digits(source: Build) -> None:
    numbers = [[my_number(31415926535 + step)] for step in range(0, 500, 100)]
    assert found(clean_table(source(["番号"], *numbers), BARE)) == [("number", "B4", "****-****-****")]
    codes = [[f"{122033000100 + step}"] for step in range(50)]
    assert any(is_my_number(code) for (code,) in codes)
    assert found(clean_table(source(["番号"], *codes), BARE)) == []


@pytest.mark.parametrize(
    ("headings", "row", "cells"),
    [
        (["氏名", "生年月日"], ["市川 花子", "昭和40年3月26日"], ["B4 市＊＊", "C4 昭＊＊"]),
        (["代表者氏名", "自宅住所"], ["市川花子", "市川市八幡1-1-1"], ["B4 市＊＊", "C4 市＊＊"]),
        (["氏名", "住所"], ["市川花子", "市川市八幡1-1-1"], ["B4 市＊＊", "C4 市＊＊"]),
        (["委員氏名", "S生年月日", "性別"], ["市川花子", "S40.3.26", "女"], ["B4 市＊＊", "C4 S＊＊"]),
        (["保護者名", "本籍"], ["市川花子", "市川市八幡1-1-1"], ["B4 市＊＊", "C4 市＊＊"]),
        (["所有者", "住所"], ["個人", "市川市八幡1-1-1"], []),
        (["施設名称", "代表者氏名", "住所"], ["八幡保育園", "市川花子", "市川市八幡1-1-1"], []),
        (["氏名", "役職"], ["市川花子", "委員長"], []),
        (["氏名", "住所"], ["市川市役所", "市川市八幡1-1-1"], []),
        (["生年月日"], ["昭和40年3月26日"], []),
        (["氏名", "生年月日"], ["市川花子", ""], []),
        (["氏名", "生年月日"], ["", "昭和40年3月26日"], []),
    ],
)
def test_who_somebody_is(source: Build, headings: list[str], row: list[str], cells: list[str]) -> None:
    told = found(clean_table(source(headings, row), BARE))
    assert [f"{cell} {value}" for _, cell, value in told] == cells
    assert {kind for kind, _, _ in told} <= {"person"}


def test_hidden_columns_come_to_light(source: Build) -> None:
    table = source(["名称", "備考", "空", "内部"], ["a", "b", "", "1"], ["c", "", "", ""])
    places = {"C:D": "表", "E:E": "別の表", "5:6": "表"}
    hidden = tuple(
        Issue(
            code="read.hidden", severity=Severity.WARNING, where=Where(file="x", sheet=name), details={"range": place}
        )
        for place, name in places.items()
    )
    assert found(clean_table(replace(table, issues=hidden), SCHEMA)) == [("hidden", "C4", "b＊＊"), ("rows", "5", "")]


def test_a_reason_lets_a_column_pass_and_stays_in_the_ledger(source: Build) -> None:
    table = source(["名称", "代表電話", "備考"], ["a", "090-1234-5678", "080-1234-5678"])
    for name in ("電話番号", "代表電話"):
        settled = Decisions(personal={name: "代表者が公表に同意", "無い列": "x"})
        made = clean_table(table, SCHEMA, headings={"代表電話": "電話番号"}, decisions=settled)
        assert found(made) == [
            ("allowed", "C4", "090-****-5678"),
            ("mobile", "D4", "080-****-5678"),
            ("unused", "", "無い列"),
        ]
        assert made.issues[0].details == {"count": "1", "cells": "C4", "reason": "代表者が公表に同意"}
        assert [str(item.severity) for item in made.issues[:3]] == ["note", "error", "warning"]


def test_a_column_that_is_left_out_is_not_looked_at(source: Build) -> None:
    table = source(["名称", "携帯"], ["a", "090-1234-5678"])
    assert found(clean_table(table, SCHEMA, headings={"携帯": ""})) == []


def test_what_holds_a_dataset_back_says_how_to_go_on(source: Build) -> None:
    rows = [["a", f"090-1234-567{number}", 'x"y@gmail.com'] for number in range(7)]
    table = clean_table(source(["名称", "電話番号", '連絡"先'], *rows), SCHEMA)
    with pytest.raises(HeldBack) as caught:
        hold_back(table)
    assert caught.value.code == "clean.personal"
    assert caught.value.text("ja").splitlines() == [
        "一覧.xlsx に個人情報らしいセルがあるため、ここで止めました。パッケージもポータルも作っていません。",
        "    一覧.xlsx の列「電話番号」に携帯電話の番号が 7 件あります（C4, C5, C6, C7, C8…。最初は 090-****-5670）。",
        (
            '    一覧.xlsx の列「連絡"先」に個人のものらしいメールアドレスが 7 件あります'
            "（D4, D5, D6, D7, D8…。最初は y***@gmail.com）。"
        ),
        (
            '  → 公開しない列は dataset.toml の [headings] に「"見出し" = ""」と書くと除けます。'
            "公開してよい列は、dataset.toml に次のように書き、「…」を理由にしてください。"
        ),
        "    [personal]",
        '    "電話番号" = "…"',
        '    "連絡\\"先" = "…"',
    ]
    assert "090-1234" not in caught.value.text("en")
    hold_back(clean_table(source(["名称", "電話番号"], ["a", "043-223-2110"]), SCHEMA))


@given(st.text(alphabet="0123456789０９-－ー() +.@abgmail", max_size=24))
def test_nothing_told_shows_what_it_masks(value: str) -> None:
    for code, shown in private_parts(value, is_phone=True):
        assert "***" in shown
        if code == "clean.personal-mobile":
            assert len(shown) == len("090-****-5678")


@given(st.integers(10_000_000, 99_999_999), st.sampled_from(["{0}{1}{2}", "{0}-{1}-{2}", "{0}({1}){2}", "{0} {1} {2}"]))
def test_every_mobile_number_is_found_in_every_spelling(number: int, form: str) -> None:
    digits = str(number)
    for start in ("060", "070", "080", "090"):
        value = form.format(start, digits[:4], digits[4:])
        assert list(private_parts(value)) == [("clean.personal-mobile", f"{start}-****-{digits[4:]}")]


REAL = {
    # 33 and 1 small nurseries publish a mobile number: findings that a person has to settle, not false alarms.
    "122033_105_preschool.csv": ("mobile", "V266"),
    "data__nursery_school__data.xlsx": ("mobile", "F115"),
}


@pytest.mark.shared
def test_real_files_raise_no_false_alarm(shared: Path) -> None:
    told = {}
    for path in sorted((shared / "real").rglob("*")):
        if path.suffix not in (".csv", ".xlsx") or path.parent.name == "real":
            continue
        for kind, cell, _ in found(clean_table(read_source(path, path.name), BARE)):
            told[path.name] = (kind, cell)
    assert told == REAL


def test_hidden_rows_and_remarks_hold_back(source: Build) -> None:
    table = source(["名称", "電話番号", "備考"], ["市役所", "047-334-1111", ""], ["旧庁舎", "", ""])
    hidden = Issue(code="read.hidden", severity=Severity.WARNING, where=table.where(row=3), details={"range": "3:9"})
    elsewhere = replace(hidden, details={"range": "12:14"})
    remarks = (
        Remark(kind="comment", where=table.where(row=2, column=1, name="市川"), text="山田 090-1234-5678"),
        Remark(kind="property", where=table.where(name="creator"), text="千葉 太郎"),
        Remark(kind="property", where=table.where(name="description"), text="taro@gmail.com"),
    )
    table = replace(table, issues=(hidden, elsewhere), remarks=remarks)
    assert found(clean_table(table, SCHEMA)) == [
        ("rows", "3", ""),
        ("remark", "C2", "090-****-5678"),
        ("remark", "", "t***@gmail.com"),
    ]
    with pytest.raises(HeldBack) as caught:
        hold_back(clean_table(table, SCHEMA))
    assert '    "3:9" = "…"\n    "C2" = "…"\n    "description" = "…"' in caught.value.text("ja")
    reasons = {"3:9": "確認した", "C2": "公用の電話", "description": "公用のアドレス"}
    allowed = clean_table(table, SCHEMA, decisions=Decisions(personal=reasons))
    hold_back(allowed)
    assert [kind for kind, _, _ in found(allowed)] == ["allowed"] * 3
