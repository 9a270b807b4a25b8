"""The two scores of a build, its source's and its package's: the files of a large table are looked at side by side."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from odkit.model import ALONE, CleanTable, Hands, Package, Resource, Score
from odkit.score.columns import SHORT
from odkit.score.gather import Served
from odkit.score.graph import known_graph
from odkit.score.rate import Judged, Rules, beside, best_of, data_files, finished, judge, score_file, sidecar_of
from odkit.score.told import Written, told

if TYPE_CHECKING:
    from odkit.rdf.probe import RdfFacts

Known = Callable[[], Mapping[str, "RdfFacts"]]
"""What RDF is in the files of a package, by their paths."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A file to be scored; `known` is what its RDF holds, and its digest, where that needs no reading.

    `written` is the table of a CSV that may be told from its rows.
    """

    path: Path
    licence: str
    rules: Rules
    known: tuple[RdfFacts, int, str] | None = None
    written: Written | None = None

    def score(self) -> Score:
        """The score of the file, under its name."""
        return finished(self.judge())

    def judge(self) -> Score | Judged:
        """The same, but of what is known no more than its stages: it may not be the best file."""
        name = self.path.name
        if self.known is not None:
            found, size, sha256 = self.known
            return judge(name, known_graph(name, size, self.licence, found), self.rules, sha256)
        if self.written is not None:
            served = Served(licence=self.licence, sidecar=sidecar_of(self.path))
            facts = told(name, self.written, served, self.rules.conform)
            if facts is not None:
                return judge(name, facts, self.rules, self.written.sha256)
        return score_file(self.path, self.licence, rules=self.rules)

    def files(self) -> Sequence[Path]:
        """As `odkit.model.OnFiles`: the file, and metadata beside it."""
        return () if self.known else (self.path, *beside(self.path))

    def within(self, folder: Path) -> Task:
        """As `odkit.model.OnFiles`."""
        return replace(self, path=folder / self.path.name)


class Scoring:
    """Both scores, each when it is asked for: where `hands` help with the table, the other one is under way then."""

    def __init__(self, package: Package, rules: Rules, known: Known, hands: Hands = ALONE) -> None:
        self._package, self._rules, self._known = package, rules, known
        self._hands = hands if hands.help_with(len(package.tables[0].rows)) else ALONE
        # What travels between processes is of the model.
        self._work = Task.judge if self._hands is ALONE else Task.score
        self._scores: Iterator[Score | Judged] | None = None

    def of_source(self) -> Score:
        """The score of the file that was handed in."""
        spec = self._package.spec
        source = Task(path=spec.source.path, licence=spec.licence.id, rules=self._rules)
        self._scores = self._hands(self._work, chain((source,), self._tasks()))
        return finished(next(self._scores))

    def of_package(self) -> Score:
        """The score of the package, as `score_package` gives it."""
        scores = self._scores or self._hands(self._work, self._tasks())
        return best_of(list(scores), self._package.spec.id)

    def close(self) -> None:
        """Nobody asks any more."""
        if isinstance(self._scores, Generator):
            self._scores.close()

    def _tasks(self) -> Iterator[Task]:
        package, known = self._package, self._known()
        tables = {f"{table.name}.csv": table for table in package.tables}
        for item in data_files(package):
            facts = known.get(item.path)
            yield Task(
                path=package.folder / item.path,
                licence=package.spec.licence.id,
                rules=self._rules,
                known=(facts, item.bytes, item.sha256) if facts else None,
                written=_written(tables[item.path], item, package.spec.encoding) if item.path in tables else None,
            )


def _written(table: CleanTable, item: Resource, encoding: str) -> Written | None:
    """The file of a table of few rows, which are at hand."""
    if len(table.rows) > SHORT:
        return None
    rows = (tuple(match.name for match in table.matches), *table.rows)
    return Written(rows=rows, encoding=encoding, size=item.bytes, sha256=item.sha256)
