"""Performance indicators: value cells as people write them, read into numbers, units and periods."""

from odkit.indicators.cells import ValuePart, parse_value
from odkit.indicators.tidy import tidy_tables

__all__ = ["ValuePart", "parse_value", "tidy_tables"]
