"""Who publishes which recommended dataset at which stage, against the targets, and what would lift the count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from odkit.inventory.declared import Targets, recommended
from odkit.inventory.holdings import BUILT, DECLARED, PUBLISHED, Holding
from odkit.model import Issue, Severity, Where
from odkit.project import municipalities

PREFECTURE = "県"
Pair = tuple[str, str]  # a recommended dataset and a publisher


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A recommended dataset of a publisher: the best that is published, and the best that the project holds."""

    standard: str
    code: str
    published: Holding | None
    local: Holding | None

    @property
    def stage(self) -> int | None:
        """The stage that the public sees; None where nothing is published or nothing tells."""
        return self.published.stage if self.published else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Something to do that brings `cells` to the target stage: ``publish``, ``push``, ``convert`` …

    `stage` is the stage they are at now.
    """

    code: str
    stage: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Inventory:
    """The whole picture. `publishers` are codes, the prefecture first; `others` follow no recommended dataset."""

    targets: Targets
    publishers: tuple[str, ...]
    cells: Mapping[Pair, Cell]
    others: tuple[Holding, ...]
    issues: tuple[Issue, ...]

    @property
    def at_target(self) -> tuple[Cell, ...]:
        """The pairs that are published at the target stage."""
        return tuple(cell for cell in self.cells.values() if (cell.stage or 0) >= self.targets.stage)

    @property
    def published(self) -> tuple[Cell, ...]:
        """The pairs that are published at any stage."""
        return tuple(cell for cell in self.cells.values() if cell.published)

    @property
    def municipalities(self) -> tuple[str, ...]:
        """The municipalities that publish a recommended dataset at any stage."""
        found = {cell.code for cell in self.published if is_municipality(cell.code)}
        return tuple(code for code in self.publishers if code in found)

    @property
    def standards(self) -> tuple[str, ...]:
        """The recommended datasets that anyone has, in the order of their numbers."""
        held = {standard for standard, _ in self.cells}
        return tuple(item for item in recommended() if item in held)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What would lift the count, the most at once first."""
        return _steps(self)

    def of_publisher(self, code: str) -> tuple[Cell, ...]:
        """The pairs of one publisher that are published."""
        return tuple(cell for cell in self.published if cell.code == code)


def take_stock(holdings: Iterable[Holding], targets: Targets, issues: Iterable[Issue] = ()) -> Inventory:
    """Put holdings of a project and of portals together. Nothing is lost: what fits nowhere has an issue."""
    found = list(holdings)
    placed = [one for one in found if one.code and one.standard]
    groups: dict[Pair, list[Holding]] = defaultdict(list)
    for one in placed:
        groups[one.standard, one.code].append(one)
    order = list(recommended())
    pairs = sorted(groups, key=lambda pair: (order.index(pair[0]), pair[1]))
    codes = sorted({one.code for one in found if one.code}, key=lambda code: (is_municipality(code), code))
    return Inventory(
        targets=targets,
        publishers=tuple(codes),
        cells={pair: _cell(pair, groups[pair]) for pair in pairs},
        others=tuple(one for one in found if not (one.code and one.standard)),
        issues=(*issues, *_issues(found, groups)),
    )


def is_municipality(code: str) -> bool:
    """Whether a code is that of a municipality, not of the prefecture."""
    return municipalities()[code].kind != PREFECTURE


def _cell(pair: Pair, holdings: Sequence[Holding]) -> Cell:
    published = [one for one in holdings if one.state == PUBLISHED]
    local = [one for one in holdings if one.state != PUBLISHED]
    return Cell(standard=pair[0], code=pair[1], published=_best(published), local=_best(local))


def _best(holdings: Sequence[Holding]) -> Holding | None:
    return max(holdings, key=lambda one: (-1 if one.stage is None else one.stage, one.key), default=None)


def _steps(found: Inventory) -> tuple[Step, ...]:
    groups: dict[tuple[str, int | None], list[Cell]] = defaultdict(list)
    for cell in found.cells.values():
        code = _step(cell, found.targets.stage)
        if code:
            groups[code].append(cell)
    steps = [Step(code=code, stage=stage, cells=tuple(cells)) for (code, stage), cells in groups.items()]
    # What is done at once counts most; among equals, what is nearest.
    return tuple(sorted(steps, key=lambda step: (-len(step.cells), -(step.stage or 0), step.code)))


def _step(cell: Cell, target: int) -> tuple[str, int | None] | None:
    """What brings a pair to the target stage, and from which stage; None where it is there."""
    if (cell.stage or 0) >= target:
        return None
    local = cell.local
    if local is not None and local.state == BUILT and (local.stage or 0) >= target:
        return "push", local.stage
    if local is not None and local.state == DECLARED:
        return "publish", local.stage
    if local is not None:
        return "repair", local.stage
    stage = cell.stage
    if stage is None:
        return "ask", None
    return ("licence" if stage == 0 else "convert" if stage >= 2 else "table"), stage


def _issues(found: Sequence[Holding], groups: Mapping[Pair, Sequence[Holding]]) -> Iterator[Issue]:
    for one in found:
        if not one.code:
            yield _issue("inventory.unknown-publisher", Severity.WARNING, one, {})
        elif one.candidates:
            titles = "、".join(recommended()[item].title for item in one.candidates)
            yield _issue("inventory.which-dataset", Severity.WARNING, one, {"candidates": titles})
        elif not (one.standard or one.other):
            yield _issue("inventory.unknown-dataset", Severity.NOTE, one, {})
    for holdings in groups.values():
        yield from _twice(holdings)


def _twice(holdings: Sequence[Holding]) -> Iterator[Issue]:
    """Two datasets in one place that claim to be the same list of the same publisher."""
    for place in sorted({one.place for one in holdings}):
        same = sorted((one for one in holdings if one.place == place), key=lambda one: one.key)
        if len(same) > 1:
            names = {"names": ", ".join(one.key for one in same), "title": recommended()[same[0].standard].title}
            yield _issue("inventory.twice", Severity.WARNING, same[0], names)


def _issue(code: str, severity: Severity, one: Holding, details: Mapping[str, str]) -> Issue:
    where = Where(file=one.address or one.key)
    return Issue(code=code, severity=severity, where=where, value=one.title, details={"dataset": one.key, **details})
