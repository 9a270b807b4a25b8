"""構造化項目名記法, IMI's own notation for mapping a table's columns: text -> `Path`.

``*ic:設備型>ic:設置地点[G]{@ic:施設型}{ic:種別="本館"}>ic:名称>ic:表記@ja`` names the class of the row, then the
properties that lead to the value. ``[G]`` (or ``【G】``) tells instances apart, ``{@型}`` sets a class, ``{p="v"}`` a
fixed value, ``@ja`` the language, a trailing ``>`` makes the value an IRI. One addition of ours: after that ``>`` may
stand a template, ``<http://…/C{5桁}>``; in an `Extra` one may also stand after the datatype, and makes a literal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD = "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
_HEAD += (
    "\u3001-\u3009\u3012-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"  # as in IMI's grammar, without the brackets 「」『』【】
)
_WORD = f"[{_HEAD}][{_HEAD}\\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*"
_NAME = re.compile(f"({_WORD})\\s*:\\s*({_WORD})")
_GROUP = re.compile(r"\[([^\]]+)\]|【([^】]+)】")
_TYPE = re.compile(r"\{\s*@")
_CLOSE = re.compile(r"\}")
_OPEN = re.compile(r"\{")
_QUOTED = re.compile(r"""=\s*(?:"((?:\\"|[^"])*)"|'((?:\\'|[^'])*)')""")
_LANGUAGE = re.compile(f"@\\s*({_WORD})")
_DATATYPE = re.compile(r"\^\^")
_KEY = re.compile(r"\*")
_NEXT = re.compile(r">")
_TEMPLATE = re.compile(r"<([^<>]*)>")
_SPACE = re.compile(r"\s*")


class NotationError(ValueError):
    """Text that is no 構造化項目名; `position` counts characters from 0."""

    def __init__(self, text: str, position: int) -> None:
        super().__init__(f"{text!r} at {position}")
        self.position = position


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A class or a property on the way: `name` is prefixed, `fixed` holds (property, value) pairs."""

    name: str
    group: str = ""
    type: str = ""
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """A 構造化項目名: from the class `root` over `steps` to the value."""

    root: Step
    steps: tuple[Step, ...] = ()
    key: bool = False
    language: str = ""
    link: bool = False
    template: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extra:
    """A term beside the path, from the row on: ``rdfs:label@ja``, ``geo:lat^^xsd:decimal``, ``schema:url>``.

    It may lead over nodes of its own, with their classes: ``schema:organizer{@schema:Organization}>schema:name``.
    """

    steps: tuple[Step, ...]
    language: str = ""
    datatype: str = "xsd:string"
    link: bool = False
    template: str = ""

    @property
    def name(self) -> str:
        """The property that takes the value."""
        return self.steps[-1].name


def parse_path(text: str) -> Path:
    """Read a 構造化項目名; raises `NotationError`."""
    scan = _Scanner(text)
    key = bool(scan.take(_KEY))
    root, *steps = scan.steps()
    language = scan.word_after(_LANGUAGE)
    link, template = scan.link()
    scan.finish()
    return Path(root=root, steps=tuple(steps), key=key, language=language, link=link, template=template)


def parse_extra(text: str) -> Extra:
    """Read one term of the column 追加; raises `NotationError`."""
    scan = _Scanner(text)
    steps = tuple(scan.steps())
    language = scan.word_after(_LANGUAGE)
    datatype = scan.name() if scan.take(_DATATYPE) else "xsd:string"
    written = scan.word_after(_TEMPLATE)
    link, template = (False, written) if written else scan.link()
    scan.finish()
    return Extra(steps=steps, language=language, datatype=datatype, link=link, template=template)


class _Scanner:
    """A place in a text, and the pieces of the notation from there on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move past blanks and `pattern`, where it stands here."""
        found = pattern.match(self.text, self._after_space(self.position))
        if found:
            self.position = found.end()
        return found

    def need(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """As `take`; raises `NotationError` where the pattern does not stand here."""
        found = self.take(pattern)
        if not found:
            raise NotationError(self.text, self._after_space(self.position))
        return found

    def ahead(self, pattern: re.Pattern[str], then: re.Pattern[str]) -> bool:
        """Move past `pattern` where it stands here with `then` after it."""
        start = self.position
        if self.take(pattern) and then.match(self.text, self._after_space(self.position)):
            return True
        self.position = start
        return False

    def name(self) -> str:
        """A prefixed name, without the blanks that the grammar allows around its colon."""
        found = self.need(_NAME)
        return f"{found[1]}:{found[2]}"

    def word_after(self, pattern: re.Pattern[str]) -> str:
        """The word that `pattern` captures; empty where it does not stand here."""
        found = self.take(pattern)
        return found[1] if found else ""

    def step(self) -> Step:
        """A class or property with its group and constraints."""
        name = self.name()
        found = self.take(_GROUP)
        type_name, fixed = "", list[tuple[str, str]]()
        while True:
            if self.take(_TYPE):
                type_name = self.name()
            elif self.take(_OPEN):
                fixed.append((self.name(), self._value()))
            else:
                break
            self.need(_CLOSE)
        return Step(name=name, group=(found[1] or found[2]) if found else "", type=type_name, fixed=tuple(fixed))

    def steps(self) -> list[Step]:
        """One step or several, with ``>`` between them."""
        found = [self.step()]
        while self.ahead(_NEXT, _NAME):
            found.append(self.step())
        return found

    def link(self) -> tuple[bool, str]:
        """A trailing ``>`` and its template."""
        if not self.take(_NEXT):
            return False, ""
        return True, self.word_after(_TEMPLATE)

    def finish(self) -> None:
        """Raise `NotationError` where something is left."""
        if self._after_space(self.position) != len(self.text):
            raise NotationError(self.text, self.position)

    def _value(self) -> str:
        found = self.need(_QUOTED)
        return found[1].replace('\\"', '"') if found[1] is not None else found[2].replace("\\'", "'")

    def _after_space(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position
