"""Before the content: licence, access, format, encoding, delimiter, syntax."""

from __future__ import annotations

from odkit.model import CriterionResult, Evidence
from odkit.score.checks.result import absent, failed, passed, shown, unknown
from odkit.score.facts import Facts
from odkit.score.licence import judge
from odkit.score.sniff import formats

PASSING = frozenset({0, 408, 425, 429})
"""Statuses that say nothing about tomorrow, as do all from 500 on; 0 is no answer at all."""
ALIKE = (
    {"csv", "tsv", "txt", "csvw"},
    {"json", "geojson", "json-ld"},
    {"xlsx", "xlsm"},
    {"doc", "rtf"},
    {"xml", "kml", "gml", "rdfxml"},
)
TELLING = ("text/html", "application/pdf", "image/")
"""Content types that are wrong for a file of another kind; text/plain and octet-stream promise nothing."""
TABLES = frozenset({"csv", "csvw", "tsv", "xlsx", "xlsm", "xlsb", "xls", "ods"})
OPEN_STRUCTURES = frozenset(
    {"xml", "kml", "gml", "json", "geojson", "json-ld", "turtle", "n-triples", "rdfxml", "gpkg", "parquet", "ics"}
)
UNREAD_FORMATS = frozenset({"xls", "xlsb", "doc", "rtf", "odt", "gpkg", "parquet"})


def licence(facts: Facts) -> CriterionResult:
    """An open licence is stated: the condition of stage 1."""
    verdict, known = judge(facts.licence)
    if verdict == "open" and known:
        return passed("licence", level=1, id=known.id, title=known.title)
    if verdict == "unknown":
        return unknown("licence", "unknown", level=1, value=facts.licence)
    return failed("licence", [Evidence(value=facts.licence, expected="CC BY 4.0")], kind=verdict, level=1)


def access(facts: Facts) -> CriterionResult:
    """The address gives the data: no error status, no page in its place, not empty."""
    status = facts.status
    if facts.failure:
        return unknown("access", f"no-{facts.failure}", level=1, value=facts.failure)
    if status in PASSING or status >= 500:
        return unknown("access", "later", level=1, value=str(status))
    if not 200 <= status < 300:
        return failed("access", [Evidence(value=str(status), expected="200")], kind="status", level=1)
    if "empty" in (facts.format, facts.structure):
        return failed("access", [Evidence(value="0", expected=">0")], kind="empty", level=1)
    if facts.error_page or _page_instead(facts):
        page = facts.error_page.removeprefix("html") or "text/html"
        kind = "html" if facts.format == "html" else "answer"
        return failed("access", [Evidence(value=shown(page), expected=facts.declared)], kind=kind, level=1)
    return passed("access", level=1)


def _page_instead(facts: Facts) -> bool:
    """The server calls it a page, the name calls it data, and there is no table on it."""
    served = facts.content_type.partition(";")[0].strip().lower() == "text/html"
    return served and facts.format == "html" and facts.declared != "html" and bool(facts.structure)


def format_mismatch(facts: Facts) -> CriterionResult:
    """The name's ending says what the bytes are."""
    if not facts.declared or facts.format == "empty" or not 200 <= facts.status < 300:
        return absent("format-mismatch")
    if facts.format == "encrypted":
        return unknown("format-mismatch")
    served = facts.content_type.partition(";")[0].strip().lower()
    if served.startswith(TELLING) and served != formats().get(facts.format, {}).get("media_type", served):
        return failed(
            "format-mismatch", [Evidence(value=f"{served}≠{facts.format}", expected=facts.format)], kind="type"
        )
    if facts.declared == facts.format or any({facts.declared, facts.format} <= group for group in ALIKE):
        return passed("format-mismatch")
    mismatch = Evidence(value=f"{facts.declared}≠{facts.format}", expected=facts.format)
    kind = "unknown" if facts.format == "unknown" else ""
    return failed("format-mismatch", [mismatch], kind=kind, declared=facts.declared, extension=_extension(facts.format))


def _extension(format_: str) -> str:
    """The usual ending of the names of files of a format."""
    return "." + (formats().get(format_, {}).get("extensions", "").partition(";")[0] or format_)


def encoding(facts: Facts) -> CriterionResult:
    """One encoding for the whole file. Which one is advice at most, and a BOM is never wrong."""
    if facts.garbled or (facts.delimiter and not facts.encoding):
        places = [Evidence(range=place, value=value, expected="UTF-8") for place, value in facts.garbled]
        kind = "" if facts.delimiter else "text"
        return failed("encoding", places or [Evidence(expected="UTF-8")], kind=kind, level=3)
    if not facts.encoding:
        return absent("encoding")
    return passed("encoding", level=3, encoding=facts.encoding)


def delimiter(facts: Facts) -> CriterionResult:
    """Cells are separated by commas (or tabs in a tsv)."""
    if not facts.delimiter:
        return absent("delimiter")
    expected = "\t" if facts.declared == "tsv" else ","
    if facts.delimiter in (expected, ",") or (facts.delimiter == "\t" and facts.format == "tsv"):
        return passed("delimiter")
    value = "TAB" if facts.delimiter == "\t" else facts.delimiter
    return failed("delimiter", [Evidence(value=value, expected=",")])


def parse(facts: Facts) -> CriterionResult:
    """The content follows the syntax of its format. JSON-LD that is no RDF may still be JSON: then only 4 is lost."""
    if facts.unread == "encrypted" or facts.format == "encrypted":
        return failed("parse", [Evidence(value=facts.declared)], kind="encrypted", level=2)
    if facts.unread:
        return unknown("parse", facts.unread, level=4 if facts.records else 2)
    if facts.broken == "quotes":
        return failed("parse", [Evidence(value='"')], kind="quotes", level=3)
    if facts.broken:
        level = 4 if facts.records else 2
        place, value = facts.fault
        kind = "at" if place else "detail" if value else ""
        evidence = Evidence(range=place, value=shown(value), expected=facts.format)
        return failed("parse", [evidence], kind=kind, level=level)
    return unknown("parse", "format") if facts.format in UNREAD_FORMATS and not _looked_into(facts) else passed("parse")


def _looked_into(facts: Facts) -> bool:
    return bool(facts.grids or facts.structure)


def file_format(facts: Facts) -> CriterionResult:
    """Rule 1-1: Excel, CSV, or another published format."""
    if facts.format in TABLES:
        return passed("1-1")
    if facts.format in OPEN_STRUCTURES or facts.format == "empty":
        return absent("1-1")
    if facts.format == "encrypted":
        return unknown("1-1")
    return failed("1-1", [Evidence(value=facts.format, expected="csv")])
