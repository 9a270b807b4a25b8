"""Stage 2, SourceTable -> CleanTable: headings, values, what follows from them, and an account of every change."""

from odkit.clean.check import check_table
from odkit.clean.recognise import recognise, version_of
from odkit.clean.table import clean_table

__all__ = ["check_table", "clean_table", "recognise", "version_of"]
