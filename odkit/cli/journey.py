"""The journey of those datasets that a run of ``odkit publish`` has something to do for."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from odkit.cli import base, show
from odkit.cli.glance import Overview
from odkit.cli.portals import Portals
from odkit.cli.standing import Standing
from odkit.cli.told import Told
from odkit.depot import Ending, depot_at, depot_in
from odkit.errors import OdkitError
from odkit.many import prepare_all
from odkit.model import Built, Publication
from odkit.project import load_project
from odkit.publish import send
from odkit.push import Rules, describe
from odkit.schedule import Outcome, crew_of

if TYPE_CHECKING:
    from odkit.depot.place import Depot

Prepared = Generator[tuple[str, Outcome], None, None]


class Journey:
    """One run of ``odkit publish`` in the project of `start`; `overview` says what needs nothing."""

    def __init__(
        self,
        start: Path,
        portal_name: str,
        datasets: Sequence[str],
        lang: str,
        overview: Overview,
        *,
        accept_changes: bool,
        dry_run: bool,
    ) -> None:
        # Before any declaration is read: what is read later on is not older than what was looked at here.
        self._standing = Standing(overview)
        self._project = load_project(start)
        self._spec = self._project.portal(portal_name)
        self._wanted = self._project.select(datasets)
        self._rules = Rules(accept_changes=accept_changes)
        self._overview, self._lang, self._dry_run = overview, lang, dry_run

    @property
    def portal(self) -> tuple[str, str]:
        """The kind and the address of the portal."""
        return self._spec.kind, self._spec.url

    def publish(self, jobs: int | None, scheduler: str, store: str = "") -> tuple[list[Told], int]:
        """Build and push what must be: what became of each dataset, and the exit code."""
        rest = [name for name in self._wanted if name not in self._overview.known]
        # On a cluster, the depot sees to it: what lies there must be gone before the end.
        ending = nullcontext() if scheduler else Ending()
        with ending, Portals(self._project, self._spec, self._lang, rest, self._rules) as portals:
            crew = crew_of(jobs, scheduler, lambda: base.say("cli.no-worker", self._lang, address=scheduler))
            through = self._depot(store) if scheduler else None
            prepared = prepare_all(rest, self._project, crew, through=through, shared=not store)
            published, results, code = self._each(prepared, portals)
            if self._spec.kind == "embedded":
                self._standing.remember(published, self._project, self._spec, portals)
        return results, code

    def _each(self, found: Prepared, portals: Portals) -> tuple[list[Publication], list[Told], int]:
        """Packages come as they are done, in order; one process brings them to the portal."""
        published: list[Publication] = []
        results: list[Told] = []
        failures = base.Failures(self._lang, by_publisher=True)
        with closing(found) as prepared:
            for name in failures.each(self._wanted):
                if name in self._overview.known:
                    results.append(self._overview.told(name, self._lang))
                    continue
                with failures.caught(name):
                    # Before anything is built: what is the use without a token.
                    portals.claim(name)
                    published.append(self._sent(_of(name, prepared), portals))
                    results.append(_told(published[-1]))
        return published, results, failures.exit_code

    def _depot(self, store: str) -> AbstractContextManager[Depot]:
        return depot_at(store, self._tell) if store else depot_in(self._project.parts_folder, self._tell)

    def _tell(self, error: OdkitError) -> None:
        base.words(f"odkit: {error.text(self._lang)}")

    def _sent(self, built: Built, portals: Portals) -> Publication:
        """Bring a package to the portal, and say what there is to say about it."""
        portal = portals.of(built.package.spec.publisher.code)
        item = send(built, self._project, portal, dry_run=self._dry_run)
        base.words(*show.issues(item.plan.issues, self._lang))
        if self._dry_run:
            name = built.package.spec.id
            base.words(f"{name}:", *(f"  {line}" for line in describe(item.plan, self._lang)))
        return item


def _told(item: Publication) -> Told:
    built = item.built
    return Told(
        dataset=built.package.spec.id,
        rows=built.rows,
        changes=built.changes,
        issues={str(severity): count for severity, count in built.issues.items()},
        before=built.before.level,
        after=built.after.level,
        action=item.plan.action,
        address=item.address,
        causes=built.causes,
    )


def _of(dataset_id: str, prepared: Iterator[tuple[str, Outcome]]) -> Built:
    """What became of a dataset; those before it that nobody asked for are passed over."""
    outcome = next(outcome for name, outcome in prepared if name == dataset_id)
    if isinstance(outcome, OdkitError):
        raise outcome
    return outcome
