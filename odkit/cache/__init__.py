"""What earlier runs did: results of stages by the digest of their inputs, and a record of each package in build/.

It saves work and is never believed: an entry that does not keep its own digest, or a package whose files are not
those of its record, is as good as none. All of it may be deleted at any time.

    past, inputs, record, store, frozen      one dataset: which of its stages need not run again
    index, marks                             all of them at a glance, without anything else of odkit being loaded

Loaded when first used, as odkit's own names are: the types stand in ``__init__.pyi``.
"""

from odkit.lazily import from_modules

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
__getattr__ = from_modules(__name__, _HOMES)
