"""A column as the rules see it: the few texts that they may point at, and the numbers among the others."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odkit.score import values
from odkit.score.checks import content
from odkit.score.checks.cells import _is_decorated, _is_other_sign
from odkit.score.checks.columns import is_sign
from odkit.score.columns import columns_of
from odkit.score.facts import Column, Layout

ALPHABET = "0123456789-+:/.,\\¥()（）'eEHRT \u3000\u2003\x00\n円人丁目番平成元年約以上万坪※△①㈱〃ー・アあ市x$*"
TEXTS = st.text(ALPHABET, max_size=12) | st.from_regex(values.ORDINARY, fullmatch=True) | st.text(max_size=4)
POINTING = (
    values.is_pair,
    values.is_with_words,
    _is_decorated,
    _is_other_sign,
    is_sign,
    values.DITTO.__contains__,
    lambda text: bool(values.gregorian(text)),
    lambda text: bool(values.gregorian(text, dated=True)),
)


def column(*cells: str) -> Column:
    rows = [("備考",), *((cell,) for cell in cells)]
    layout = Layout(width=1, header=(1,), data=range(2, len(rows) + 1), headings=("備考",))
    (found,) = columns_of(rows, layout)
    return found


@given(st.lists(TEXTS, max_size=8))
@example(["\\1,000,000円", "\\2,000,000円"])
@example([".5(1234567)", ",5(1234567)"])
@example(["-05", "05", "+5", "1e5", "１２", "\u20035", "5", "5\x006", "6"])
@settings(max_examples=300)
def test_what_is_asked_of_telling_texts_alone_holds_for_all(cells: list[str]) -> None:
    found = column(*cells)
    assert found.numbers == found.share(values.is_number)
    for rule in POINTING:
        fitting = frozenset(text for text in found.counts if rule(text.strip()))
        assert found.texts(rule) == fitting
        assert found.count(fitting) == found.share(rule)
    for looks in (values.padded, values.padded_name, values.marks_in):
        assert set(filter(looks, found.counts)) == set(filter(looks, found.telling))


def test_a_heading_is_judged_once_unless_it_is_long() -> None:
    asked: list[str] = []

    @values.of_heading
    def beginning(heading: str) -> str:
        asked.append(heading)
        return heading[:2]

    assert [beginning(heading) for heading in ("面積", "面積", "面積" * 100, "面積" * 100)] == ["面積"] * 4
    assert asked == ["面積", "面積" * 100, "面積" * 100]


NUMBERS = st.sampled_from(("35.7", "139.9", "35", "154", "0139.9", "1.4e2", "１３９", "+140.0", "x", "35\n139.9", "3 "))


@given(st.lists(NUMBERS | st.from_regex(r"[0-9]{1,3}(\.[0-9]+)?\n?", fullmatch=True), max_size=4))
@example(["35.7", "139.9"])
@example(["35.7", "0139.9"])
def test_longitudes_are_seen_among_latitudes(cells: list[str]) -> None:
    found = column(*cells)
    expected = any(content._holds(content.JAPAN_LONGITUDES, text.strip()) for text in found.counts)
    assert content._has_longitudes(found) is expected
