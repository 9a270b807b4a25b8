"""One meaning of a value per file. `compile_cleaner` makes the cleaner of a column from its schema's field.

A cleaner is called once per distinct value. It gives the value as published and the rule that changed it, or, where
the value cannot be settled without a guess, the value untouched and the code of an issue.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from odkit.clean.values.base import Cleaned, Cleaner, Factory, Facts
from odkit.clean.values.code_municipality import compile_code
from odkit.clean.values.coordinate import clean_coordinate
from odkit.clean.values.corporate_number import clean_corporate_number
from odkit.clean.values.date import compile_date, compile_date_among_serials, has_serial
from odkit.clean.values.english import clean_english
from odkit.clean.values.enum import compile_enum, compile_multi
from odkit.clean.values.kana import clean_kana
from odkit.clean.values.number import clean_integer, clean_number
from odkit.clean.values.phone import compile_phone
from odkit.clean.values.postal_code import clean_postal_code, clean_usual_postal_codes
from odkit.clean.values.text import clean_address, clean_code, clean_text
from odkit.clean.values.time import clean_time
from odkit.clean.values.url import clean_email, clean_url
from odkit.clean.values.weekdays import clean_weekdays
from odkit.model import Field

__all__ = ["CLEANERS", "FACTORIES", "Cleaned", "Cleaner", "Facts", "clean_usual", "compile_cleaner", "evidence"]

CLEANERS: Mapping[str, Cleaner] = {
    "address": clean_address,
    "block": clean_address,
    "city": clean_text,
    "corporate_number": clean_corporate_number,
    "email": clean_email,
    "english": clean_english,
    "government_name": clean_text,
    "id": clean_code,
    "integer": clean_integer,
    "kana": clean_kana,
    "latitude": clean_coordinate,
    "longitude": clean_coordinate,
    "longtext": clean_text,
    "name": clean_text,
    "number": clean_number,
    "postal_code": clean_postal_code,
    "prefecture": clean_text,
    "text": clean_text,
    "time": clean_time,
    "town": clean_address,
    "url": clean_url,
    "weekdays": clean_weekdays,
}
"""Cleaners that need the value alone, by meaning."""

FACTORIES: Mapping[str, Factory] = {
    "code_municipality": compile_code,
    "date": compile_date,
    "enum": compile_enum,
    "flag": compile_enum,
    "multi": compile_multi,
    "phone": compile_phone,
}
"""Makers of cleaners that need the field or the vocabulary, by meaning."""

USUAL: Mapping[str, tuple[Callable[[Collection[str]], Mapping[str, str]], str]] = {
    "postal_code": (clean_usual_postal_codes, "postal-code"),
}
"""Meaning -> what cleans many values of one spelling at once, as the meaning's cleaner would one by one; the rule."""

AMONG_EVIDENCE: Mapping[str, Factory] = {"date": compile_date_among_serials}
"""The same, for columns that have a value that `evidence` finds."""


def compile_cleaner(field: Field, facts: Facts, *, has_evidence: bool = False) -> Cleaner:
    """The cleaner of a column; `has_evidence`: whether the column has a value that `evidence` finds.

    A meaning that odkit does not know is kept as text.
    """
    if has_evidence and field.meaning in AMONG_EVIDENCE:
        return AMONG_EVIDENCE[field.meaning](field, facts)
    factory = FACTORIES.get(field.meaning)
    return factory(field, facts) if factory else CLEANERS.get(field.meaning, clean_text)


def clean_usual(field: Field, values: Collection[str]) -> tuple[Mapping[str, str], str]:
    """Value -> cleaned value for those of `values` that can be cleaned all at once, and the rule that changes them."""
    clean, rule = USUAL.get(field.meaning, (None, ""))
    return (clean(values) if clean else {}), rule


def evidence(field: Field, values: Iterable[str]) -> bool:
    """Whether one of a column's values says how others are meant: beside an Excel serial date 366 is one, too."""
    return field.meaning == "date" and has_serial(values)
