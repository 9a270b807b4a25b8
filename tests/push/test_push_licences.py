"""Our licence in a portal's words."""

from __future__ import annotations

import pytest

from odkit.model import Licence
from odkit.push.licences import PortalLicence, portal_licence

CC_BY = Licence(id="CC-BY-4.0", title="", url="https://creativecommons.org/licenses/by/4.0/deed.ja", open=True)
PDL = Licence(
    id="PDL-1.0", title="", url="https://www.digital.go.jp/resources/open_data/public_data_license_v1.0", open=True
)


def known(*ids: str) -> list[dict[str, object]]:
    return [{"id": name, "title": name, "url": None} for name in ids]


@pytest.mark.parametrize(
    ("licence", "ids", "expected"),
    [
        (CC_BY, ("cc-by", "CC-BY-4.0"), ("CC-BY-4.0", True)),
        (CC_BY, ("cc-by", "cc-by-4.0"), ("cc-by-4.0", True)),
        (CC_BY, ("notspecified", "cc-by-40-intl", "cc-by"), ("cc-by-40-intl", True)),
        (CC_BY, ("cc-zero", "cc-by", "cc-by-sa"), ("cc-by", True)),
        (CC_BY, ("Cc-By",), ("Cc-By", True)),
        (CC_BY, ("cc-by-sa", "cc-by-nc"), ("CC-BY-4.0", False)),
        (PDL, ("cc-by", "pdl"), ("pdl", True)),
        (PDL, ("PDL1.0",), ("PDL1.0", True)),
        (PDL, ("cc-by", "uk-ogl"), ("PDL-1.0", False)),
        (PDL, (), ("PDL-1.0", False)),
    ],
)
def test_licence_by_id(licence: Licence, ids: tuple[str, ...], expected: tuple[str, bool]) -> None:
    found = portal_licence(licence, known(*ids))
    assert (found.id, found.known) == expected


def test_licence_by_address() -> None:
    listed = [{"id": "attribution-4", "url": "http://www.creativecommons.org/licenses/by/4.0/legalcode"}]
    assert portal_licence(CC_BY, listed) == PortalLicence(id="attribution-4")


def test_another_licence_is_not_taken_by_address() -> None:
    listed: list[dict[str, object]] = [
        {"id": "x", "url": "https://creativecommons.org/licenses/by-sa/4.0/"},
        {"id": "y"},
    ]
    assert portal_licence(CC_BY, listed) == PortalLicence(id="CC-BY-4.0", known=False, open=False)


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ({}, True),
        ({"od_conformance": "approved", "osd_conformance": "not reviewed"}, True),
        ({"od_conformance": "not reviewed", "osd_conformance": "approved"}, True),
        ({"od_conformance": "not reviewed", "osd_conformance": "not reviewed"}, False),
        ({"od_conformance": "rejected"}, False),
    ],
)
def test_whether_the_portal_calls_it_open(said: dict[str, str], is_open: bool) -> None:
    assert portal_licence(CC_BY, [{"id": "cc-by", **said}]) == PortalLicence(id="cc-by", open=is_open)
