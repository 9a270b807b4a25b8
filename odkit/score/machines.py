"""The report for other programs: SARIF and JUnit for continuous integration, and a badge for a page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from odkit import __version__, messages
from odkit.model import CriterionResult, Evidence, Outcome, Score
from odkit.score.findings import place_of
from odkit.score.hosts import is_web_address
from odkit.score.places import END, area_of
from odkit.score.words import RULES_VERSION, check_name, check_reason, check_text

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
COLOURS = {None: "#5c6773", 0: "#8c1d18", 1: "#8a4b00", 2: "#8a5200", 3: "#0b6b3a", 4: "#0b5c6b", 5: "#0b5cad"}
"""Each carries white text at 4.5:1 or more; the stage is written out as well."""
CHARACTER, WIDE_CHARACTER, MARGIN = 7, 12, 10


def to_sarif(scores: Sequence[Score], lang: str) -> dict[str, Any]:
    """The findings as SARIF 2.1.0: an error where a stage is kept out of reach, a note for advice.

    What a publisher accepted is there as suppressed.
    """
    ids = list(dict.fromkeys(check.id for score in scores for check in score.checks))
    driver = {
        "name": "odkit",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(id_, lang) for id_ in ids],
        "properties": {"rules": RULES_VERSION},
    }
    results = [item for score in scores for check in score.checks for item in _results(score, check, lang)]
    return {"$schema": SARIF, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(id_: str, lang: str) -> dict[str, Any]:
    return {
        "id": f"score.{id_}",
        "name": check_name(id_, lang),
        "shortDescription": {"text": check_name(id_, lang)},
        "fullDescription": {"text": check_reason(id_, lang)},
    }


def _results(score: Score, check: CriterionResult, lang: str) -> list[dict[str, Any]]:
    accepted = [item for item in check.evidence if item.accepted]
    if check.outcome is not Outcome.FAIL and not accepted:
        return []
    text = check_text(check, lang, "message", score)
    if check.outcome is Outcome.FAIL:
        text = f"{text}. {check_text(check, lang, 'fix', score)}"
    return [_result(score, check, item, text) for item in check.evidence or (Evidence(),)]


def _result(score: Score, check: CriterionResult, item: Evidence, text: str) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _address(score.target)}}}
    area = area_of(item.range, letters=False) if not item.sheet else None
    if area and area.bottom != END:
        location["physicalLocation"]["region"] = {"startLine": area.top, "endLine": area.bottom}
    if place_of(item):
        location["logicalLocations"] = [{"fullyQualifiedName": place_of(item)}]
    result: dict[str, Any] = {
        "ruleId": f"score.{check.id}",
        "level": "note" if check.level is None else "error",
        "message": {"text": text},
        "locations": [location],
    }
    if item.accepted:
        result["suppressions"] = [{"kind": "external", "justification": item.accepted}]
    return result


def _address(target: str) -> str:
    return target if is_web_address(target) else quote(PurePosixPath(target.replace("\\", "/")).as_posix())


def to_junit(scores: Sequence[Score], fail_under: int, lang: str) -> str:
    """The scores as JUnit XML: a suite per file, a case per check, and the stage as the first case.

    Advice does not fail; what keeps a stage up to `fail_under` out of reach does, and so does a lower stage.
    """
    root = ET.Element("testsuites", name="odkit score")
    for score in scores:
        root.append(_suite(score, fail_under, lang))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(score: Score, fail_under: int, lang: str) -> ET.Element:
    suite = ET.Element("testsuite", name=_xml_text(score.target))
    stage = ET.SubElement(suite, "testcase", classname="stage", name=f"stage >= {fail_under}")
    if score.level is None or score.level < fail_under:
        _failure(stage, f"stage {'?' if score.level is None else score.level}", score.next_step)
    for check in score.checks:
        case = ET.SubElement(suite, "testcase", classname=check.id, name=check_name(check.id, lang))
        _outcome(case, score, check, fail_under, lang)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(sum(1 for case in suite if case.find("failure") is not None)))
    suite.set("skipped", str(sum(1 for case in suite if case.find("skipped") is not None)))
    return suite


def _outcome(case: ET.Element, score: Score, check: CriterionResult, fail_under: int, lang: str) -> None:
    if check.outcome in (Outcome.NOT_APPLICABLE, Outcome.UNDETERMINED):
        ET.SubElement(case, "skipped", message=check.outcome.value)
    elif check.outcome is Outcome.FAIL:
        message, fix = (check_text(check, lang, part, score) for part in ("message", "fix"))
        if check.level is not None and check.level <= fail_under:
            _failure(case, message, fix)
        else:
            ET.SubElement(case, "system-out").text = _xml_text(f"{message}\n{fix}")


def _failure(case: ET.Element, message: str, fix: str) -> None:
    ET.SubElement(case, "failure", message=_xml_text(message)).text = _xml_text(fix)


def _xml_text(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(char if char in "\t\n" or (char.isprintable() or char == "\u3000") else "\ufffd" for char in text)


def to_badge(score: Score, lang: str) -> str:
    """The stage as a small SVG image for a page or a README."""
    stage = "?" if score.level is None else str(score.level)
    label, value = messages.text("report.badge", lang), messages.text("report.badge-stage", lang, {"stage": stage})
    left, right = _width(label), _width(value)
    title = escape(f"{label}: {value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<rect width="{left + right}" height="20" rx="3" fill="#3b4754"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z" fill="{COLOURS[score.level]}"/>'
        f'<g fill="#fff" font-family="Noto Sans JP,Meiryo,Verdana,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="14">{escape(value)}</text></g></svg>\n'
    )


def _width(text: str) -> int:
    return MARGIN + sum(CHARACTER if char.isascii() else WIDE_CHARACTER for char in text)
