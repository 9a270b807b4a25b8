"""odkit: from the tables a prefecture and its municipalities have, to open data at the fifth star.

    read     bytes -> SourceTable            every cell is text, nothing dropped
    clean    SourceTable -> CleanTable       the standard's layout, every change in a ledger
    package  CleanTable -> Package           data.csv and its Frictionless descriptor
    rdf      Package -> data.ttl             the common vocabulary, with links
    score    a file or a package -> Score    the five stages, with reasons
    push     Package -> portal               plan, apply, verify

`odkit.publish` does the whole journey. The functions of `__all__` are the public API; each is loaded with its
stage when it is first used, so that ``odkit --help`` stays quick. Their types stand in ``__init__.pyi``.
"""

from odkit.lazily import from_modules

__version__ = "0.1.0"

_STAGES = {
    "apply_plan": "push",
    "build_package": "package",
    "clean_table": "clean",
    "connect": "push",
    "load_package": "package",
    "load_project": "project",
    "load_schema": "project",
    "plan_push": "push",
    "read_source": "read",
    "score_file": "score",
    "score_package": "score",
    "score_path": "score",
    "write_rdf": "rdf",
}

__all__ = list(_STAGES)
__getattr__ = from_modules(__name__, _STAGES)
