"""A table of one heading row over even rows is known at a glance: as it is when its rows are measured."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from odkit.model import Row
from odkit.score.columns import columns_of
from odkit.score.facts import Layout
from odkit.score.layout import find_layout, is_plain, plain_layout

NAMES = (
    "施設名",
    "住所",
    "備考",
    "No.",
    "人数",
    "2020",
    "#property",
    "#x",
    " 名 ",
    "",
    "※注",
    "2020年",
    "件",
    "（人）",
)
TEXTS = (
    "A館",
    "市川市",
    "",
    " ",
    "\u3000",
    "12",
    "3人",
    "※ 令和2年",
    "備考",
    "注）",
    "#lang",
    "#property",
    "\n※",
    "出典\r",
)
TYPED = ("12", "2024-04-01", "047-334-1111", "https://a.lg.jp")
rows = st.integers(1, 4).flatmap(
    lambda width: st.tuples(
        st.lists(st.sampled_from(NAMES[:5]) | st.sampled_from(NAMES), min_size=width, max_size=width),
        st.lists(
            st.lists(
                st.sampled_from(TEXTS[:2]) | st.sampled_from(TEXTS) | st.sampled_from(TYPED),
                min_size=width,
                max_size=width,
            ),
            max_size=6,
        ),
    )
)
even = rows.map(lambda table: tuple(map(tuple, (table[0], *table[1]))))
uneven = st.tuples(even, even).map(lambda tables: (*tables[0], *tables[1]))


def found(table: tuple[Row, ...]) -> Layout | None:
    layout = plain_layout(table)
    return layout if layout and is_plain(columns_of(table, layout), len(layout.data)) else None


def listed(layout: Layout) -> Layout:
    return replace(layout, data=[*layout.data], blanks=[*layout.blanks])


@given(even | uneven)
@example((("施設名", "住所"), ("A館", "市川市")))
@example((("施設名", "住所"), ("A館", "市川市"), ("12", "")))
@example((("施設名", "住所", "人数"), ("A館", "市川市", "12"), ("※ 令和2年", "市川市", "")))
@example((("備考", "住所"), ("12", "市川市"), ("12", "市川市")))
@example((("#property", "住所"), ("12", "市川市"), ("12", "市川市")))
@example((("施設名", "2020年"), ("12", "12"), ("12", "12")))
@example((("人口", "人口"), ("男", "女"), ("12", "12")))
def test_what_is_seen_at_a_glance_is_what_measuring_finds(table: tuple[Row, ...]) -> None:
    seen = found(table)
    assert seen is None or listed(seen) == listed(find_layout(table, fixed_width=True))


def test_ordinary_tables_are_seen_at_a_glance() -> None:
    assert found((("施設名", "住所"), ("A館", "市川市")))
    assert found((("コード", "施設名", "備考"), ("12", "A館", ""), ("12", "B館", "※")))
    assert found((("施設名", "住所"), ("※ 令和2年", "市川市"), ("A館", "12"))) is None
    assert found((("施設名", "備考"), ("12", ""), ("A館", ""))) is None
    assert found((("施設名", "住所"), ("A館",))) is None
