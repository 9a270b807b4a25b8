"""The inventory: who publishes which recommended dataset at which stage, against the targets."""

from odkit.inventory import report
from odkit.inventory.declared import Recommended, Targets, load_targets, recommended
from odkit.inventory.holdings import BUILT, DECLARED, PUBLISHED, Holding, shown_holding
from odkit.inventory.inventory import Cell, Inventory, Step, take_stock
from odkit.inventory.listing import LISTING, LISTING_SCHEMA, listing
from odkit.inventory.page import render_page

__all__ = [
    "BUILT",
    "DECLARED",
    "LISTING",
    "LISTING_SCHEMA",
    "PUBLISHED",
    "Cell",
    "Holding",
    "Inventory",
    "Recommended",
    "Step",
    "Targets",
    "listing",
    "load_targets",
    "recommended",
    "render_page",
    "report",
    "shown_holding",
    "take_stock",
]
