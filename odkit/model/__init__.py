"""The types that travel between the stages: frozen, text only, no I/O.

A cell is text until a schema says otherwise, so ``011002`` never becomes 11002. Row and column numbers count from 1,
as Excel shows them; for a CSV a row is a record.
"""

from __future__ import annotations

from odkit.model.declared import (
    DatasetSpec,
    Field,
    Licence,
    Publisher,
    SourceSpec,
    TableSchema,
    usual_portal_name,
)
from odkit.model.documents import Document, Entry
from odkit.model.hands import ALONE, Hands, OnFiles
from odkit.model.ledger import Change, Issue, Severity, Where, column_letters
from odkit.model.numerals import arabic
from odkit.model.packages import Built, Package, Resource
from odkit.model.pushing import FieldChange, Publication, PushPlan
from odkit.model.rows import Batched, Columned, Joined, Row, batches, column_batches
from odkit.model.scores import (
    Accepted,
    Conform,
    Conformance,
    CriterionResult,
    DrawnRow,
    DrawnSheet,
    Evidence,
    Look,
    Outcome,
    Score,
    SeenSheet,
    Standard,
)
from odkit.model.tables import CleanTable, ColumnMatch, Dialect, Line, Origin, Remark, SourceTable

__all__ = [
    "ALONE",
    "Accepted",
    "Batched",
    "Built",
    "Change",
    "CleanTable",
    "ColumnMatch",
    "Columned",
    "Conform",
    "Conformance",
    "CriterionResult",
    "DatasetSpec",
    "Dialect",
    "Document",
    "DrawnRow",
    "DrawnSheet",
    "Entry",
    "Evidence",
    "Field",
    "FieldChange",
    "Hands",
    "Issue",
    "Joined",
    "Licence",
    "Line",
    "Look",
    "OnFiles",
    "Origin",
    "Outcome",
    "Package",
    "Publication",
    "Publisher",
    "PushPlan",
    "Remark",
    "Resource",
    "Row",
    "Score",
    "SeenSheet",
    "Severity",
    "SourceSpec",
    "SourceTable",
    "Standard",
    "TableSchema",
    "Where",
    "arabic",
    "batches",
    "column_batches",
    "column_letters",
    "usual_portal_name",
]
