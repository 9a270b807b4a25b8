"""Which IRIs name something on the web: a real host, not a placeholder; data, not a word of a vocabulary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from odkit.project import data_file, read_csv

_RESERVED_ENDS = frozenset(
    {"example", "test", "invalid", "localhost", "local", "localdomain", "internal", "lan", "home", "arpa", "onion"}
)
_SECOND_LEVEL = frozenset({"ac", "ad", "co", "ed", "go", "gr", "lg", "ne", "or"})
_WEB = ("http://", "https://")
_NAME = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_FILE = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|svg|webp|tiff?|bmp|docx?|xlsx?|pptx?|zip|mp[34]|mov|css|js)$", re.IGNORECASE
)


def host_of(iri: str) -> str:
    """The host of an http(s) IRI on a real host, lower-case; else "".

    No real hosts: names without a dot, IP addresses, names reserved for examples and tests (RFC 2606, RFC 6761;
    ``example.lg.jp`` and the like).
    """
    if iri.startswith(_WEB):
        end = iri.find("/", len(_WEB[1]))
        return _host(iri if end < 0 else iri[:end])
    return _host("/".join(iri.split("/", 3)[:3]))


@lru_cache(1024)
def _host(origin: str) -> str:
    """As `host_of`, for what an IRI begins with: a file has few of these, and many addresses."""
    try:
        parts = urlsplit(origin)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host if parts.scheme in {"http", "https"} and _is_real(host) else ""


def _is_real(host: str) -> bool:
    labels = host.split(".")
    if len(labels) < 2 or _is_ip(host) or not all(map(_NAME.fullmatch, labels)):
        return False
    if labels[-1] in _RESERVED_ENDS or labels[-1].isdigit():
        return False
    deeper = labels[-1] == "jp" and labels[-2] in _SECOND_LEVEL and len(labels) > 2
    return labels[-3 if deeper else -2] != "example"


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class NotLinks:
    """What vocab/context/not_links.csv excludes: `namespaces` of vocabularies and licences, and `predicates`."""

    namespaces: tuple[str, ...]
    predicates: frozenset[str]

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """How IRIs in the `namespaces` begin, by either protocol."""
        secure = (space.replace("http://", "https://", 1) for space in self.namespaces)
        return (*self.namespaces, *secure)

    def is_data(self, predicate: str, iri: str) -> bool:
        """Whether the object of a statement can be somebody's data: no word, licence, home page, picture or file."""
        return self.leads_to_data(predicate) and self.names_data(iri)

    def leads_to_data(self, predicate: str) -> bool:
        """Whether the objects of such statements can be somebody's data."""
        return _plain(predicate) not in self.predicates

    def names_data(self, iri: str) -> bool:
        """Whether this can be somebody's data, whatever leads to it."""
        if iri.startswith(self.beginnings):
            return False
        parts = urlsplit(iri)
        return parts.path not in {"", "/"} and not _FILE.search(parts.path)


@cache
def not_links() -> NotLinks:
    """The table of what is no link to data."""
    rows = read_csv(data_file("vocab", "context", "not_links.csv"))
    return NotLinks(
        namespaces=tuple(_plain(row["value"]) for row in rows if row["kind"] == "namespace"),
        predicates=frozenset(_plain(row["value"]) for row in rows if row["kind"] == "predicate"),
    )


def _plain(iri: str) -> str:
    return iri.replace("https://", "http://", 1)
