"""What a run of ``odkit publish`` leaves for the next one: an index of the datasets that have nothing open."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from odkit.cache.index import (
    DECLARATIONS,
    Entry,
    Folders,
    Ground,
    Held,
    Index,
    PortalPlace,
    clock_of,
    clock_past,
    declared_ids,
    index_file,
    save_index,
)
from odkit.cli.glance import Overview
from odkit.cli.portals import Portals
from odkit.errors import PortalError
from odkit.model import Publication, PushPlan
from odkit.portal.holdings import holdings
from odkit.project import PortalSpec, Project
from odkit.push import Portal, make_plan


class Standing:
    """The project of an `overview` as it is before anything of it is read.

    What is the same when all is done, and was older than the first look, has not changed in between: only that is told
    to the next run.
    """

    def __init__(self, overview: Overview) -> None:
        self._root, self._ground, self._index = overview.root, overview.ground, overview.index
        if self._ground is not None:
            cache = self._root / ".odkit" / "cache"
            self._began = clock_of(cache)
            self._declared = declared_ids(self._root)
            self._before, changed = self._look()
            if changed >= self._began:
                # What was written just now will do, once the clock has gone on.
                self._began = clock_past(changed, cache)
                self._before, _ = self._look()

    def _look(self) -> tuple[Folders, int]:
        """The folders with declarations and sources as they are, and their last change."""
        found = Folders(self._root)
        seen = [found.sources(self._folders(name)) for name in self._declared]
        return found, max((item.changed for item in seen if item), default=0)

    def remember(self, published: Sequence[Publication], project: Project, spec: PortalSpec, portals: Portals) -> None:
        """Keep which of the datasets that this run has worked on are done with, on the embedded portal `spec`."""
        ground = self._ground
        if ground is None or ground != Ground.of(self._root) or ground.changed >= self._began:
            return
        after = Folders(self._root)
        built = [item.built.package.spec.id for item in published if item.built.mark]
        young = max((seen.changed for name in built if (seen := after.package(name))), default=0)
        now = clock_past(young, project.cache_folder)
        entries: dict[str, Entry] = {}
        for item, held in _done_with(published, spec, portals):
            entry = self._entry(item, held, spec.name, after, now)
            if entry:
                entries[item.built.package.spec.id] = entry
        places = {
            name: PortalPlace(kind=item.kind, url=item.url, folder=str(item.folder))
            for name, item in project.portals.items()
        }
        index = Index(default_portal=project.default_portal, portals=places, entries=entries)
        save_index(index_file(project.cache_folder), ground, index, set(self._declared))

    def _folders(self, name: str) -> tuple[str, ...]:
        """Where the declaration and the source of a dataset are, as far as is known before they are read."""
        entry = self._index.entries.get(name)
        return entry.folders if entry else (f"{DECLARATIONS}/{name}",)

    def _entry(self, item: Publication, held: Held, portal: str, after: Folders, now: int) -> Entry | None:
        """What is kept of a dataset; None where something of it has changed meanwhile, or may have."""
        built = item.built
        spec = built.package.spec
        home = f"{DECLARATIONS}/{spec.id}"
        source = Path(os.path.relpath(spec.source.path.parent, self._root)).as_posix()
        folders = tuple(dict.fromkeys((home, source)))
        sources, package = after.sources(folders), after.package(spec.id)
        if not sources or not package or package.digest != built.mark or package.changed >= now:
            return None
        # A source that lies elsewhere was not looked at before its declaration was read: the next run does so.
        same = self._folders(spec.id) == folders and self._before.sources(folders) == sources
        return Entry(
            folders=folders,
            sources=sources.digest if same and sources.changed < self._began else "",
            package=package.digest,
            rows=built.rows,
            changes=built.changes,
            issues={str(severity): count for severity, count in built.issues.items()},
            before=built.before.level,
            after=built.after.level,
            portals={portal: held},
        )


def _done_with(
    published: Iterable[Publication], spec: PortalSpec, portals: Portals
) -> Iterator[tuple[Publication, Held]]:
    """The datasets for which another push would do nothing, and what the portal holds of them."""
    items: defaultdict[str, list[Publication]] = defaultdict(list)
    for item in published:
        if item.built.mark:
            items[item.built.package.spec.publisher.code].append(item)
    before = holdings(spec.folder)
    plans = [(item, plan) for code, some in items.items() for item, plan in _plans(some, portals.of(code))]
    after = holdings(spec.folder)
    for item, plan in plans:
        name = plan.dataset_name
        if plan.action == "unchanged" and name in before and before[name] == after.get(name):
            remarks = tuple(asdict(issue) for issue in plan.issues)
            yield item, Held(name=name, digest=before[name], address=item.address, remarks=remarks)


def _plans(published: Sequence[Publication], portal: Portal) -> Iterator[tuple[Publication, PushPlan]]:
    """What another push of each would do."""
    portal.foresee(published[0].built.package.spec.publisher.name)
    for item in published:
        built = item.built
        try:
            yield item, make_plan(built.package, built.after, portal, before=built.before)
        except PortalError:
            continue
