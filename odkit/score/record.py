"""The score of a package as it is published with it: score.json, and the two stages for the descriptor."""

from __future__ import annotations

import hashlib
from pathlib import Path

from odkit import messages
from odkit.jsonfile import json_bytes
from odkit.model import Resource, Score
from odkit.score.words import reasons, to_json
from odkit.wholefile import write_file

FILE = "score.json"


def stage_summary(before: Score, after: Score) -> dict[str, int | None]:
    """The stages of the source and of the package."""
    return {"before": before.level, "after": after.level}


def write_scores(before: Score, after: Score, folder: Path) -> Resource:
    """Write score.json: both scores whole, and the reasons for each stage in every language."""
    scores = {"before": before, "after": after}
    said = {lang: {when: reasons(score, lang) for when, score in scores.items()} for lang in messages.LANGUAGES}
    content = {
        **{when: to_json(score, "ja", said["ja"][when]) for when, score in scores.items()},
        "reasons": said,
    }
    data = json_bytes(content, whole_numbers=True)
    write_file(folder / FILE, data)
    return Resource(
        key="score",
        path=FILE,
        title="機械判読性の段階とその理由",
        title_en="Stage of machine readability, with reasons",
        format="JSON",
        media_type="application/json",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
