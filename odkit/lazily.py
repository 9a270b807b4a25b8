"""Names of a package that load the module they stand in when they are first used (PEP 562).

Whoever imports the package to look at one light module of it pays for nothing else. What the names are tells a type
checker the package's ``__init__.pyi``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def from_modules(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """The ``__getattr__`` of a package: `homes` gives the module, within it, that has a name."""

    def load(name: str) -> object:
        if name in homes:
            return getattr(import_module(f"{package}.{homes[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load
