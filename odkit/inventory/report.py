"""The inventory as rows of text for people and as plain data for machines."""

from __future__ import annotations

from dataclasses import asdict

from odkit import messages
from odkit.inventory.declared import recommended
from odkit.inventory.inventory import Cell, Inventory, Step, is_municipality
from odkit.model import Row
from odkit.project import eras, municipalities

Table = tuple[list[str], list[Row]]
NAMES_SHOWN = 6


def said(name: str, lang: str, **details: object) -> str:
    """A text of the inventory's catalogue."""
    return messages.text(f"inventory.{name}", lang, {key: str(value) for key, value in details.items()})


def publisher_name(code: str, lang: str) -> str:
    """A government's name."""
    government = municipalities()[code]
    return government.name if lang == "ja" else government.name_en


def standard_title(standard: str, lang: str) -> str:
    """A recommended dataset's title."""
    item = recommended()[standard]
    return item.title if lang == "ja" else item.title_en


def fiscal_year(year: int, lang: str) -> str:
    """A fiscal year as people call it: ``令和6年度``, ``fiscal 2024``."""
    era = [item for item in eras() if item.start.year <= year][-1]
    number = year - era.start.year + 1
    return f"{era.name}{'元' if number == 1 else number}年度" if lang == "ja" else f"fiscal {year}"


def summary(found: Inventory, lang: str) -> list[str]:
    """Where things stand against the targets, in a few lines."""
    targets = found.targets
    prefecture = sum(not is_municipality(cell.code) for cell in found.at_target)
    reached = len(found.at_target)
    lines = [
        said(
            "target-datasets",
            lang,
            stage=targets.stage,
            count=reached,
            target=targets.datasets,
            year=fiscal_year(targets.by, lang),
            prefecture=prefecture,
            municipal=reached - prefecture,
        ),
        said(
            "target-municipalities",
            lang,
            count=len(found.municipalities),
            target=targets.municipalities,
        ),
        said(
            "baseline",
            lang,
            year=fiscal_year(targets.baseline_year, lang),
            count=targets.baseline_datasets,
            stage=targets.baseline_stage,
            municipal=targets.baseline_municipal,
        ),
    ]
    missing = targets.datasets - reached
    lines.append(said("missing", lang, count=missing) if missing > 0 else said("met", lang, count=-missing))
    return lines


def matrix(found: Inventory, lang: str) -> Table:
    """A row per recommended dataset that anyone has, a column per publisher; the stage that the public sees.

    What is only in the project stands in brackets; ``~`` marks a stage that is estimated from the formats.
    """
    headings = [said("column-dataset", lang), *(publisher_name(code, lang) for code in found.publishers)]
    rows: list[Row] = [
        (
            f"{recommended()[standard].number} {standard_title(standard, lang)}",
            *(cell_text(found.cells.get((standard, code))) for code in found.publishers),
        )
        for standard in found.standards
    ]
    return headings, rows


def cell_text(cell: Cell | None) -> str:
    """A pair in a few signs: ``5``, ``~3``, ``(2)``, ``?``; "" where nobody has it."""
    if cell is None:
        return ""
    holding = cell.published or cell.local
    if holding is None:
        return ""
    stage = "?" if holding.stage is None else f"{'~' if holding.estimated else ''}{holding.stage}"
    return stage if cell.published else f"({stage})"


def details(found: Inventory, lang: str) -> Table:
    """A row per pair: dataset, publisher, stage, date, licence, next step."""
    names = ("dataset", "publisher", "stage", "updated", "licence", "next")
    steps = {(cell.standard, cell.code): step for step in found.steps for cell in step.cells}
    rows: list[Row] = []
    for pair, cell in found.cells.items():
        holding = cell.published or cell.local
        rows.append(
            (
                standard_title(cell.standard, lang),
                publisher_name(cell.code, lang),
                cell_text(cell),
                (holding.updated if holding else "") or "-",
                (holding.licence if holding else "") or "-",
                said(f"next-{steps[pair].code}", lang) if pair in steps else said("next-keep", lang),
            )
        )
    return [said(f"column-{name}", lang) for name in names], rows


def questions(found: Inventory, lang: str) -> list[tuple[str, str]]:
    """What was not counted or is not certain, each with the way out."""
    return [
        (messages.text(issue.code, lang, issue.facts), messages.text(issue.code, lang, issue.facts, "fix"))
        for issue in found.issues
    ]


def step_lines(found: Inventory, lang: str) -> list[str]:
    """What would lift the count, the most at once first, with the lists it is about."""
    return [step_text(step, lang) for step in found.steps]


def step_text(step: Step, lang: str) -> str:
    """A step in words: how many lists, at which stage, what to do, and some of them."""
    stage = "?" if step.stage is None else step.stage
    names = [f"{publisher_name(cell.code, lang)} {standard_title(cell.standard, lang)}" for cell in step.cells]
    shown = said("and", lang).join(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    shown += said("more", lang, count=more) if more > 0 else ""
    return said(f"step-{step.code}", lang, count=len(step.cells), stage=stage, names=shown)


def everything(found: Inventory, lang: str) -> dict[str, object]:
    """The whole inventory for machines."""
    targets = found.targets
    return {
        "targets": asdict(targets),
        "datasets_at_target": len(found.at_target),
        "datasets_published": len(found.published),
        "municipalities_publishing": len(found.municipalities),
        "cells": [_cell_facts(cell, lang) for cell in found.cells.values()],
        "others": [asdict(one) for one in found.others],
        "steps": [
            {
                "step": step.code,
                "stage": step.stage,
                "count": len(step.cells),
                "pairs": [f"{cell.code}/{cell.standard}" for cell in step.cells],
            }
            for step in found.steps
        ],
        "issues": [{"code": issue.code, "severity": issue.severity, **issue.facts} for issue in found.issues],
    }


def _cell_facts(cell: Cell, lang: str) -> dict[str, object]:
    return {
        "dataset": cell.standard,
        "title": standard_title(cell.standard, lang),
        "publisher": cell.code,
        "publisher_name": publisher_name(cell.code, lang),
        "stage": cell.stage,
        "published": asdict(cell.published) if cell.published else None,
        "local": asdict(cell.local) if cell.local else None,
    }
