"""Reading odkit's own declarations: TOML, checked against a JSON Schema of schemas/declaration/.

Errors name the file and the path in it; an unknown key gets the nearest known one as a suggestion.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
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
AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
VALUE = re.compile("[=＝\"'“”「『#]")
WIDE = re.compile("[“”„‟＂‘’＇「」『』＝［］｛｝，、．＃\u3000]")
"""Signs that a Japanese keyboard writes in the place of TOML's own."""
NARROW = {**dict.fromkeys("“”„‟「」『』", '"'), **dict.fromkeys("‘’", "'"), "、": ",", "\u3000": "␣"}
LONGEST_NAME = 40


def read_toml(path: Path, shown: str, kind: str) -> dict[str, Any]:
    """Parse and check one declaration; `shown` is the name in errors, `kind` its schema (``publish``, ``dataset``).

    Raises DeclarationError; a byte order mark and CRLF (Notepad) are fine.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        parsed = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise DeclarationError("project.not-utf8", file=shown, offset=error.start) from error
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, shown) from error
    except OSError as error:
        raise DeclarationError("project.unreadable", file=shown, reason=error.strerror or error) from error
    problem = best_match(_validator(kind).iter_errors(parsed), key=_weight)
    if problem is not None:
        raise _declaration_error(problem, shown)
    return parsed


def _syntax_error(reason: str, text: str, shown: str) -> DeclarationError:
    """What is wrong about the line that is no TOML. Its value is not told: it may be a secret."""
    lines = text.split("\n")
    found = AT_LINE.search(reason)
    number = int(found[1]) if found else len(lines)
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    name = VALUE.split(line, maxsplit=1)[0].strip()[:LONGEST_NAME]
    if reason.startswith(("Cannot overwrite", "Cannot declare")):
        return DeclarationError("project.toml-twice", file=shown, line=number, name=name)
    sign = WIDE.search(QUOTED.sub("", line))
    if sign:
        plain = NARROW.get(sign[0]) or unicodedata.normalize("NFKC", sign[0])
        return DeclarationError("project.toml-wide", file=shown, line=number, sign=sign[0], plain=plain)
    return DeclarationError("project.toml-syntax", file=shown, reason=f"{number}: {name}")


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
