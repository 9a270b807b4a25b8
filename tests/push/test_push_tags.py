"""Tags as portals take them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.push.tags import legal_tag, legal_tags

CKAN_TAG = re.compile(r"[\w \-.]{2,100}")
"""CKAN's own two validators: tag_length_validator and tag_name_validator."""


@pytest.mark.parametrize(
    ("tag", "sent"),
    [
        ("オープンデータ", "オープンデータ"),
        ("通信・放送", "通信 放送"),
        ("通信･放送", "通信 放送"),
        ("防災/減災", "防災減災"),
        ("Wi-Fi（無線LAN）", "Wi-Fi無線LAN"),
        (" 全角　空白 ", "全角 空白"),
        ("１２３①々ー", "１２３①々ー"),
        ("県", ""),
        ("・県・", ""),
        ("☎", ""),
        ("", ""),
        ("長" * 101, "長" * 100),
        ("v1.2_3-4", "v1.2_3-4"),
        ("改\n行", "改 行"),
    ],
)
def test_tag(tag: str, sent: str) -> None:
    assert legal_tag(tag) == sent


@given(st.text(max_size=120))
def test_every_tag_is_legal_or_left_out(tag: str) -> None:
    sent = legal_tag(tag)
    assert not sent or CKAN_TAG.fullmatch(sent)
    assert sent == sent.strip()
    assert legal_tag(sent) == sent


@given(st.from_regex(r"[\w.-]{2,100}", fullmatch=True))
def test_a_legal_tag_stays(tag: str) -> None:
    assert legal_tag(tag) == tag


@given(st.lists(st.text(max_size=8)))
def test_no_tag_is_sent_twice(tags: list[str]) -> None:
    sent = legal_tags(tags)
    assert len(set(sent)) == len(sent)
    assert set(sent) == {legal_tag(tag) for tag in tags} - {""}
