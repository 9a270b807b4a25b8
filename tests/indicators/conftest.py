"""The checked-in table of 68 indicators, read and evaluated once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from odkit.clean import clean_table
from odkit.indicators import Entry, Evaluation, Result, Rules, default_rules, evaluate, evaluate_table
from odkit.model import CleanTable, SourceSpec
from odkit.project import load_schema
from odkit.read import read_source

ROOT = Path(__file__).resolve().parents[2]
WORKBOOK = ROOT / "datapackages/120006/ict-indicators/令和2年度_進捗状況一覧.xlsx"


@pytest.fixture(scope="session")
def workbook() -> Path:
    """The published table as staff keep it."""
    return WORKBOOK


@pytest.fixture(scope="session")
def strategy_table() -> CleanTable:
    """The same, cleaned."""
    source = read_source(SourceSpec(path=WORKBOOK), WORKBOOK.name)
    return clean_table(source, load_schema("indicators.v1"))


@pytest.fixture(scope="session")
def strategy(strategy_table: CleanTable) -> Evaluation:
    """The same, evaluated."""
    return evaluate_table(strategy_table, default_rules())


@pytest.fixture
def judge() -> Callable[..., Result]:
    """Evaluates one indicator of fiscal 2020: cells by name, group 個別施策 unless said."""

    def one(rules: Rules | None = None, key: str = "2-19", group: str = "個別施策", **cells: str) -> Result:
        named = {
            "baseline": "",
            "value": "",
            "interim": "",
            "target": "",
            "status": "",
            "trend": "",
            "mark": "",
        } | cells
        baseline, value, interim, target, status, trend, mark = named.values()
        entry = Entry(
            key=key,
            group=group,
            baseline=baseline,
            value=value,
            interim=interim,
            target=target,
            status=status,
            trend=trend,
            mark=mark,
        )
        (result,) = evaluate([entry], rules or default_rules(), 2020)
        return result

    return one
