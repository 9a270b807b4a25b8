"""The detailed working table of a year, damaged when it was taken from a PDF, joined with the indicators row by row.

Merged cells left holes, columns shifted, cells ran together and arrows were misread. So a row is found by what stands
in it (the indicator's name, its baseline, its target), never by its position; every row is accounted for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from odkit.indicators.results import ACTUAL, EXPECTED, Result
from odkit.indicators.rules import INTERIM
from odkit.indicators.words import same_words

JOINED, HEADING, UNKNOWN, MISSING = "joined", "heading", "unknown", "missing"
HEADINGS = frozenset({"成果指標", "取組名"})
MARKS = {"◎": "◎", "○": "○", "〇": "○", "△": "△", "×": "×", "－": "－", "-": "－", "ー": "－", "—": "－"}
UNDECIDED = "不明"
STATUSES = {"○": "○", "〇": "○", "×": "×", "進捗管理の停止": "進捗管理を停止", UNDECIDED: UNDECIDED}
ARROWS = {"↗": "↗", "→": "→", "↘": "↘", "(↗)": "(↗)", "(→)": "(→)", "(↘)": "(↘)"}
MISREAD = re.compile(r"\(?[△〇○◎ノ∧∨×、〃]\)?")
DECIMALS = re.compile(r"(\.[0-9]+)")
ENOUGH = 3
"""The weight that joins a row: the name alone is enough, and so are baseline and target together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DetailRow:
    """A line of the detailed table, or an indicator that it lacks. `state`: ``joined``, ``heading``, ``unknown``,
    ``missing``; `problems` are codes: ``no-name``, ``shifted``, ``no-mark``, ``misread-arrow``, ``value`` …

    `mark` and `trend` are as far as they can be read, `kind` is the column in which the summary's value stands;
    `differs`: the mark is another than that of the summary.
    """

    line: int
    state: str
    key: str = ""
    name: str = ""
    kind: str = ""
    trend: str = ""
    mark: str = ""
    published: str = ""
    problems: tuple[str, ...] = ()
    differs: bool = False


def read_detail(text: str, results: Sequence[Result]) -> tuple[DetailRow, ...]:
    """Account for every filled line of a tab-separated text, and for every indicator that no line is about.

    Two lines about one indicator, or one line that fits two, are not joined: they are ``unknown``.
    """
    found: list[DetailRow] = []
    width = 0
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.rstrip().split("\t")]
        if not any(cells):
            continue
        if any(same_words(cell) in HEADINGS for cell in cells):
            width = len(cells)
            found.append(DetailRow(line=number, state=HEADING))
            continue
        found.append(_row(number, cells, width, results))
    return (*_unambiguous(found), *_missing(found, results))


def _row(number: int, cells: Sequence[str], width: int, results: Sequence[Result]) -> DetailRow:
    weights = [(_weight(cells, item), item) for item in results]
    best = max((weight for weight, _ in weights), default=0)
    matches = [item for weight, item in weights if weight == best]
    if best < ENOUGH or len(matches) > 1:
        return DetailRow(line=number, state=UNKNOWN, name=_longest(cells))
    return _joined(number, cells, width, matches[0])


def _weight(cells: Sequence[str], item: Result) -> int:
    """How much of an indicator stands in a line: its name counts most."""
    plain = [_loose(cell) for cell in cells]
    entry = item.entry
    weight = 3 if _loose(entry.name) in plain else 0
    weight += 2 if _has(plain, entry.baseline) else 0
    weight += 1 if _has(plain, entry.target) else 0
    return weight + (1 if _has(plain, entry.value) else 0)


def _has(plain: Sequence[str], text: str) -> bool:
    return bool(text) and _loose(text) in plain


def _loose(text: str) -> str:
    """A text without what the extraction changes: widths, blanks, quotation marks, dashes."""
    plain = re.sub("[「」｢｣、。・-]", "", same_words(text)).replace("〇", "○").upper()
    return DECIMALS.sub(lambda found: found[1].rstrip("0").rstrip("."), plain)


def _joined(number: int, cells: Sequence[str], width: int, item: Result) -> DetailRow:
    entry = item.entry
    plain = [_loose(cell) for cell in cells]
    trend, mark = _ends(cells, item)
    published = entry.status if item.judged == INTERIM else entry.mark
    problems = list(_problems(plain, entry.name, entry.baseline, entry.target))
    problems += ["shifted"] if width and len(cells) != width else []
    problems += _arrow_problems(cells, trend)
    problems += [] if mark else ["no-mark"]
    return DetailRow(
        line=number,
        state=JOINED,
        key=entry.key,
        name=entry.name,
        kind=_kind(plain, entry.baseline, entry.value),
        trend=trend,
        mark=mark,
        published=published,
        problems=tuple(problems),
        differs=bool(mark) and mark != (published or UNDECIDED),
    )


def _problems(plain: Sequence[str], name: str, baseline: str, target: str) -> Iterator[str]:
    if _loose(name) not in plain:
        yield "no-name"
    if baseline and _loose(baseline) not in plain:
        yield "baseline"
    if target and _loose(target) not in plain:
        yield "target"


def _kind(plain: Sequence[str], baseline: str, value: str) -> str:
    """Which of the two columns behind the baseline holds the value of the summary; "" where that is not certain."""
    if not (_loose(baseline) and _has(plain, baseline)):
        return ""
    at = plain.index(_loose(baseline))
    kinds = [
        kind for kind, cell in zip((ACTUAL, EXPECTED), plain[at + 1 : at + 3], strict=False) if cell == _loose(value)
    ]
    # Where both hold it, it is the expected value that the summary shows.
    return kinds[-1] if kinds else ""


def _ends(cells: Sequence[str], item: Result) -> tuple[str, str]:
    """The arrow and the mark at a line's end, each "" where it cannot be read."""
    if len(cells) < 2:
        return "", ""
    arrow = ARROWS.get(unicodedata.normalize("NFKC", cells[-2]), "")
    known = STATUSES if item.judged == INTERIM else MARKS
    mark = known.get(cells[-1], "")
    # A dash behind anything but an arrow is an empty cell, not the mark of no change.
    return arrow, "" if mark == "－" and not arrow else mark


def _arrow_problems(cells: Sequence[str], trend: str) -> list[str]:
    if trend or len(cells) < 2:
        return []
    return ["misread-arrow"] if MISREAD.fullmatch(unicodedata.normalize("NFKC", cells[-2])) else ["no-arrow"]


def _unambiguous(found: Sequence[DetailRow]) -> Iterator[DetailRow]:
    counts = Counter(row.key for row in found if row.state == JOINED)
    for row in found:
        yield replace(row, state=UNKNOWN, problems=("twice",)) if counts[row.key] > 1 else row


def _missing(found: Sequence[DetailRow], results: Sequence[Result]) -> Iterator[DetailRow]:
    known = {row.key for row in found if row.state == JOINED}
    for item in results:
        if item.entry.key not in known:
            yield DetailRow(line=0, state=MISSING, key=item.entry.key, name=item.entry.name)


def _longest(cells: Sequence[str]) -> str:
    return max(cells, key=len)[:40]
