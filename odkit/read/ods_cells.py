"""A cell of an OpenDocument table -> text: its value, and what it shows where the value says less."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from odkit.read.cells import as_text, plain_number

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "

_DURATION = re.compile(r"(-?)PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,]\d*)?S)?")
_CODE = re.compile(r"\d[\d-]*")
_ERROR = re.compile(r"#[A-Z0-9/!?]+|(?:Err|エラー):\d+")
_NUMBERS = frozenset({"float", "currency"})


def spelled(cell: Mapping[str, str], shown: str) -> str:
    """The text of a cell from its attributes and from what it shows, spelt as `as_text` spells a workbook's."""
    kind, value = cell.get(f"{OFFICE}value-type", ""), cell.get(f"{OFFICE}value", "")
    if kind in _NUMBERS and value:
        return shown if _shows_code(value, shown) else plain_number(float(value))
    if kind == "percentage" and value:
        return shown.strip() if shown.strip().endswith("%") else plain_number(float(value))
    if kind == "date":
        return _date(cell.get(f"{OFFICE}date-value", ""), shown)
    if kind == "time":
        return _time(cell.get(f"{OFFICE}time-value", ""), shown)
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value", shown).upper()
    return shown or cell.get(f"{OFFICE}string-value", "")


def error_value(text: str) -> bool:
    """Whether a cell shows an error: #N/A, #DIV/0!, Err:502."""
    return bool(_ERROR.fullmatch(text))


def is_rounded_percentage(cell: Mapping[str, str], text: str) -> bool:
    """Whether a percentage shows fewer digits than its value has."""
    value = cell.get(f"{OFFICE}value", "")
    if cell.get(f"{OFFICE}value-type") != "percentage" or not text.endswith("%") or not value:
        return False
    try:
        return Decimal(text[:-1].replace(",", "")) != Decimal(plain_number(float(value))) * 100
    except InvalidOperation:
        return False


def _shows_code(value: str, shown: str) -> bool:
    """Whether a number is shown as a code: 11002 as 011002, 2600855 as 260-0855."""
    if not _CODE.fullmatch(shown) or not (shown.startswith("0") or "-" in shown) or shown == "0":
        return False
    return float(shown.replace("-", "")) == float(value)


def _date(value: str, shown: str) -> str:
    try:
        return as_text(dt.datetime.fromisoformat(value))
    except ValueError:
        return shown or value


def _time(value: str, shown: str) -> str:
    match = _DURATION.fullmatch(value)
    if not match:
        return shown or value
    hours, minutes, seconds = (int(match[part] or 0) for part in (2, 3, 4))
    span = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return as_text(-span if match[1] else span)
