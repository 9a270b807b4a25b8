"""Reading odkit's own declarations: TOML, checked against a JSON Schema of schemas/declaration/.

Errors name the file and the path in it; an unknown key gets the nearest known one as a suggestion.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from odkit.errors import DeclarationError
from odkit.project.data import data_file

VARIABLE = re.compile("[A-Z][A-Z0-9_]*")


def read_toml(path: Path, shown: str, kind: str) -> dict[str, Any]:
    """Parse and check one declaration; `shown` is the name in errors, `kind` its schema (``publish``, ``dataset``).

    Raises DeclarationError; a byte order mark and CRLF (Notepad) are fine.
    """
    try:
        parsed = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DeclarationError("project.not-utf8", file=shown, offset=error.start) from error
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError("project.toml-syntax", file=shown, reason=error) from error
    except OSError as error:
        raise DeclarationError("project.unreadable", file=shown, reason=error.strerror or error) from error
    problem = best_match(_validator(kind).iter_errors(parsed), key=_weight)
    if problem is not None:
        raise _declaration_error(problem, shown)
    return parsed


@cache
def _validator(kind: str) -> Draft202012Validator:
    path = data_file("schemas", "declaration", f"{kind}.json")
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def _weight(error: ValidationError) -> tuple[bool, int]:
    # A misspelt key is often also a missing one: name the misspelling, it says both.
    return (error.validator == "additionalProperties", -len(error.absolute_path))


def _declaration_error(problem: ValidationError, shown: str) -> DeclarationError:
    path = ".".join(str(part) for part in problem.absolute_path)
    schema: Mapping[str, Any] = problem.schema if isinstance(problem.schema, Mapping) else {}
    if problem.validator == "additionalProperties" and isinstance(problem.instance, Mapping):
        return _unknown_key(shown, path, problem.instance, schema)
    if problem.validator == "required" and isinstance(problem.instance, Mapping):
        key = next(name for name in schema["required"] if name not in problem.instance)
        return DeclarationError("project.missing-key", file=shown, path=_join(path, key))
    expected = schema.get("description", schema.get("type", ""))
    details = {"value": problem.instance, "expected": expected, "expected_ja": schema.get("description-ja", expected)}
    return DeclarationError("project.bad-value", file=shown, path=path, **details)


def _unknown_key(shown: str, path: str, instance: Mapping[str, Any], schema: Mapping[str, Any]) -> DeclarationError:
    known = list(schema.get("properties", ()))
    key = next(name for name in instance if name not in known)
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    names_variable = VARIABLE.fullmatch(str(instance[key]))
    if ("token" in key.casefold() or "api_key" in key.casefold()) and not names_variable:
        return DeclarationError("project.secret-in-file", file=shown, path=_join(path, key))
    known_text = ", ".join(known)
    if near:
        return DeclarationError("project.unknown-key-near", file=shown, path=_join(path, key), near=near[0])
    return DeclarationError("project.unknown-key", file=shown, path=_join(path, key), known=known_text)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
