"""What each stage depends on, by name and digest: the fingerprints that say whether it must run again."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from odkit.model import DatasetSpec
from odkit.project import Project, data_file, load_schema

Inputs = Mapping[str, Mapping[str, str]]
"""Stage -> what it depends on, each by name, with a digest."""

GROUND = (
    *("model", "messages", "project"),
    *("collector.py", "decisions.py", "errors.py", "formulas.py", "jsonfile.py", "publish.py", "wholefile.py"),
)
HOME = Path(__file__).resolve().parent.parent
"""Where odkit is installed."""

CODE: Mapping[str, tuple[str, ...]] = {
    "clean": (*GROUND, "read", "clean", "indicators"),
    "package": (*GROUND, "package"),
    "rdf": (*GROUND, "rdf"),
    "score": (*GROUND, "score", "rdf", "clean"),
}
"""Stage -> the parts of odkit that it runs."""

LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "clean": ("jaconv", "openpyxl", "phonenumbers"),
    "package": ("frictionless", "openpyxl", "orjson"),
    "rdf": ("orjson", "rdflib"),
    "score": ("jaconv", "openpyxl", "orjson", "phonenumbers", "rdflib"),
}
INDICATOR = "indicator"
OF_RDF = ("mapping", "imi", "own", "context", "schemes", "cube")
PASSED_OVER: Mapping[str, tuple[str, ...]] = {
    "clean": ("shapes", "inventory", "formats.csv", *OF_RDF),
    "rdf": ("shapes", "inventory", "formats.csv", "headings.csv", "indicator", "mapping"),
    "score": ("shapes", "inventory", "mapping", "schemes", "cube"),
}
"""Stage -> what of vocab/ it does not use. All else counts, so that nothing new is forgotten."""

READ_BESIDE = ("accepted.csv", "{}-metadata.json", "csv-metadata.json")
"""Files beside a source that its score depends on."""


def stage_inputs(spec: DatasetSpec, project: Project, source: str) -> Inputs:
    """What every stage of building `spec` depends on; `source` is the sha256 of the source file.

    A stage sees what stands here and no more. The stage before it stands here by its name.
    """
    settled = {"headings": spec.headings, "decisions": spec.decisions, "publisher": spec.publisher}
    hints = replace(spec.source, path=Path(spec.source.path.name))
    declared = {item.name: getattr(spec, item.name) for item in fields(spec) if item.name != "source"}
    beside = {"accepted": _beside(spec.source.path), "licence": spec.licence}
    clean = {"source": source, "hints": hints, "standard": spec.standard, **settled, "unmapped": _mapped()}
    found: dict[str, Mapping[str, object]] = {
        "clean": {**clean, "schemas": _schemas(), "vocab": _vocab("clean")},
        "package": {**declared, "base_uri": project.base_uri},
        "rdf": {"mapping": _mapping(spec.standard), "vocab": _vocab("rdf")},
        "source-score": {
            "source": source,
            "hints": hints.path,
            **beside,
            "schemas": _schemas(),
            "vocab": _vocab("score"),
        },
        "score": {**beside, "schemas": _schemas(), "vocab": _vocab("score")},
    }
    return _chained(
        {stage: {name: _digest(repr(value)) for name, value in item.items()} for stage, item in found.items()}
    )


def key(stage: str, inputs: Inputs) -> str:
    """The digest of all that a stage depends on: its result is taken for nothing else."""
    return _digest(repr((stage, sorted(inputs[stage].items()))))


def key_of_all(inputs: Inputs) -> str:
    """The digest of all that the stages of a dataset depend on: where their results are kept."""
    return _digest(repr([shape(), *(key(stage, inputs) for stage in inputs)]))


@cache
def shape() -> str:
    """The digest of the code that kept values are made by: values of another odkit are not taken for ours."""
    return _code(("model", "decisions.py", "cache"))


@cache
def installed() -> str:
    """The digest of all that the outcome of a build depends on beside the project."""
    return _digest(repr([shape(), _schemas(), _tree(data_file("vocab")), *map(_odkit, CODE)]))


def _chained(found: dict[str, dict[str, str]]) -> Inputs:
    """The inputs with the code of each stage, and with the key of the stage whose output it takes."""
    before = {"package": "clean", "rdf": "package", "score": "rdf"}
    for stage, inputs in found.items():
        inputs["odkit"] = _odkit(stage.removeprefix("source-"))
        if stage in before:
            inputs[before[stage]] = key(before[stage], found)
    return found


@cache
def _odkit(stage: str) -> str:
    """The digest of the code of a stage: odkit's own as it is installed, and the versions of what it calls."""
    versions = [f"{name} {_version(name)}" for name in LIBRARIES[stage]]
    return _digest(repr((sys.version_info[:3], unicodedata.unidata_version, versions, _code(CODE[stage]))))


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _code(parts: tuple[str, ...]) -> str:
    return _digest(repr([_part(part) for part in parts]))


@cache
def _part(part: str) -> str:
    return _tree(HOME / part)


@cache
def _schemas() -> str:
    return _tree(data_file("schemas"))


@cache
def _vocab(stage: str) -> str:
    top = sorted(data_file("vocab").iterdir())
    return _digest(repr([(path.name, _tree(path)) for path in top if path.name not in PASSED_OVER[stage]]))


@cache
def _mapped() -> tuple[str, ...]:
    """Which schemas have a mapping: cleaning notes where one has none."""
    return tuple(sorted(path.stem for path in data_file("vocab", "mapping").glob("*.csv")))


@cache
def _mapping(standard: str) -> str:
    """The mappings that tables of a standard use: its own; indicators have tables beside their own."""
    of_indicators = load_schema(standard).kind == INDICATOR
    used = [name for name in _mapped() if name == standard or (of_indicators and load_schema(name).kind == INDICATOR)]
    return _digest(repr([_tree(data_file("vocab", "mapping", f"{name}.csv")) for name in used]))


def _beside(source: Path) -> list[bytes]:
    places = [source.with_name(name.format(source.name)) for name in READ_BESIDE]
    return [place.read_bytes() if place.is_file() else b"" for place in places]


def _tree(path: Path) -> str:
    """The digest of a file, or of all files below a folder with their names."""
    found = sha256()
    for item in _files(path):
        found.update(repr((item.relative_to(path).as_posix(), item.stat().st_size)).encode())
        found.update(item.read_bytes())
    return found.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    else:
        yield from (item for item in sorted(path.rglob("*")) if item.is_file() and item.suffix != ".pyc")


@lru_cache(maxsize=1024)
def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
