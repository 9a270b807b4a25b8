"""What earlier runs did: results of stages by the digest of their inputs, and a record of each package in build/.

It saves work and is never believed: an entry that does not keep its own digest, or a package whose files are not
those of its record, is as good as none. All of it may be deleted at any time.

    past, inputs, record, store, frozen      one dataset: which of its stages need not run again
    index, marks                             all of them at a glance, without anything else of odkit being loaded

Loaded when first used, as odkit's own names are: the types stand in ``__init__.pyi``.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "Inputs": "inputs",
    "Past": "past",
    "READ_BESIDE": "inputs",
    "Usage": "upkeep",
    "cache_usage": "upkeep",
    "installed": "inputs",
    "prune_cache": "upkeep",
    "was_built": "record",
    "stage_inputs": "inputs",
    "summary": "past",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """What others use of the cache, from the module that has it."""
    if name in _HOMES:
        return getattr(import_module(f"odkit.cache.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'odkit.cache' has no attribute {name!r}")
