"""The portal that comes with odkit: CKAN's Action API over SQLite and a folder of files.

    app        the web application                                  server, transport   with and without a socket
    desk       where calls are answered: envelope, permissions      arrivals, incoming  what comes with a call
    actions/   the API's calls by name                              datasets, resources the rules of a write
    things     the addresses that the RDF gives                     pages, scoring      for people
    store      what is kept, in transactions                        files, downloads    uploaded files
    revise     package_revise's language      query, search         package_search's language and answer
    holdings   what is kept, at a glance

It behaves as CKAN 2.12 does, which tests/portal/test_portal_contract.py holds against a real one.

Loaded when first used, as odkit's own names are: the store is looked into without a web application. The types stand
in ``__init__.pyi``.
"""

from odkit.lazily import from_modules

_HOMES = {
    "Portal": "desk",
    "Site": "pages",
    "Store": "store",
    "WsgiAdapter": "transport",
    "create_app": "app",
    "create_site": "pages",
    "current_user": "app",
    "embedded_session": "transport",
    "portal_of": "app",
    "serve": "server",
}

__all__ = list(_HOMES)
__getattr__ = from_modules(__name__, _HOMES)
