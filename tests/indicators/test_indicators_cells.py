"""Value cells of the progress tables, as they are written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.indicators import parse_value
from odkit.indicators.periods import read_period

FY = {"H29": "2017-04-01/2018-03-31", "H30": "2018-04-01/2019-03-31", "R1": "2019-04-01/2020-03-31"}

READ: list[tuple[str, list[tuple[str, str, str, str]]]] = [
    # The text of a cell, then for each value its number, unit, period and qualifier.
    ("140人", [("140", "人", "", "")]),
    ("1，000人", [("1000", "人", "", "")]),
    ("25人\n（令和元年12月）", [("25", "人", "2019-12", "")]),
    ("2,662件(H30実績)", [("2662", "件", FY["H30"], "実績")]),
    ("1,117,975件\n(平成29年度実績)", [("1117975", "件", FY["H29"], "実績")]),
    ("405，823千枚\n(平成30年度)", [("405823", "千枚", FY["H30"], "")]),
    ("16.9％\n（平成30年）", [("16.9", "%", "2018", "")]),
    ("68.1%(平成30年度) 70.8%（令和元年度)", [("68.1", "%", FY["H30"], ""), ("70.8", "%", FY["R1"], "")]),
    ("7,951件\n（平成30年度～令和2\n年度累計）", [("7951", "件", "2018-04-01/2021-03-31", "累計")]),
    ("14団体\n(令和2年12月末現在)", [("14", "団体", "2020-12-31", "現在")]),
    ("75件\n（令和元年4月1日時\n点）", [("75", "件", "2019-04-01", "時点")]),
    ("443,555kW\n (平成31年3月31日)", [("443555", "kW", "2019-03-31", "")]),
    ("130件\n(令和2年3月末時点）", [("130", "件", "2020-03-31", "時点")]),
    ("約2,500時間", [("2500", "時間", "", "約")]),
    ("延べ参加人数\n44,472人", [("44472", "人", "", "延べ参加人数")]),
    ("教員25名", [("25", "名", "", "教員")]),
    ("0件/年", [("0", "件/年", "", "")]),
    ("40,267件/月\n(令和2年12月末現在)", [("40267", "件/月", "2020-12-31", "現在")]),
    ("（電子申請）\n県含む21団体", [("21", "団体", "", "電子申請;県含む")]),
    ("【関係者向け】\n109,456件（見込）", [("109456", "件", "", "関係者向け;見込")]),
    ("395箇所\n（年度末見込)", [("395", "箇所", "", "年度末見込")]),
    ("1校\n内容の充実に努めます", [("1", "校", "", "")]),
    ("37%\n（20団体）", [("37", "%", "", ""), ("20", "団体", "", "括弧内")]),
    ("5件\n（試験課題数14）", [("5", "件", "", ""), ("14", "", "", "括弧内;試験課題数")]),
    ("59/465", [("59", "", "", "分子"), ("465", "", "", "分母")]),
    (
        "209/447\n（令和2年12月1日現\n在）",
        [("209", "", "2020-12-01", "現在;分子"), ("447", "", "2020-12-01", "現在;分母")],
    ),
    ("100.00%", [("100.00", "%", "", "")]),
    ("▲3.2%", [("-3.2", "%", "", "")]),
    ("5人以上", [("5", "人", "", "以上")]),
    ("10\n20", [("10", "", "", ""), ("20", "", "", "")]),
    ("404a", [("404", "a", "", "")]),
]


@pytest.mark.parametrize(("text", "values"), READ)
def test_numbers_are_read(text: str, values: list[tuple[str, str, str, str]]) -> None:
    parts = parse_value(text)
    assert [(part.number, part.unit, part.period, part.qualifier) for part in parts] == values
    assert {part.text for part in parts} == {text}
    assert not any(part.ambiguous or part.unread for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "県、52市町村、1林業事業体",
        "在宅勤務実施者数\n4～ 5月：57,891人\n6～12月：7,900人\n（4～12月計：65,791人）",
        "令和2年の目標値：全産業と同じ水準【参考全産業離職率（平成28年度：12.0％）】",
        "平成30年度 100件",
        "12月",
        "10～20件",
        "1万2千人",
        "1,00件",
        "第3位",
        "過去5年で10件",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    (part,) = parse_value(text)
    assert (part.number, part.ambiguous, part.text) == ("", True, text)


@pytest.mark.parametrize("text", ["増加を目指します。", "全施設公開", "未整備", "進捗管理を停止している", "-", "－"])
def test_words_are_no_riddle(text: str) -> None:
    (part,) = parse_value(text)
    assert (part.number, part.ambiguous, part.unread) == ("", False, False)


@pytest.mark.parametrize("text", ["延8,341人（令和元年11時点）", "89.0%\n（過去5年の平均値）", "5件（令和2年13月）"])
def test_brackets_that_cannot_be_read_leave_the_number_alone(text: str) -> None:
    (part,) = parse_value(text)
    assert part.unread
    assert part.number
    assert not part.period


def test_nothing_is_nothing() -> None:
    assert parse_value("") == parse_value(" \n") == ()


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("令和2年12月末現在", ("2020-12-31", "現在")),
        ("R3年2月28日", ("2021-02-28", "")),
        ("2020年", ("2020", "")),
        ("令和元年度～令和3年度", ("2019-04-01/2022-03-31", "")),
        ("令和2年2月30日", None),
        ("H30", None),
        ("累計", None),
    ],
)
def test_periods(text: str, period: tuple[str, str] | None) -> None:
    assert read_period(text) == period


@given(st.text(alphabet="0123456789０９,，.%/()（）～約人件年月度令和平成元【】 \n-△万", max_size=20))
def test_no_digit_is_lost_or_invented(text: str) -> None:
    parts = parse_value(text)
    written = re.findall(
        "[0-9]+", text.translate({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}).replace(",", "")
    )
    for part in parts:
        assert part.text == text
        assert not (part.ambiguous and part.number)
        assert all(any(digits in run for run in written) for digits in re.findall("[0-9]+", part.number))
