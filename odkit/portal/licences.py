"""The licences the portal knows: CKAN's own list, and the two under which Japanese governments publish.

CKAN's defaults have no 4.0 licences and nothing Japanese; this portal names both as open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PortalLicence:
    """A licence of the portal. `domains` holds which of content, data and software it is made for."""

    id: str
    title: str
    url: str = ""
    open: bool = True
    domains: str = ""
    generic: bool = False

    def shown(self) -> dict[str, Any]:
        """The licence as CKAN's ``license_list`` shows it: every value is text, flags are "True" and "False"."""
        return {
            "id": self.id,
            "title": self.title,
            "url": self.url,
            "od_conformance": "approved" if self.open else "not reviewed",
            "osd_conformance": "not reviewed",
            "domain_content": str("content" in self.domains),
            "domain_data": str("data" in self.domains),
            "domain_software": str("software" in self.domains),
            "is_generic": str(self.generic),
            "family": "",
            "maintainer": "",
            "status": "active",
        }


OPEN_DEFINITION = "http://www.opendefinition.org/licenses/"

LICENCES = (
    PortalLicence("notspecified", "License not specified", open=False, generic=True),
    PortalLicence(
        "odc-pddl",
        "Open Data Commons Public Domain Dedication and License (PDDL)",
        OPEN_DEFINITION + "odc-pddl",
        domains="data",
    ),
    PortalLicence(
        "odc-odbl", "Open Data Commons Open Database License (ODbL)", OPEN_DEFINITION + "odc-odbl", domains="data"
    ),
    PortalLicence("odc-by", "Open Data Commons Attribution License", OPEN_DEFINITION + "odc-by", domains="data"),
    PortalLicence("cc-zero", "Creative Commons CCZero", OPEN_DEFINITION + "cc-zero", domains="content data"),
    PortalLicence("cc-by", "Creative Commons Attribution", OPEN_DEFINITION + "cc-by"),
    PortalLicence(
        "cc-by-sa", "Creative Commons Attribution Share-Alike", OPEN_DEFINITION + "cc-by-sa", domains="content"
    ),
    PortalLicence("gfdl", "GNU Free Documentation License", OPEN_DEFINITION + "gfdl", domains="content"),
    PortalLicence("other-open", "Other (Open)", domains="content", generic=True),
    PortalLicence("other-pd", "Other (Public Domain)", domains="content", generic=True),
    PortalLicence("other-at", "Other (Attribution)", domains="content", generic=True),
    PortalLicence(
        "uk-ogl",
        "UK Open Government Licence (OGL)",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        domains="content",
    ),
    PortalLicence(
        "cc-nc",
        "Creative Commons Non-Commercial (Any)",
        "http://creativecommons.org/licenses/by-nc/2.0/",
        open=False,
    ),
    PortalLicence("other-nc", "Other (Non-Commercial)", open=False, generic=True),
    PortalLicence("other-closed", "Other (Not Open)", open=False, generic=True),
    PortalLicence(
        "CC-BY-4.0",
        "クリエイティブ・コモンズ 表示 4.0 国際",
        "https://creativecommons.org/licenses/by/4.0/deed.ja",
        domains="content data",
    ),
    PortalLicence(
        "PDL-1.0",
        "公共データ利用規約（第1.0版）",
        "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
        domains="content data",
    ),
)

BY_ID = {licence.id: licence for licence in LICENCES}


def licence_fields(licence_id: str | None) -> dict[str, Any]:
    """What a dataset shows of its licence: isopen and license_title, license_url where the licence has one.

    An id that the portal does not know is its own title and not open, as in CKAN.
    """
    licence = BY_ID.get(licence_id or "")
    if licence is None:
        return {"isopen": False, "license_title": licence_id}
    shown = {"isopen": licence.open, "license_title": licence.title}
    return shown | ({"license_url": licence.url} if licence.url else {})
