from odkit.portal.app import create_app as create_app
from odkit.portal.app import current_user as current_user
from odkit.portal.app import portal_of as portal_of
from odkit.portal.desk import Portal as Portal
from odkit.portal.pages import Site as Site
from odkit.portal.pages import create_site as create_site
from odkit.portal.server import serve as serve
from odkit.portal.store import Store as Store
from odkit.portal.transport import WsgiAdapter as WsgiAdapter
from odkit.portal.transport import embedded_session as embedded_session

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
