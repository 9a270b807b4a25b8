"""The rules of the house, checked on the syntax tree of every module of odkit: nothing is imported for it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STAGES = frozenset({"read", "clean", "package", "rdf", "score", "push", "indicators", "inventory"})
GROUND = frozenset(
    {"model", "collector", "decisions", "errors", "formulas", "jsonfile", "messages", "project", "wholefile", ""}
)
"""What every stage stands on; "" is odkit/__init__.py, for the version."""

MAY_IMPORT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(STAGES, GROUND),
    "collector": frozenset(),
    "decisions": frozenset(),
    "formulas": frozenset(),
    "jsonfile": frozenset(),
    "wholefile": frozenset(),
    "lazily": frozenset(),
    "model": frozenset({"decisions"}),
    "messages": frozenset(),
    "errors": frozenset({"messages"}),
    "interruption": frozenset({"errors"}),
    "project": frozenset({"model", "decisions", "errors"}),
    "cache": frozenset({"lazily", "model", "project"}),
    # One file of a person who asks, scored and mended: joins the stages for the portal's scoring page.
    "diagnose": GROUND | STAGES,
    "portal": GROUND | {"diagnose", "lazily"},
    "publish": GROUND | STAGES | {"cache"},
    "schedule": frozenset({"model", "errors", "interruption"}),
    # Files on their way to other machines; what is built there.
    "depot": frozenset({"errors"}),
    "pieces": frozenset({"model", "errors", "cache", "depot", "schedule"}),
    "afar": GROUND | {"cache", "depot", "pieces", "publish", "schedule"},
    # Many datasets at once: hands the journey to those who work side by side.
    "many": GROUND | {"afar", "cache", "depot", "pieces", "publish", "schedule"},
    "cli": GROUND | STAGES | {"cache", "publish", "many", "depot", "schedule", "portal", "diagnose", "interruption"},
    "__main__": frozenset({"cli"}),
    "": frozenset({"lazily"}),
}
"""Top-level part of odkit -> the other parts it may import."""

EXCEPTIONS = frozenset({("score", "odkit.rdf.probe")})
"""The RDF probe of score/ calls rdf's door."""

DOORS: Mapping[str, frozenset[str]] = {
    "frictionless": frozenset({"package"}),
    "ckanapi": frozenset({"push"}),
    "keyring": frozenset({"push"}),
    "rdflib": frozenset({"rdf"}),
    "tenacity": frozenset({"push"}),
    "pyshacl": frozenset({"rdf"}),
    # package/workbook.py writes a cleaned table for staff to take back; reading stays with read/.
    "openpyxl": frozenset({"read", "package"}),
    "python_calamine": frozenset({"read"}),
    "jaconv": frozenset({"clean"}),
    "phonenumbers": frozenset({"clean"}),
    "distributed": frozenset({"schedule"}),
    "fsspec": frozenset({"depot"}),
    "jsonschema": frozenset({"project"}),
    "orjson": frozenset({"jsonfile"}),
    "flask": frozenset({"portal"}),
    "werkzeug": frozenset({"portal"}),
    "waitress": frozenset({"portal"}),
    "jinja2": frozenset({"indicators", "inventory", "score"}),
    "click": frozenset({"cli"}),
    "rich": frozenset({"cli"}),
    "pandas": frozenset({"indicators", "inventory", "cli"}),
}
"""A library -> the only parts of odkit that import it."""

LIGHT = frozenset(
    {"odkit", "odkit.__main__", "odkit.cli", "odkit.cli.base", "odkit.lazily", "odkit.messages"}
    | {"odkit.cli.misuse", "odkit.errors", "odkit.interruption"}
)
"""All of odkit that its help, version, completion and a word it does not know may load; of libraries click alone."""
LONGEST_MODULE = 400
LONGEST_FUNCTION = 45
NAMELESS = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def trees() -> Mapping[str, ast.Module]:
    """Every module of odkit, parsed, by its dotted name."""
    return {_dotted(path): ast.parse(path.read_text(encoding="utf-8")) for path in sources()}


def sources() -> list[Path]:
    return sorted((ROOT / "odkit").rglob("*.py"))


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.AST) -> Iterator[str]:
    """The dotted names of what a tree imports: a module where one of that name is ours, else where it comes from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in trees() else node.module for name in whole)


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def part(module: str) -> str:
    """The part of odkit that a module belongs to: ``odkit.read.xlsx`` -> ``read``; odkit itself -> ""."""
    return [*module.split("."), ""][1]


def test_every_part_has_its_rule() -> None:
    assert {part(module) for module in trees()} <= set(MAY_IMPORT)


def test_parts_import_only_what_they_may() -> None:
    wrong = [
        f"{module} imports {target}"
        for module, tree in trees().items()
        for target in imports(tree)
        if target.split(".")[0] == "odkit"
        and part(target) not in MAY_IMPORT[part(module)] | {part(module)}
        and (part(module), target) not in EXCEPTIONS
    ]
    assert wrong == []


def test_imports_name_their_module_in_full() -> None:
    relative = [
        module
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


@pytest.mark.parametrize("library", sorted(DOORS))
def test_a_library_has_one_door(library: str) -> None:
    importers = {module for module, tree in trees().items() for name in imports(tree) if name.split(".")[0] == library}
    assert sorted(module for module in importers if part(module) not in DOORS[library]) == []


def test_no_modules_import_each_other() -> None:
    graph = {
        module: {target for target in imports(tree) if target in trees()} - {module} for module, tree in trees().items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{module}:{function.name} imports {name}"
        for module, tree in trees().items()
        for function in functions(tree)
        for name in imports(function)
    ]
    assert hidden == []


def test_few_import_by_name() -> None:
    """Commands, the public API, the cluster and the depot (extras) are loaded when used; all else is seen here.

    So are the stages by a publication that may find nothing to do, what stands before the stages (cache and portal),
    and openpyxl, where there is a workbook.
    """
    dynamic = {
        module
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and _last_name(node) in ("import_module", "__import__", "from_modules")
    }
    packages = {"odkit", "odkit.cli", "odkit.schedule", "odkit.depot", "odkit.cache", "odkit.portal"}
    of_workbooks = {"odkit.publish", "odkit.read.formats"}
    assert dynamic == packages | of_workbooks | {"odkit.cli.publish", "odkit.cli.glance", "odkit.lazily"}


def _last_name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def test_modules_are_short() -> None:
    lengths = {_dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {module: lines for module, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_functions_are_short() -> None:
    lengths = {
        f"{module}:{function.name}": _lines(function)
        for module, tree in trees().items()
        for function in functions(tree)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def _lines(function: Function) -> int:
    """The lines of a function without its docstring and decorators."""
    first = function.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_nothing_prints() -> None:
    """Results go to stdout and words to stderr through the command line, nothing else speaks."""
    printing = {
        module
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert printing == set()


def test_everything_public_is_documented() -> None:
    silent = [name for module, tree in trees().items() for name in _undocumented(tree, module)]
    assert silent == []


def _undocumented(node: ast.Module | ast.ClassDef, name: str) -> Iterator[str]:
    """The public functions, classes and methods without a docstring; what is inside a function is not public."""
    if ast.get_docstring(node) is None:
        yield name
    for child in node.body:
        if isinstance(child, ast.ClassDef | Function) and child.name.startswith("_"):
            continue
        if isinstance(child, ast.ClassDef):
            yield from _undocumented(child, f"{name}.{child.name}")
        elif isinstance(child, Function) and ast.get_docstring(child) is None:
            yield f"{name}.{child.name}"


def test_every_function_says_what_it_takes_and_gives() -> None:
    bare = [
        f"{module}:{function.name}"
        for module, tree in trees().items()
        for function in functions(tree)
        if function.returns is None or any(arg.annotation is None for arg in _arguments(function))
    ]
    assert bare == []


def _arguments(function: Function) -> Iterator[ast.arg]:
    taken = function.args
    extra = (arg for arg in (taken.vararg, taken.kwarg) if arg is not None)
    named = (*taken.posonlyargs, *taken.args, *taken.kwonlyargs, *extra)
    return (arg for arg in named if arg.arg not in ("self", "cls"))


def test_modules_have_a_name_of_their_own() -> None:
    assert [module for module in trees() if NAMELESS & set(module.split("."))] == []


def test_data_folders_hold_no_code() -> None:
    assert [path.name for folder in ("schemas", "vocab") for path in (ROOT / folder).rglob("*.py")] == []


@pytest.mark.parametrize("words", ["--help", "--version", "nothing-of-the-kind", "", "_ODKIT_COMPLETE=bash_source"])
def test_the_command_line_starts_without_the_stages_and_their_libraries(words: str) -> None:
    name, completes, value = words.partition("=")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "odkit", *([] if completes or not words else [words])],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **({name: value} if completes else {})},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    imported = {line.rpartition("|")[2].strip() for line in lines}
    libraries = {name.partition(".")[0] for name in imported} & set(DOORS)
    assert libraries == {"click"}
    assert {name for name in imported if name.partition(".")[0] == "odkit"} <= LIGHT


def test_nothing_that_is_published_knows_the_day() -> None:
    """The same input gives the same bytes on any day: only the portal, a server, has a clock, and the link check."""
    clocks = {"now", "today", "utcnow", "localtime", "gmtime", "uuid1", "uuid4", "urandom"}
    callers = {
        module
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and _last_name(node.func) in clocks
    }
    callers |= {module for module, tree in trees().items() if "random" in set(imports(tree))}
    assert {module for module in callers if not module.startswith("odkit.portal")} == {"odkit.cli.rdf"}


def test_a_build_depends_on_all_of_the_ground_and_on_the_libraries_behind_it() -> None:
    """What every stage stands on is in the fingerprint of every stage: nothing new is forgotten."""
    inputs = import_module("odkit.cache.inputs")
    for parts in inputs.CODE.values():
        assert {Path(part).stem for part in parts} >= GROUND - {""}
    for stage in ("package", "rdf", "score"):
        writes_by = {library for library, parts in DOORS.items() if "jsonfile" in parts}
        assert writes_by <= set(inputs.LIBRARIES[stage])
