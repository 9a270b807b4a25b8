"""A cell's text as the value that its property wants; nothing where it is no such value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.rdf.spelling import widen
from odkit.rdf.values import LITERALS, Converter, Recipe, form_of, is_corporate_number, links

SAC = "http://data.e-stat.go.jp/lod/sac/C{5桁}"
AS_THEY_STAND = (
    *("35.7", "139.9", "99.9", "-3", "+40", "047-1", "1,2", "a@b.jp", "a@b.jp;c@d.jp", "https://a.jp/b", "12;13"),
    *("https://a.jp/b,https://c.jp/", "https://a.jp/b?https://c.jp/", "35.7\n35.8", " 35.7", "https://a.jp/1/2", "北"),
)
"""Texts that are values as they stand, to some converters, and some that are not."""


@pytest.mark.parametrize(
    ("datatype", "text", "wanted"),
    [
        ("xsd:string", '一"二', widen('一\\"二')),
        ("xsd:decimal", "35.7217", "35.7217"),
        ("xsd:decimal", "-1", "-1"),
        ("xsd:decimal", "1e5", ""),
        ("xsd:decimal", "３５", ""),
        ("xsd:double", ".5", ".5"),
        ("xsd:integer", "-3", "-3"),
        ("xsd:integer", "3.0", ""),
        ("xsd:nonNegativeInteger", "40", "40"),
        ("xsd:nonNegativeInteger", "-40", ""),
        ("xsd:date", "2024-02-29", "2024-02-29"),
        ("xsd:date", "2023-02-29", ""),
        ("xsd:date", "2024/2/29", ""),
        ("xsd:dateTime", "2024-02-29T09:30:00+09:00", "2024-02-29T09:30:00+09:00"),
        ("xsd:dateTime", "2024-02-30T09:30:00", ""),
        ("xsd:dateTime", "2024-02-29", ""),
        ("xsd:time", "09:30", "09:30:00"),
        ("xsd:time", "09:30:15", "09:30:15"),
        ("xsd:time", "24:00", "00:00:00"),
        ("xsd:time", "24:00:00", "00:00:00"),
        ("xsd:time", "24:01", ""),
        ("xsd:time", "25:30", ""),
        ("geosparql:wktLiteral", "POINT(140.1 35.6)", "POINT(140.1 35.6)"),
        ("geosparql:wktLiteral", "POINT(35.6 140.1)", ""),
        ("geosparql:wktLiteral", "POINT(0 0)", ""),
        ("xsd:time", "9:30", ""),
        ("ic:電話番号型", "(047)712-8569", "(047)712-8569"),
        ("ic:電話番号型", "０４７-712-8569", ""),
        ("ic:電話番号型", "047-712-8569 内線3", ""),
    ],
)
def test_literals(datatype: str, text: str, wanted: str) -> None:
    assert LITERALS[datatype](text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a@b.jp、c@d.jp", ["a@b.jp", "c@d.jp"]),
        ("a@b.jp;c@d.jp，\n a@b.jp /e@f.jp、", ["a@b.jp", "c@d.jp", "e@f.jp"]),
        ("a/b@c.jp", ["a/b@c.jp"]),
        ("a@b.jp、なし", []),
        ("代表 a@b.jp", []),
        ("a@b.jpc@d.jp", []),
        ("、", []),
    ],
)
@pytest.mark.parametrize("separator", ["", ";"])
def test_several_email_addresses_in_a_cell(text: str, wanted: list[str], separator: str) -> None:
    recipe = Recipe(columns=(0,), separator=separator, form=form_of("schema:email"))
    assert recipe.many
    assert list(recipe.converter()(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://www.city.ichikawa.lg.jp/施設 一覧.html", ["https://www.city.ichikawa.lg.jp/施設%20一覧.html"]),
        ("https://a.jp/1;https://a.jp/2", ["https://a.jp/1", "https://a.jp/2"]),
        ("https://a.jp/1\nhttps://a.jp/1", ["https://a.jp/1"]),
        ("https://a.jp/x;y", ["https://a.jp/x;y"]),
        ("https://a.jp/?u=https://b.jp/", ["https://a.jp/?u=https://b.jp/"]),
        ("https://a.jp/x[1]?y[]=[2]", ["https://a.jp/x%5B1%5D?y%5B%5D=%5B2%5D"]),
        ("https://a.jp/#a#b", ["https://a.jp/#a%23b"]),
        ("https://a.jp:8080/x", ["https://a.jp:8080/x"]),
        ("https://a.jp?x=%E3%81%82&y=%zz", ["https://a.jp?x=%E3%81%82&y=%25zz"]),
        ("https://例え.jp/道", ["https://例え.jp/道"]),
        ("https://a.jp/\ue000\u202e\U000f0000\U0001fffe", ["https://a.jp/%EE%80%80%E2%80%AE%F3%B0%80%80%F0%9F%BF%BE"]),
        ("https://a.jp:80a/", []),
        ("https://a:b:c.jp/", []),
        ("https://[a.jp/x", []),
        ("https://a].jp/", []),
        ("https://a.jp（外部サイト）", []),
        ("なし", []),
        ("www.city.ichikawa.lg.jp", []),
        ("javascript:alert(1)", []),
        ("https://", []),
    ],
)
def test_links(text: str, wanted: list[str]) -> None:
    assert links(text) == tuple(map(widen, wanted))


@pytest.mark.parametrize(
    ("text", "template", "wanted"),
    [
        ("122033", SAC, "http://data.e-stat.go.jp/lod/sac/C12203"),
        ("011002", SAC, "http://data.e-stat.go.jp/lod/sac/C01100"),
        ("市川市", SAC, ""),
        ("122034", SAC, ""),  # the last digit does not fit
        ("12203", SAC, ""),
        ("990001", SAC, ""),
        ("1-01", "http://a.jp/d/{値}", "http://a.jp/d/1-01"),
        ("a/b #1", "http://a.jp/d/{値}", "http://a.jp/d/a%2Fb%20%231"),
        ("{5桁}", "http://a.jp/d/{値}", "http://a.jp/d/%7B5桁%7D"),
        ("8000020130001", "http://a.jp/{13桁}", "http://a.jp/8000020130001"),
        ("8000020130002", "http://a.jp/{13桁}", ""),
        ("1", "http://a.jp/flood{=1}", "http://a.jp/flood"),
        ("0", "http://a.jp/flood{=1}", ""),
        ("何か", "http://a.jp/flood", "http://a.jp/flood"),
    ],
)
def test_templates(text: str, template: str, wanted: str) -> None:
    assert Recipe(columns=(0,), names=("列",), datatype="", template=template).converter()(text) == widen(wanted)


def test_a_template_takes_other_columns_and_wants_them_filled() -> None:
    place = Recipe(columns=(0, 1), names=("市", "県"), datatype="", template="https://uedayou.net/loa/{県}{値}")
    assert place.converter()("柏市", "千葉県") == widen("https://uedayou.net/loa/千葉県柏市")
    point = Recipe(columns=(0, 1), names=("経", "緯"), datatype="geosparql:wktLiteral", template="POINT({値} {緯})")
    assert point.converter()("140.1", "35.6") == "POINT(140.1 35.6)"
    assert point.converter()("東経", "35.6") == ""


def test_several_values_are_split_and_each_is_written_once() -> None:
    phones = Recipe(columns=(0,), datatype="ic:電話番号型", separator=" / ").converter()
    assert phones("047-1 / 047-2/047-1 / 内線") == ("047-1", "047-2")
    assert (phones("047-1"), phones("内線")) == (("047-1",), ())
    names = Recipe(columns=(0,), separator=";").converter()
    assert names("一; 二;;") == tuple(map(widen, ("一", "二")))
    codes = Recipe(columns=(0,), names=("列",), datatype="", template="http://a.jp/{値}", separator=";").converter()
    assert codes("1;2;1") == ("http://a.jp/1", "http://a.jp/2")


@pytest.mark.parametrize("made", [None, *map(form_of, ("ic:緯度", "geo:long", "ic:電話番号", "schema:email"))])
@pytest.mark.parametrize("datatype", ["", *LITERALS])
@given(data=st.data())
def test_what_stands_is_what_would_be_made(made: Converter | None, datatype: str, data: st.DataObject) -> None:
    separator = data.draw(st.sampled_from(("", ";", "/", ",", "-", " ")))
    recipe = Recipe(columns=(0,), datatype=datatype, separator=separator, form=made)
    cells = data.draw(st.lists(st.sampled_from(AS_THEY_STAND), min_size=1, max_size=3, unique=True))
    if recipe.stands(cells):
        for cell in cells:
            assert recipe.converter()(cell) in (cell, (cell,))


@pytest.mark.parametrize(
    ("recipe", "cell", "other"),
    [
        (Recipe(columns=(0,), form=form_of("ic:緯度")), "35.7", "99.9"),
        (Recipe(columns=(0,), form=form_of("ic:電話番号"), separator="/"), "047-1", "047-1/047-2"),
        (Recipe(columns=(0,), datatype=""), "https://a.jp/b", "https://a.jp/b?https://c.jp/"),
        (Recipe(columns=(0,), datatype="", separator=","), "https://a.jp/b", "https://a.jp/b,https://c.jp/"),
        (Recipe(columns=(0,), datatype="xsd:decimal"), "1.5", "1.5\n2"),
    ],
)
def test_plain_values_stand(recipe: Recipe, cell: str, other: str) -> None:
    assert recipe.stands([cell])
    assert not recipe.stands([cell, other])


def test_a_corporate_number_checks_itself() -> None:
    assert is_corporate_number("8000020130001")
    assert not is_corporate_number("1000020130001")
    assert not is_corporate_number("800002013000")
