"""A cell's text as the term that its property wants; "" where it is no such value."""

from __future__ import annotations

import pytest

from odkit.rdf.values import LITERALS, converter, link
from odkit.rdf.values import filled as fill

SAC = "http://data.e-stat.go.jp/lod/sac/C{5桁}"


@pytest.mark.parametrize(
    ("datatype", "text", "wanted"),
    [
        ("xsd:string", '一"二', '"一\\"二"'),
        ("xsd:decimal", "35.7217", '"35.7217"^^xsd:decimal'),
        ("xsd:decimal", "-1", '"-1"^^xsd:decimal'),
        ("xsd:decimal", "1e5", ""),
        ("xsd:decimal", "３５", ""),
        ("xsd:double", ".5", '".5"^^xsd:double'),
        ("xsd:integer", "-3", '"-3"^^xsd:integer'),
        ("xsd:integer", "3.0", ""),
        ("xsd:nonNegativeInteger", "40", '"40"^^xsd:nonNegativeInteger'),
        ("xsd:nonNegativeInteger", "-40", ""),
        ("xsd:date", "2024-02-29", '"2024-02-29"^^xsd:date'),
        ("xsd:date", "2023-02-29", ""),
        ("xsd:date", "2024/2/29", ""),
        ("xsd:dateTime", "2024-02-29T09:30:00+09:00", '"2024-02-29T09:30:00+09:00"^^xsd:dateTime'),
        ("xsd:dateTime", "2024-02-30T09:30:00", ""),
        ("xsd:dateTime", "2024-02-29", ""),
        ("xsd:time", "09:30", '"09:30:00"^^xsd:time'),
        ("xsd:time", "09:30:15", '"09:30:15"^^xsd:time'),
        ("xsd:time", "24:00", ""),
        ("xsd:time", "9:30", ""),
        ("ic:電話番号型", "(047)712-8569", '"(047)712-8569"^^ic:電話番号型'),
        ("ic:電話番号型", "０４７-712-8569", ""),
        ("ic:電話番号型", "047-712-8569 内線3", ""),
    ],
)
def test_literals(datatype: str, text: str, wanted: str) -> None:
    assert LITERALS[datatype](text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://www.city.ichikawa.lg.jp/施設 一覧.html", "<https://www.city.ichikawa.lg.jp/施設%20一覧.html>"),
        ("https://a.jp/1;https://a.jp/2", "<https://a.jp/1>, <https://a.jp/2>"),
        ("https://a.jp/1\nhttps://a.jp/1", "<https://a.jp/1>"),
        ("https://a.jp/x;y", "<https://a.jp/x;y>"),
        ("なし", ""),
        ("www.city.ichikawa.lg.jp", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
    ],
)
def test_links(text: str, wanted: str) -> None:
    assert link(text) == wanted


@pytest.mark.parametrize(
    ("text", "template", "wanted"),
    [
        ("122033", SAC, "<http://data.e-stat.go.jp/lod/sac/C12203>"),
        ("011002", SAC, "<http://data.e-stat.go.jp/lod/sac/C01100>"),
        ("市川市", SAC, ""),
        ("1-01", "http://a.jp/d/{値}", "<http://a.jp/d/1-01>"),
        ("a/b #1", "http://a.jp/d/{値}", "<http://a.jp/d/a%2Fb%20%231>"),
        ("{5桁}", "http://a.jp/d/{値}", "<http://a.jp/d/%7B5桁%7D>"),
    ],
)
def test_templates(text: str, template: str, wanted: str) -> None:
    assert fill(text, template) == wanted


def test_several_values_are_split_and_each_is_written_once() -> None:
    phones = converter(datatype="ic:電話番号型", language="", template="", separator=" / ")
    assert phones("047-1 / 047-2/047-1 / 内線") == '"047-1"^^ic:電話番号型, "047-2"^^ic:電話番号型'
    names = converter(datatype="xsd:string", language="ja", template="", separator=";")
    assert names("一; 二;;") == '"一"@ja, "二"@ja'
