"""Stage `score`: how machine-readable a file or a package is, 0–5, with the place of every finding.

gather   bytes -> Facts (what it is, its tables, its encoding, its RDF)
checks   Facts -> one outcome per check
levels   outcomes -> the five stages
words    Score -> reasons, next step, JSON
"""

from odkit.score.both import Scoring
from odkit.score.gather import Served
from odkit.score.rate import Rules, score_bytes, score_file, score_package
from odkit.score.record import stage_summary, write_scores
from odkit.score.target import score_path, score_target, targets_of
from odkit.score.words import (
    RULES_VERSION,
    check_name,
    check_reason,
    check_text,
    format_name,
    next_step,
    reasons,
    to_json,
)

__all__ = [
    "RULES_VERSION",
    "Rules",
    "Scoring",
    "Served",
    "check_name",
    "check_reason",
    "check_text",
    "format_name",
    "next_step",
    "reasons",
    "score_bytes",
    "score_file",
    "score_package",
    "score_path",
    "score_target",
    "stage_summary",
    "targets_of",
    "to_json",
    "write_scores",
]
