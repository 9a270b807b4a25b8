"""Encodings: what is written in one of them comes back, or is asked about; never as other characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odkit.errors import SourceError, UsageError
from odkit.read import decode
from odkit.read.payload import Payload

KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
KANJI = "市町村名称住所施設設置者電話番号緯度経度備考公民館図書会議室中央本千葉県"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp")
# One kana at least: a file of nothing but two or three kanji can be valid UTF-8 by chance.
sentences = st.text(st.sampled_from(KANA + KANJI + ",12 \n")).map("の".__add__)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=sentences)
def test_what_is_written_comes_back_or_is_asked_about(encoding: str, text: str) -> None:
    assert outcome(text.encode(encoding)) in {text, "read.ambiguous-encoding"}


def outcome(data: bytes) -> str:
    """The decoded text, or the code of the error."""
    try:
        return decode(Payload("a.csv", data))[0]
    except SourceError as error:
        return error.code


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=sentences)
def test_a_declared_encoding_is_kept_to(encoding: str, text: str) -> None:
    assert decode(Payload("a.csv", text.encode(encoding)), encoding)[0] == text


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_name_of_the_encoding(encoding: str) -> None:
    assert decode(Payload("a.csv", "名称,ふりがな\n市民会館,しみんかいかん\n".encode(encoding)))[1] == encoding


def test_mark_goes_with_a_declared_utf8() -> None:
    assert decode(Payload("a.csv", "\ufeff名称".encode()), "UTF-8") == ("名称", "utf-8-sig")


def test_half_width_kana_with_escapes() -> None:
    data = b"\x1b(I" + bytes(byte - 0x80 for byte in "ｶﾅ".encode("cp932")) + b"\x1b(B,1\n"
    assert decode(Payload("a.csv", data)) == ("ｶﾅ,1\n", "iso2022_jp_ext")


def test_unfinished_escapes_are_no_utf8() -> None:
    with pytest.raises(SourceError) as caught:
        decode(Payload("a.csv", b"a,b\n\x1b$B\x7f\x7f\n"))
    assert caught.value.code == "read.no-encoding"


@pytest.mark.parametrize(
    ("data", "encoding", "offset", "line"),
    [
        ("名称\n市川\n".encode() + b"\xff\n", "utf-8", 14, 3),
        ("名称\r市川\r".encode("cp932") + b"\x80\r", "cp932", 10, 3),
        ("名称\n".encode("cp932") + b"\x81", "cp932", 5, 2),
    ],
)
def test_first_byte_that_nothing_explains(data: bytes, encoding: str, offset: int, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        decode(Payload("一覧.csv", data))
    assert caught.value.code == "read.no-encoding"
    shown = (caught.value.details["encoding"], caught.value.details["offset"], caught.value.details["line"])
    assert shown == (encoding, str(offset), str(line))
    assert f"{line} 行目" in caught.value.text("ja")


def test_declared_encoding_that_does_not_fit() -> None:
    with pytest.raises(SourceError) as caught:
        decode(Payload("a.csv", "名称".encode("cp932")), "utf-8")
    assert (caught.value.code, caught.value.details["encoding"]) == ("read.no-encoding", "utf-8")


@pytest.mark.parametrize("name", ["sjis-win-japan", "hex"])
def test_unknown_encoding(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        decode(Payload("a.csv", b"a"), name)
    assert caught.value.code == "read.unknown-encoding"


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8"])
def test_the_first_japanese_may_come_late(encoding: str) -> None:
    """Readers that look at a sample take such a file for another one (big5, cp1252), and call it valid."""
    text = "id,name\r\n" + "1,a\r\n" * 30_000 + "30001,千葉県市川市の公民館です\r\n"
    assert decode(Payload("a.csv", text.encode(encoding))) == (text, encoding)
