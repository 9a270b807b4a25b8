"""構造化項目名記法: what IMI's grammar allows, and what it does not."""

from __future__ import annotations

import pytest

from odkit.rdf.notation import Extra, NotationError, Path, Step, parse_extra, parse_path

PATHS = {
    "ic:施設型>ic:名称>ic:表記": Path(root=Step(name="ic:施設型"), steps=(Step(name="ic:名称"), Step(name="ic:表記"))),
    "*ic:施設型>ic:ID[1]>ic:識別値": Path(
        root=Step(name="ic:施設型"), steps=(Step(name="ic:ID", group="1"), Step(name="ic:識別値")), key=True
    ),
    "ic:施設型>ic:ID【1】>ic:識別値": Path(
        root=Step(name="ic:施設型"), steps=(Step(name="ic:ID", group="1"), Step(name="ic:識別値"))
    ),
    'ic:施設型>ic:記述{ic:種別="S\\"S>I}D"}>ic:説明': Path(
        root=Step(name="ic:施設型"),
        steps=(Step(name="ic:記述", fixed=(("ic:種別", 'S"S>I}D'),)), Step(name="ic:説明")),
    ),
    "ic:設備型>ic:設置地点[甲]{@ic:施設型}{ic:種別='本館'}>ic:通称@ja": Path(
        root=Step(name="ic:設備型"),
        steps=(
            Step(name="ic:設置地点", group="甲", type="ic:施設型", fixed=(("ic:種別", "本館"),)),
            Step(name="ic:通称"),
        ),
        language="ja",
    ),
    "ic:施設型>ic:画像>": Path(root=Step(name="ic:施設型"), steps=(Step(name="ic:画像"),), link=True),
    "ic:住所型>ic:市区町村コード><http://data.e-stat.go.jp/lod/sac/C{5桁}>": Path(
        root=Step(name="ic:住所型"),
        steps=(Step(name="ic:市区町村コード"),),
        link=True,
        template="http://data.e-stat.go.jp/lod/sac/C{5桁}",
    ),
    " * ic : 施設型 > ic : 画像 { @ ic:文書型 } > ": Path(
        root=Step(name="ic:施設型"), steps=(Step(name="ic:画像", type="ic:文書型"),), key=True, link=True
    ),
}

EXTRAS = {
    "rdfs:label@ja": Extra(steps=(Step(name="rdfs:label"),), language="ja"),
    "schema:name@ja-Kana": Extra(steps=(Step(name="schema:name"),), language="ja-Kana"),
    "geo:lat^^xsd:decimal": Extra(steps=(Step(name="geo:lat"),), datatype="xsd:decimal"),
    "schema:url>": Extra(steps=(Step(name="schema:url"),), link=True),
    "schema:organizer{@schema:Organization}>schema:name@ja": Extra(
        steps=(Step(name="schema:organizer", type="schema:Organization"), Step(name="schema:name")), language="ja"
    ),
    "geosparql:asWKT^^geosparql:wktLiteral<POINT({値} {緯度})>": Extra(
        steps=(Step(name="geosparql:asWKT"),), datatype="geosparql:wktLiteral", template="POINT({値} {緯度})"
    ),
    "dcterms:spatial><http://a.jp/{5桁}>": Extra(
        steps=(Step(name="dcterms:spatial"),), link=True, template="http://a.jp/{5桁}"
    ),
}

BROKEN = {
    "": 0,
    "施設型>ic:名称": 0,
    "ic:施設型 ic:名称": 6,
    'ic:施設型>ic:記述{ic:種別="SSID">ic:説明': 25,
    'ic:施設型>ic:記述{ic:種別="SSID}>ic:説明': 18,
    "ic:施設型>ic:名称[1>ic:表記": 12,
    "ic:施設型>ic:名称>>": 13,
    "ic:施設型>ic:名称@": 12,
}


@pytest.mark.parametrize("text", PATHS)
def test_paths(text: str) -> None:
    assert parse_path(text) == PATHS[text]


@pytest.mark.parametrize("text", EXTRAS)
def test_extras(text: str) -> None:
    assert parse_extra(text) == EXTRAS[text]


@pytest.mark.parametrize("text", BROKEN)
def test_broken_paths_say_where(text: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_path(text)
    assert caught.value.position == BROKEN[text]


@pytest.mark.parametrize("text", ["label@ja", "rdfs:label@ja@en", "geo:lat^^", "a:b c:d"])
def test_broken_extras(text: str) -> None:
    with pytest.raises(NotationError):
        parse_extra(text)
