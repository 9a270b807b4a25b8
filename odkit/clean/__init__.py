"""Stage 2, SourceTable -> CleanTable: headings, values, what follows from them, and an account of every change."""

from odkit.clean.check import check_table
from odkit.clean.privacy import hold_back
from odkit.clean.recognise import recognise
from odkit.clean.table import clean_table

__all__ = ["check_table", "clean_table", "hold_back", "recognise"]
