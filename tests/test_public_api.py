"""What a program may import from ``odkit`` itself."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import odkit

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(odkit.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_a_documented_function(name: str) -> None:
    function = getattr(odkit, name)
    assert inspect.isfunction(inspect.unwrap(function))
    assert function.__name__ == name
    assert inspect.getdoc(function)


def test_the_stub_names_the_same() -> None:
    stub = ast.parse((ROOT / "odkit" / "__init__.pyi").read_text(encoding="utf-8"))
    imported = {alias.name for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert sorted(imported) == NAMES


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'publsh'"):
        _ = getattr(odkit, "publsh")  # noqa: B009 - the type checker knows that it is not there


def test_the_api_joins_into_a_journey(tmp_path: Path) -> None:
    project = odkit.load_project(ROOT)
    spec = project.dataset("120006/public_wireless_lan")
    source = odkit.read_source(spec.source)
    table = odkit.clean_table(source, odkit.load_schema(spec.standard), spec.publisher, spec.headings)
    package = odkit.build_package(spec, [table], tmp_path, project.base_uri)
    rdf, *_ = odkit.write_rdf(package, project.base_uri)
    assert odkit.score_file(tmp_path / rdf.path, spec.licence.id).level == 5
    assert odkit.score_file(tmp_path / "data.csv", spec.licence.id).level == 4  # its CSVW names the rows
