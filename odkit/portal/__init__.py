"""The portal that comes with odkit: CKAN's Action API over SQLite and a folder of files.

    app        the web application; call, envelope, permissions     server, transport   with and without a socket
    actions/   the API's calls by name                              datasets, resources the rules of a write
    things     the addresses that the RDF gives                     pages, scoring      for people
    store      what is kept, in transactions                        files, downloads    uploaded files
    revise     package_revise's language      query, search         package_search's language and answer

It behaves as CKAN 2.12 does, which tests/portal/test_portal_contract.py holds against a real one.
"""

from __future__ import annotations

from odkit.portal.app import Portal, create_app, current_user, portal_of
from odkit.portal.pages import Site, create_site
from odkit.portal.server import serve
from odkit.portal.store import Store
from odkit.portal.transport import WsgiAdapter, embedded_session

__all__ = [
    "Portal",
    "Site",
    "Store",
    "WsgiAdapter",
    "create_app",
    "create_site",
    "current_user",
    "embedded_session",
    "portal_of",
    "serve",
]
