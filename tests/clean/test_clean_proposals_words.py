"""Headings as people write them, beside columns of two standards: looked at one by one, and stated here."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from odkit.clean.headings import match_headings
from odkit.clean.table import known_facts
from odkit.model import Origin, SourceTable
from odkit.project import heading_aliases, load_schema

COUNT = 20
VALUES = {
    "flag": ["○", ""] * 10,
    "number": [str(number) for number in range(COUNT)],
    "phone": [f"047-334-11{number}" for number in range(10, 10 + COUNT)],
    "text": [f"なにか{number}号室" for number in range(COUNT)],
    "time": [f"{number}:00" for number in range(COUNT)],
    "url": [f"https://www.example.lg.jp/{number}" for number in range(COUNT)],
    "yes": ["有", "無"] * 10,
}
HEADINGS: Mapping[str, Mapping[str, str]] = {
    "public_toilet": {
        "トイレ名称": "text",
        "男性用小便器数": "number",
        "女性トイレ数": "number",
        "バリアフリートイレの数": "number",
        "車椅子使用者用トイレの有無": "yes",
        "オストメイト対応": "yes",
        "利用開始時刻": "time",
        "利用終了時刻": "time",
        "閉鎖時間": "time",
        "設置場所": "text",
        "画像URL": "url",
    },
    "evacuation_space": {
        "避難所名": "text",
        "管理者電話番号": "phone",
        "洪水時": "flag",
        "大規模火災": "flag",
        "災害種別_雪崩": "flag",
        "内水": "flag",
        "収容人数": "number",
        "対象となる町会自治会": "text",
        "海抜": "number",
        "標高（ｍ）": "number",
    },
}
TAKEN = {
    "女性トイレ数": "女性トイレ総数",
    "バリアフリートイレの数": "バリアフリートイレ数",
    "車椅子使用者用トイレの有無": "車椅子使用者用トイレ有無",
    "利用開始時刻": "利用開始時間",
    "利用終了時刻": "利用終了時間",
    "対象となる町会自治会": "対象となる町会・自治会",
}
ASKED = {
    "男性用小便器数": ["男性トイレ数（小便器）"],
    "画像URL": ["画像"],
    "避難所名": ["名称"],
    "管理者電話番号": ["電話番号"],
    "洪水時": ["災害種別_洪水"],
    "大規模火災": ["災害種別_大規模な火事"],
    "災害種別_雪崩": ["災害種別_洪水", "災害種別_高潮", "災害種別_地震"],
    "内水": ["災害種別_内水氾濫"],
    "収容人数": ["想定収容人数"],
    "標高（ｍ）": ["標高"],
}


@pytest.mark.parametrize("standard", HEADINGS)
def test_what_becomes_of_the_words_that_people_use(standard: str) -> None:
    headings = HEADINGS[standard]
    source = SourceTable(
        origin=Origin(location="一覧.csv"),
        headings=tuple(headings),
        rows=tuple(zip(*(VALUES[kind] for kind in headings.values()), strict=True)),
        row_numbers=range(2, 2 + COUNT),
        header_rows=(1,),
    )
    schema = load_schema(f"{standard}.v2")
    draft = match_headings(source, schema, {}, heading_aliases(standard), known_facts(None))
    taken = {item.match.heading: item.match.name for item in draft.columns if item.match.how == "evidence"}
    asked = {
        issue.value: [offer.rpartition(" ")[0] for offer in issue.details["candidates"].split("、")]
        for issue in draft.issues
        if issue.code == "clean.heading-unsure"
    }
    assert taken == {heading: name for heading, name in TAKEN.items() if heading in headings}
    assert asked == {heading: names for heading, names in ASKED.items() if heading in headings}


@pytest.mark.parametrize(
    ("standard", "heading", "column"),
    [
        ("hospital", "医療機関名", "名称"),
        ("tourism", "観光施設名", "名称"),
        ("care_service", "事業所名", "介護サービス事業所名称"),
        ("food_business_all", "屋号", "施設名称"),
        ("event", "イベント名称", "イベント名"),
    ],
)
def test_a_name_by_the_kind_of_what_it_names_is_the_name(standard: str, heading: str, column: str) -> None:
    source = SourceTable(
        origin=Origin(location="一覧.csv"),
        headings=(heading,),
        rows=(("なにか",),),
        row_numbers=range(2, 3),
        header_rows=(1,),
    )
    draft = match_headings(source, load_schema(f"{standard}.v2"), {}, heading_aliases(standard), known_facts(None))
    assert [item.match.name for item in draft.columns if item.match.heading == heading] == [column]
