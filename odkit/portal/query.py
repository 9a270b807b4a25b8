"""The query language of package_search: the part of Lucene's that catalogues use, compiled to a test of one dataset.

q            words, all of which must occur somewhere in the dataset (substrings: Japanese has no spaces)
field:value  exact for tags, organization, res_format, license_id, extras_*; part of the text for title and notes
"a b"  a*  [a TO b]  ( )  AND OR NOT + -          words side by side mean AND
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from odkit.portal.errors import SearchFailed
from odkit.portal.ranges import RANGE, within
from odkit.portal.store import Record

Test = Callable[[Record], bool]
"""Whether a shown dataset is found."""

UNNAMED_RANGE = re.sub(r"\?P<\w+>", "?:", RANGE.pattern)
TOKEN = re.compile(rf'\s+|[()]|[+\-!](?=\S)|{UNNAMED_RANGE}|[^\s()":]+:(?=\S)|"(?:[^"\\]|\\.)*"|[^\s()"]+')
OF_ORGANIZATION = re.compile(r'\s*organization:(?P<quote>"?)(?P<name>[a-z0-9_-]+)(?P=quote)\s*')
SIGNS = {"+": False, "-": True, "!": True, "NOT": True}
TEXT_FIELDS = frozenset({"title", "notes", "text"})
MAX_DEPTH = 40


def compiled(query: str) -> Test:
    """The test of one query. Raises `SearchFailed` where it cannot be parsed."""
    tokens = _tokens(query)
    if not tokens or query.strip() == "*:*":
        return lambda _: True
    parser = _Parser(query, tokens)
    test = parser.alternatives("", 0)
    if parser.at < len(tokens):
        raise parser.error()
    return test


def organization_named(query: str) -> str:
    """The organisation that a query asks for and for nothing else, "" for any other query."""
    found = OF_ORGANIZATION.fullmatch(query)
    return found["name"] if found else ""


def folded(text: str) -> str:
    """Text as it is compared: full-width and half-width, capitals and small letters alike."""
    return unicodedata.normalize("NFKC", text).casefold()


def field_values(package: Record, field: str) -> list[str]:
    """What a dataset holds in a field of the search; nothing for a field that there is not."""
    if field.startswith("extras_"):
        return [extra["value"] for extra in package["extras"] if extra["key"] == field.removeprefix("extras_")]
    if field in READERS:
        return READERS[field](package)
    value = package.get(field)
    if value is None:  # CKAN's index holds extras under their own names, too
        return field_values(package, f"extras_{field}")
    return [str(value)] if isinstance(value, str | int) and value != "" else []


def whole_text(package: Record) -> str:
    """Everything a person may look for in a dataset, one piece per line."""
    pieces: list[Any] = [package["name"], package["title"], package["notes"], package["organization"]["title"]]
    pieces += [tag["name"] for tag in package["tags"]]
    pieces += [part for extra in package["extras"] for part in (extra["key"], extra["value"])]
    pieces += [resource.get(name) for resource in package["resources"] for name in ("name", "description")]
    return "\n".join(str(piece) for piece in pieces if piece)


READERS: dict[str, Callable[[Record], list[str]]] = {
    "*": lambda _: [""],
    "capacity": lambda package: ["private" if package["private"] else "public"],
    "dataset_type": lambda package: [package["type"]],
    "organization": lambda package: [package["organization"]["name"]],
    "private": lambda package: [str(package["private"]).lower()],
    "res_format": lambda package: [item["format"] for item in package["resources"] if item["format"]],
    "tags": lambda package: [tag["name"] for tag in package["tags"]],
    "text": lambda package: [whole_text(package)],
}


def _tokens(query: str) -> list[str]:
    """The query's tokens. Raises `SearchFailed` for a quote that is not closed."""
    found = TOKEN.findall(query)
    if sum(map(len, found)) < len(query):
        raise SearchFailed(f"Search error: cannot parse {query!r}")
    return [token for token in found if not token.isspace()]


@dataclass(slots=True)
class _Parser:
    """Recursive descent over the tokens; `at` is the next one."""

    query: str
    tokens: list[str]
    at: int = 0

    def error(self) -> SearchFailed:
        return SearchFailed(f"Search error: cannot parse {self.query!r}")

    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def alternatives(self, field: str, depth: int) -> Test:
        tests = [self.sequence(field, depth)]
        while self.next() in ("OR", "||"):
            self.at += 1
            tests.append(self.sequence(field, depth))
        return tests[0] if len(tests) == 1 else lambda package: any(test(package) for test in tests)

    def sequence(self, field: str, depth: int) -> Test:
        tests = [self.clause(field, depth)]
        while self.next() not in ("", ")", "OR", "||"):
            if self.next() in ("AND", "&&"):
                self.at += 1
            tests.append(self.clause(field, depth))
        return tests[0] if len(tests) == 1 else lambda package: all(test(package) for test in tests)

    def clause(self, field: str, depth: int) -> Test:
        word = self.next()
        if depth > MAX_DEPTH or word in ("", ")", "AND", "OR", "&&", "||"):
            raise self.error()
        self.at += 1
        if word in SIGNS:
            test = self.clause(field, depth + 1)
            return _negated(test) if SIGNS[word] else test
        if word == "(":
            test = self.alternatives(field, depth + 1)
            if self.next() != ")":
                raise self.error()
            self.at += 1
            return test
        if word.endswith(":") and len(word) > 1:
            return self.clause(word[:-1], depth + 1)
        return _term(field or "text", word)


def _negated(test: Test) -> Test:
    return lambda package: not test(package)


def _term(field: str, token: str) -> Test:
    """The test of one value: whole for most fields, a part for texts; ``*`` and ``?`` stand for any characters."""
    if RANGE.fullmatch(token):
        return _range(field, token)
    exact = token.startswith('"')
    word = re.sub(r"\\(.)", r"\1", token[1:-1]) if exact else token
    part = field in TEXT_FIELDS
    wanted = folded(word) if part else word
    if exact or not set(word) & set("*?"):
        return lambda package: any(
            wanted in folded(value) if part else wanted == value for value in field_values(package, field)
        )
    matches = _wildcards(wanted, part=part)
    return lambda package: any(matches(folded(value) if part else value) for value in field_values(package, field))


def _range(field: str, token: str) -> Test:
    try:
        inside = within(field, token)
    except (ValueError, OverflowError):
        raise SearchFailed(f"Search error: cannot parse {token!r}") from None
    return lambda package: any(map(inside, field_values(package, field)))


def _wildcards(word: str, *, part: bool) -> Callable[[str], bool]:
    """A test for a word with wildcards: the pieces between ``*`` in their order, found left to right in linear time."""
    edge_left, edge_right = ("", "") if part else ("\x02", "\x03")
    pieces = [
        re.compile("".join("." if sign == "?" else re.escape(sign) for sign in piece), re.DOTALL)
        for piece in f"{edge_left}{word}{edge_right}".split("*")
    ]

    def matches(text: str) -> bool:
        bounded, at = f"{edge_left}{text}{edge_right}", 0
        for piece in pieces:
            found = piece.search(bounded, at)
            if found is None:
                return False
            at = found.end()
        return True

    return matches
