"""How a run may treat a portal: what it is allowed to do there, and how patient it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What the person who runs odkit, or publish.toml, says about one portal.

    `create_organizations`: a publisher's organisation may be made; `accept_changes`: columns, rows and files may go;
    `restore`: a withdrawn dataset may come back; `adopt`: a dataset that people made by hand may be taken over;
    `rename_from`: the dataset's name until now; `datastore`: tables are loaded into the DataStore; `interval`: least
    seconds between two writes; `attempts`: how often a call is tried, `pause`: seconds before the second try (then
    twice as long each time).
    """

    create_organizations: bool = False
    accept_changes: bool = False
    restore: bool = False
    adopt: bool = False
    datastore: bool = False
    rename_from: str = ""
    interval: float = 0.0
    attempts: int = 4
    pause: float = 0.5
