"""The stage ``read``: bytes -> `SourceTable`. Every cell is text; nothing is renamed, merged, cast or dropped."""

from __future__ import annotations

from odkit.read.encodings import decode
from odkit.read.looks import look_into_xls
from odkit.read.source import read_source

__all__ = ["decode", "look_into_xls", "read_source"]
