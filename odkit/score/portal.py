"""A whole portal: every dataset's files fetched politely and scored, its stage that of its best file.

Counts per stage and publisher, in the order of their names: nobody is ranked.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from odkit.errors import PortalStop
from odkit.model import Score
from odkit.score.catalogue import Catalogue, ListedDataset, ListedFile
from odkit.score.fetch import Fetched, Limits, fetch
from odkit.score.hosts import addresses_of, is_public, is_public_host, is_web_address
from odkit.score.rate import BARE, Rules, best_of, score_bytes
from odkit.score.shelf import NoShelf, Shelf

AGENT = "odkit"
PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds between requests to one public host, and the most that a robots.txt may ask for."""
USUAL = Limits(size=64 << 20, seconds=120.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """How much of a portal is looked at: the number of datasets (None: all), where files are kept, and the limits."""

    datasets: int | None = None
    cache: Path | None = None
    limits: Limits = USUAL


WHOLE = Budget()


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetScore:
    """A dataset and its Score: the best file's, with the stages of all; None where it lists no file."""

    dataset: ListedDataset
    score: Score | None


class Polite:
    """Fetches with a pause between requests to one host, as its robots.txt asks."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._robots: dict[str, RobotFileParser] = {}
        self._last: dict[str, float] = {}

    def __call__(self, url: str, etag: str = "") -> Fetched:
        """What `url` serves, after the pause its host is due."""
        origin = _origin(url)
        due = self._last.get(origin, 0.0) + self._pause(origin) - time.monotonic()
        if origin in self._last and due > 0:
            time.sleep(due)
        found = fetch(url, self._limits, etag)
        self._last[origin] = time.monotonic()
        return found

    def allows(self, url: str) -> bool:
        """Whether the host lets a program fetch this file."""
        return self._rules(_origin(url)).can_fetch(AGENT, url)

    def names_us(self, url: str) -> bool:
        """Whether the host's robots.txt shuts odkit out by name; rules for all crawlers are not about an interface."""
        entries = getattr(self._rules(_origin(url)), "entries", [])
        mine = [entry for entry in entries if AGENT in (agent.lower() for agent in entry.useragents)]
        return any(not entry.allowance("/api/") for entry in mine)

    def _pause(self, origin: str) -> float:
        if not any(map(is_public, addresses_of(origin))):
            return 0.0
        asked = self._rules(origin).crawl_delay(AGENT)
        return min(float(asked or PAUSE), LONGEST_PAUSE)

    def _rules(self, origin: str) -> RobotFileParser:
        if origin not in self._robots:
            parser = RobotFileParser()
            self._robots[origin] = parser
            found = fetch(urljoin(origin, "/robots.txt"), Limits(size=1 << 20, seconds=20.0, attempts=1))
            lines = found.data.decode("utf-8", "replace").splitlines() if found.status == 200 else []
            parser.parse(lines)
        return self._robots[origin]


def score_portal(
    url: str,
    organization: str = "",
    budget: Budget = WHOLE,
    rules: Rules = BARE,
    told: Callable[[str], None] = lambda _: None,
) -> tuple[DatasetScore, ...]:
    """Score the datasets that a portal lists, of one organisation where it is named; `told` hears each name.

    A file that cannot be fetched is part of the result. With a cache an unchanged file is not fetched again, and a run
    that broke off goes on where it was. Raises PortalStop where `url` is no portal that can be read.
    """
    if not is_web_address(url):
        raise PortalStop("score.no-portal", url=url)
    polite = Polite(budget.limits)
    if polite.names_us(url):
        raise PortalStop("score.portal-robots", url=url)
    shelf = Shelf(budget.cache) if budget.cache else NoShelf()
    scored: list[DatasetScore] = []
    for dataset in islice(Catalogue(url, polite).datasets(organization), budget.datasets):
        told(dataset.name)
        files = [_file_score(url, dataset, item, (polite, shelf, rules)) for item in dataset.files]
        scored.append(DatasetScore(dataset=dataset, score=_named(dataset, files)))
    shelf.finish()
    return tuple(scored)


Means = tuple[Polite, "Shelf | NoShelf", Rules]


def _file_score(portal: str, dataset: ListedDataset, item: ListedFile, means: Means) -> Score:
    polite, shelf, rules = means
    known = shelf.known(item)
    found = known or _fetched(portal, item, polite, shelf)
    return replace(score_bytes(found.name, found.data, found.served(dataset.licence), rules), target=item.url)


def _fetched(portal: str, item: ListedFile, polite: Polite, shelf: Shelf | NoShelf) -> Fetched:
    """The file, from the portal or from the shelf where it has not changed."""
    if not is_web_address(item.url) or (is_public_host(portal) and not is_public_host(item.url)):
        return Fetched(url=item.url, name=item.name, failure="redirect")
    if not polite.allows(item.url):
        return Fetched(url=item.url, name=item.name, failure="robots")
    if item.size is not None and item.size > USUAL.size:
        return Fetched(url=item.url, name=item.name, failure="too-large")
    found = polite(item.url, shelf.etag(item))
    return shelf.taken(item, found)


def _named(dataset: ListedDataset, scores: Sequence[Score]) -> Score | None:
    if not scores:
        return None
    return best_of(scores, f"{dataset.title} ({dataset.name})")


def stages(scored: Iterable[DatasetScore]) -> Mapping[str, Mapping[str, int]]:
    """How many datasets of each publisher are at each stage (``0`` … ``5``, ``?``), publishers by name."""
    found: dict[str, Counter[str]] = {}
    for item in scored:
        level = item.score.level if item.score else 0
        publisher = item.dataset.publisher or item.dataset.organization or "-"
        found.setdefault(publisher, Counter())["?" if level is None else str(level)] += 1
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}


def scores_of(scored: Iterable[DatasetScore]) -> Iterator[Score]:
    """The scores of the datasets that list files."""
    return (item.score for item in scored if item.score)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
