"""Any text comes back from Turtle and JSON as it went in; no IRI holds what an IRI may not hold."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from odkit.rdf import spelling


def only_object(text: str) -> Literal | URIRef:
    graph = Graph().parse(data=f"<http://a.jp/s> <http://a.jp/p> {text} .".encode(), format="turtle")
    found = next(graph.objects())
    assert isinstance(found, Literal | URIRef)
    return found


@given(st.text())
def test_any_text_round_trips_through_a_literal(text: str) -> None:
    assert str(only_object(f'"{spelling.escape(text)}"')) == text
    assert only_object(f'"{spelling.escape(text)}"@ja') == Literal(text, lang="ja")
    assert json.loads(f'"{spelling.escape(text)}"') == text


@given(st.lists(st.text(st.characters(codec=None)), min_size=1).map(tuple))
def test_a_row_is_escaped_cell_by_cell_however_it_is_done(row: tuple[str, ...]) -> None:
    written = [cell.encode("latin-1").decode() for cell in spelling.widened_cells(row)]
    assert written == [spelling.escape(cell) for cell in row]


@given(st.text().filter(lambda text: text not in {".", ".."}))
def test_any_text_is_one_segment_of_an_address(text: str) -> None:
    address = f"http://a.jp/{spelling.segment(text)}"
    assert str(only_object(f"<{spelling.iri_text(address)}>")) == address
    assert address.count("/") == 3
    assert not set(address) & set('?#<>"{}|^`\\ \n')
    assert unquote(address) == f"http://a.jp/{text}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("http://a.jp/千葉県?q=市川#駅", "http://a.jp/千葉県?q=市川#駅"),
        ("http://a.jp/a b<c>", "http://a.jp/a%20b%3Cc%3E"),
        ("http://a.jp/市川\u3000駅\xa0", "http://a.jp/市川%E3%80%80駅%C2%A0"),
        ("http://a.jp/100%", "http://a.jp/100%25"),
        ("http://a.jp/%E5%B8%82", "http://a.jp/%E5%B8%82"),
        ("http://a.jp/{x}|`^\\", "http://a.jp/%7Bx%7D%7C%60%5E%5C"),
        ("http://a.jp/\ud800", "http://a.jp/%EF%BF%BD"),
    ],
)
def test_addresses_keep_japanese_and_lose_what_is_not_allowed(text: str, wanted: str) -> None:
    assert spelling.iri_text(text) == wanted


def test_half_a_surrogate_pair_can_be_written() -> None:
    assert spelling.escape('a\ud83d"b') == 'a\ufffd\\"b'
