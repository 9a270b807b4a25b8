"""What the content says: RDF subjects and links, positions on the map, pages of a PDF."""

from __future__ import annotations

from odkit.model import CriterionResult, Evidence
from odkit.score.checks.result import absent, failed, passed, shown, unknown
from odkit.score.facts import Facts

CORE_SPACE = "http://imi.go.jp/ns/core/rdf#"
JAPAN_LATITUDES = (20.0, 46.0)
JAPAN_LONGITUDES = (122.0, 154.0)


def content(facts: Facts) -> CriterionResult:
    """RDF is the data, not only the catalogue record about it."""
    rdf = facts.rdf
    if rdf is None or rdf.error:
        return absent("content")
    if rdf.instances:
        return passed("content", level=2)
    if rdf.triples == 0:
        return failed("content", [Evidence(value="0", expected="1")], kind="empty", level=2)
    if facts.catalogue:
        return failed("content", [Evidence(value="dcat")], kind="catalogue", level=2)
    return failed("content", [Evidence(value=str(rdf.triples))], kind="terms", level=4)


def uris(facts: Facts) -> CriterionResult:
    """Things are named by http(s) addresses on a host that can exist."""
    rdf = facts.rdf
    if rdf is None or not rdf.instances:
        return absent("uris")
    if rdf.bad_count * 2 <= rdf.instances:
        return passed("uris", level=4)
    places = [Evidence(value=subject, expected="https://") for subject in rdf.bad_subjects]
    return failed("uris", places, level=4)


def links(facts: Facts) -> CriterionResult:
    """Links to other people's data are counted; a file without any is not at fault."""
    rdf = facts.rdf
    if rdf is None or not rdf.link_count:
        return absent("links", level=5)
    evidence = tuple(Evidence(value=link) for link in rdf.links)
    base = passed("links", level=5, count=str(rdf.link_count))
    return CriterionResult(id=base.id, outcome=base.outcome, evidence=evidence, level=5, details=base.details)


def old_terms(facts: Facts) -> CriterionResult:
    """The words of the common vocabulary stand in the namespace of today."""
    rdf = facts.rdf
    if rdf is None or not rdf.triples:
        return absent("old-terms")
    places = [Evidence(value=shown(term), expected=CORE_SPACE) for term in rdf.old_terms]
    return failed("old-terms", places) if places else passed("old-terms")


def geo(facts: Facts) -> CriterionResult:
    """Positions are longitude, latitude, in degrees; the wrong order shows at once in Japan."""
    if not facts.points:
        return absent("geo")
    wrong = [
        Evidence(range=place, value=f"[{x:g}, {y:g}]", expected=f"[{y:g}, {x:g}]")
        for place, x, y in facts.points
        if _swapped(x, y)
    ]
    return failed("geo", wrong) if wrong else passed("geo")


def _swapped(x: float, y: float) -> bool:
    japan = JAPAN_LATITUDES[0] < x < JAPAN_LATITUDES[1] and JAPAN_LONGITUDES[0] < y < JAPAN_LONGITUDES[1]
    return japan or abs(y) > 90 >= abs(x)


def pdf(facts: Facts) -> CriterionResult:
    """A PDF has text to select; a page that is a picture needs OCR."""
    if facts.format != "pdf":
        return absent("pdf")
    if not facts.pdf:
        return unknown("pdf")
    if facts.pdf == "scan":
        return failed("pdf", [Evidence(value="scan", expected="text")])
    return passed("pdf", kind="text")
