"""odkit: from the tables a prefecture and its municipalities have, to open data at the fifth star.

    read     bytes -> SourceTable            every cell is text, nothing dropped
    clean    SourceTable -> CleanTable       the standard's layout, every change in a ledger
    package  CleanTable -> Package           data.csv and its Frictionless descriptor
    rdf      Package -> data.ttl             the common vocabulary, with links
    score    a file or a package -> Score    the five stages, with reasons
    push     Package -> portal               plan, apply, verify

`odkit.publish` does the whole journey.
"""

__version__ = "0.1.0"
