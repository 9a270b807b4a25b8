"""Ranges of the query language: which values are inside, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from odkit.portal.errors import SearchFailed
from odkit.portal.query import compiled
from odkit.portal.ranges import within

DAY = "2026-03-31T12:00:00.000001"


@pytest.mark.parametrize(
    ("field", "token", "value", "inside"),
    [
        ("metadata_modified", "[2026-03-31T12:00:00Z TO *]", DAY, True),
        ("metadata_modified", "[2026-03-31T12:00:00.000001Z TO *]", DAY, True),
        ("metadata_modified", "{2026-03-31T12:00:00.000001Z TO *]", DAY, False),
        ("metadata_modified", "[* TO 2026-03-31T12:00:00.000001Z}", DAY, False),
        ("metadata_modified", "[2026-03-31 TO 2026-04-01]", DAY, True),
        ("metadata_modified", '["2026-03-31T21:00:00+09:00" TO "2026-03-31T21:00:01+09:00"]', DAY, True),
        ("metadata_modified", "[2026-04-30T00:00:00Z-1MONTH TO *]", DAY, True),
        ("metadata_modified", "[* TO 2026-05-31T12:00:00Z-3MONTHS]", "2026-02-28T12:00:00", True),
        ("metadata_modified", "[* TO 2028-02-29T12:00:00Z-1YEAR]", "2027-02-28T12:00:00", True),
        ("metadata_modified", "[* TO 2026-03-31T12:00:00Z/DAY]", DAY, False),
        ("metadata_modified", "[2026-03-31T12:00:00Z/YEAR TO 2026-01-01]", "2026-01-01T00:00:00", True),
        ("metadata_modified", "[* TO 2026-03-31T12:00:00Z+1HOUR-59MINUTES-61SECONDS]", DAY, False),
        ("num_resources", "[2 TO 10]", "9", True),
        ("num_resources", "[2 TO 9}", "9", False),
        ("name", "[b TO c]", "bb", True),
        ("name", "[b TO *]", "a", False),
    ],
)
def test_what_is_inside(field: str, token: str, value: str, inside: bool) -> None:
    assert within(field, token)(value) is inside


def test_now_is_now() -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    recent = within("metadata_modified", "[NOW-7DAYS TO NOW]")
    assert recent((at - timedelta(days=6, hours=23)).isoformat())
    assert not recent((at - timedelta(days=7, hours=1)).isoformat())
    assert not recent((at + timedelta(hours=1)).isoformat())


@pytest.mark.parametrize(
    "bound", ["yesterday", "2026-13-01", "NOW-1WEEK", "NOW-", "NOW-999999DAYS*", "NOW-999999YEARS", "NOW+999999YEARS"]
)
def test_what_is_no_date(bound: str) -> None:
    with pytest.raises(SearchFailed):
        compiled(f"metadata_modified:[{bound} TO *]")
