"""Do the addresses that our RDF points to still answer? Asked politely, remembered with the day, never in a build."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import requests

from odkit import __version__
from odkit.project import read_csv
from odkit.rdf.hosts import host_of, not_links

ALIVE, DEAD, UNKNOWN = "alive", "dead", "unknown"
"""It answered; it said that there is nothing; nothing can be said (no answer, refused, busy, broken)."""

_GONE = frozenset({404, 410})
_NOT_FOR_HEAD = frozenset({403, 405, 501})
_TIMEOUT = 20
_PAUSE = 1.0
_FRESH = timedelta(days=30)
_COLUMNS = ("address", "state", "status", "checked")
_STATEMENT = re.compile(r"<([^<>]*)> <([^<>]*)> <([^<>]*)> \.\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkState:
    """What is known of an address: its `state` on a day, and why: `status` is the HTTP status, or what went wrong."""

    address: str
    state: str
    status: str
    checked: date


def links_of(blocks: Iterable[bytes]) -> frozenset[str]:
    """The addresses of other people's data in N-Triples."""
    found = set()
    for block in blocks:
        for subject, predicate, value in _STATEMENT.findall(block.decode()):
            host = host_of(value)
            if host and host != host_of(subject) and not_links().is_data(predicate, value):
                found.add(value.partition("#")[0])
    return frozenset(found)


def check_links(
    addresses: Iterable[str], known: Mapping[str, LinkState], today: date, wait: Callable[[float], None] = time.sleep
) -> Iterator[LinkState]:
    """Each address with its state, in order. One request a second to a host; what is fresh is not asked again."""
    asked: set[str] = set()
    with requests.Session() as session:
        session.headers["User-Agent"] = f"odkit/{__version__} (link check)"
        for address in sorted(addresses):
            before = known.get(address)
            if before and before.state != UNKNOWN and today - before.checked < _FRESH:
                yield before
                continue
            host = urlsplit(address).netloc
            if host in asked:
                wait(_PAUSE)
            asked.add(host)
            state, status = _ask(session, address)
            yield LinkState(address=address, state=state, status=status, checked=today)


def load_states(file: Path) -> dict[str, LinkState]:
    """What earlier checks found, by address; nothing where there was none."""
    rows = read_csv(file) if file.is_file() else []
    return {
        row["address"]: LinkState(
            address=row["address"],
            state=row["state"],
            status=row["status"],
            checked=date.fromisoformat(row["checked"]),
        )
        for row in rows
    }


def save_states(file: Path, states: Iterable[LinkState]) -> None:
    """Write down what is known."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows((item.address, item.state, item.status, item.checked.isoformat()) for item in states)


def _ask(session: requests.Session, address: str) -> tuple[str, str]:
    try:
        answer = session.head(address, timeout=_TIMEOUT, allow_redirects=True)
        if answer.status_code in _NOT_FOR_HEAD:
            answer = session.get(address, timeout=_TIMEOUT, stream=True)
            answer.close()
    except requests.RequestException as error:
        return UNKNOWN, type(error).__name__
    state = ALIVE if answer.ok else DEAD if answer.status_code in _GONE else UNKNOWN
    return state, str(answer.status_code)
