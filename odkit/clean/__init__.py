"""Stage 2, SourceTable -> CleanTable: headings, values, what follows from them, and an account of every change."""

from odkit.clean.check import check_table
from odkit.clean.conform import conform
from odkit.clean.gaps import Gap, find_gaps
from odkit.clean.privacy import hold_back
from odkit.clean.recognise import recognise, version_of
from odkit.clean.table import clean_table

__all__ = ["Gap", "check_table", "clean_table", "conform", "find_gaps", "hold_back", "recognise", "version_of"]
