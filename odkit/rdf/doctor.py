"""Are the mappings right? Every mistake of every line, in the words of the ontology."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from odkit.errors import DeclarationError
from odkit.model import Issue, Severity, Where
from odkit.project import data_file, load_schema
from odkit.rdf.mapping import load_mapping, mapping_faults, named


def examine_mappings(folder: Path | None = None) -> tuple[Issue, ...]:
    """An error for each mistake in the mappings of a folder (those of vocab/mapping/); a note where there is none."""
    files = sorted((folder or data_file("vocab", "mapping")).glob("*.csv"))
    found = tuple(_issue(fault) for file in files for fault in _faults(file))
    if found:
        return found
    where, details = Where(file="vocab/mapping"), {"count": str(len(files))}
    return (Issue(code="rdf.doctor-mappings", severity=Severity.NOTE, where=where, details=details),)


def _faults(file: Path) -> Iterable[DeclarationError]:
    found = mapping_faults(file)
    if found:
        return found
    try:
        return tuple(_columns(file))
    except DeclarationError as error:
        return (error,)


def _columns(file: Path) -> Iterator[DeclarationError]:
    """Where a mapping and its schema speak of different columns."""
    spoken_of, names = named(load_mapping(file)).columns, load_schema(file.stem).names
    for column in sorted(spoken_of.difference(names)):
        yield DeclarationError("rdf.mapping-column", file=file.name, column=column)
    for column in names:
        if column not in spoken_of:
            yield DeclarationError("rdf.mapping-missing", file=file.name, column=column)


def _issue(fault: DeclarationError) -> Issue:
    details = {name: value for name, value in fault.details.items() if name != "file"}
    return Issue(
        code=fault.code, severity=Severity.ERROR, where=Where(file=fault.details.get("file", "")), details=details
    )
