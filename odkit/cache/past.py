"""What earlier runs know of one dataset: which stages need not run again, and whether its package still stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar, cast

from odkit.cache.frozen import freeze
from odkit.cache.inputs import Inputs, key, key_of_all, shape, stage_inputs
from odkit.cache.marks import digest_of
from odkit.cache.record import Record, Seen, load_record, record_file
from odkit.cache.store import Store, write_whole
from odkit.model import Built, CleanTable, DatasetSpec, Package, Resource, Score
from odkit.project import Project

Result = TypeVar("Result")
Laid = tuple[object, Mapping[str, bytes]]
"""What a stage came to, and those of its files, by name, that do not stand in the package."""
MANY = 20_000
"""Rows, changes and issues of a table up to which they are kept: a job's memory does not grow with the table."""
SMALL, BLOCK = 1 << 20, 1 << 20
"""Bytes of a description up to which it is kept where a later stage writes over it; bytes that are copied at once."""


class Past:
    """The past of one dataset, for the process that holds its lock.

    `stage` runs what must run; `settle` keeps what came of it when the whole package stands. What stages came to is
    kept in one entry for each state of a dataset, under the digest of all that it was made from. Their files are not:
    those that a stage would write again are taken from the package in build/, if they are still what they were.
    """

    def __init__(self, spec: DatasetSpec, project: Project) -> None:
        self._spec, self._project = spec, project
        self._final = project.build_folder / spec.id
        self._file = record_file(project.cache_folder, spec.id)
        self._record = load_record(self._file)
        self._store = Store(project.cache_folder / "stages")
        self._source = self._look_at_source()
        self._inputs = stage_inputs(spec, project, self._source.sha256)
        self._keys = {stage: key(stage, self._inputs) for stage in self._inputs}
        self._place = key_of_all(self._inputs)
        self._results: dict[str, Laid] = {}
        self._causes: dict[str, tuple[str, ...]] = {}

    def standing(self) -> Built | None:
        """The package that stands in build/, where nothing that it was made from has changed, nor any of its files."""
        record = self._record
        if record is None or record.inputs != self._inputs:
            return None
        files = record.look_at(self._final)
        if files is None:
            return None
        if record.is_young or (files, self._source) != (record.files, record.source):
            self._save(replace(record, files=files, source=self._source))
        package = replace(record.built.package, spec=self._spec, folder=self._final)
        return replace(record.built, package=package, causes={}, mark=_mark(files))

    def stage(self, name: str, folder: Path, make: Callable[[], Result]) -> Result:
        """What the stage `name` comes to, its files in `folder`: from an earlier run, else by `make`."""
        kept = self._kept(name)
        if kept is not None and self._lay(kept, folder):
            result = cast("Result", self._at_home(kept[0], folder))
        else:
            self._causes[name] = self._why(name)
            result = make()
        described = [item.path for item in _files(result) if item.format == "JSON" and item.bytes <= SMALL]
        self._results[name] = result, {path: (folder / path).read_bytes() for path in described}
        return result

    def settle(self, package: Package, before: Score, after: Score) -> Built:
        """Keep what came of a build whose `package` has just taken its place; and its summary, without the rows."""
        built, mark = summary(package, before, after), ""
        if self._is_of_one_piece(package, before):
            self._keep(built.package)
            mark = self._remember(built)
        ran = {stage: self._causes[stage] for stage in self._inputs if stage in self._causes}
        return replace(built, causes=ran or {"files": self._why(*self._inputs)}, mark=mark)

    def adopt(self, built: Built, inputs: Inputs) -> Built:
        """Keep what came of a build elsewhere, from `inputs`, whose package has just taken its place."""
        built, mark = replace(built, package=replace(built.package, spec=self._spec, folder=self._final)), ""
        if inputs == self._inputs and self._is_of_one_piece(built.package, built.before):
            mark = self._remember(built)
        why = {stage: self._why(stage) for stage in self._inputs}
        changed = {stage: causes for stage, causes in why.items() if causes != ("damaged",)}
        return replace(built, causes=changed or {"files": ("damaged",)}, mark=mark)

    def _remember(self, built: Built) -> str:
        """Keep what was built for the next run; the mark of its files, or "" where it cannot be kept."""
        with suppress(OSError):
            resources = built.package.resources
            files = {item.path: Seen.of(self._final / item.path, item.sha256) for item in resources}
            self._save(Record(self._inputs, self._source, files, built))
            return _mark(files)
        return ""

    def _keep(self, package: Package) -> None:
        """Keep what the stages came to, but for their files that stand in the `package`."""
        standing = {item.path: item.sha256 for item in package.resources}
        kept: dict[str, tuple[str, object, Mapping[str, bytes]]] = {}
        tables: dict[int, CleanTable] = {}
        # Cleaned tables are not asked for where the package that was made of them is there.
        found = {name: self._results[name] if name in self._results else self._kept(name) for name in self._inputs}
        for name, (result, files) in ((name, laid) for name, laid in found.items() if laid):
            gone = {item.path for item in _files(result) if standing.get(item.path) != item.sha256}
            portable = _portable(result, tables)
            if portable is not None and gone <= files.keys():
                kept[name] = self._keys[name], portable, {path: files[path] for path in gone}
        self._store.put(self._place, freeze((self._place, kept)))

    def _kept(self, name: str) -> Laid | None:
        """What a stage came to; None where it is not known, or where what is there was put there by somebody else."""
        for stages in self._earlier:
            match stages.get(name):
                case (str(place), result, dict(files)) if place == self._keys[name] and _is_of_stage(name, result):
                    return result, files
        return None

    @cached_property
    def _earlier(self) -> list[dict[str, object]]:
        """What is kept of this state of the dataset, and of the one that was built last where some of it is of use."""
        last = self._record.inputs if self._record else {}
        is_of_use = any(key(stage, last) == self._keys.get(stage) for stage in last)
        places = [self._place, *([key_of_all(last)] if is_of_use else [])]
        found = []
        for place in dict.fromkeys(places):
            match self._store.get(place):
                case (str(named), dict(stages)) if named == place:
                    found.append(stages)
        return found

    def _lay(self, kept: Laid, folder: Path) -> bool:
        """Whether all files of a result could be laid into a folder; none of them is where one is not what it was."""
        result, files = kept
        items = _files(result)
        with TemporaryDirectory(dir=folder) as passing:
            taken = Path(passing)
            if not all(self._take(item, files.get(item.path), taken) for item in items):
                return False
            for item in items:
                (taken / item.path).replace(folder / item.path)
        return True

    def _take(self, item: Resource, data: bytes | None, folder: Path) -> bool:
        """Whether a file as it is kept, or as it stands in the package, is what it was; it is in `folder` then."""
        digest = sha256()
        try:
            if Path(item.path).name != item.path:
                return False
            with (
                BytesIO(data) if isinstance(data, bytes) else (self._final / item.path).open("rb") as there,
                (folder / item.path).open("wb") as here,
            ):
                while block := there.read(BLOCK):
                    digest.update(block)
                    here.write(block)
        except (OSError, ValueError, TypeError):  # no such file, or no name of one
            return False
        return digest.hexdigest() == item.sha256

    def _look_at_source(self) -> Seen:
        path = self._spec.source.path
        try:
            return self._record.look(path, self._record.source) if self._record else Seen.of(path)
        except OSError:
            # The stage that reads it says so in better words.
            return Seen((), "", 0)

    def _why(self, *stages: str) -> tuple[str, ...]:
        """Which inputs of the stages are not those of the package that was built last."""
        if self._record is None:
            return ("first",)
        changed = [
            name
            for stage in stages
            for name, digest in self._inputs[stage].items()
            if self._record.inputs[stage].get(name) != digest
        ]
        return tuple(dict.fromkeys(changed)) or ("damaged",)

    def _is_of_one_piece(self, package: Package, before: Score) -> bool:
        """Whether all that was read is what the inputs say: nobody wrote to the source meanwhile."""
        read = {table.origin.sha256 for table in package.tables} | ({before.sha256} - {""})
        return read == {self._source.sha256} and self._inputs == stage_inputs(
            self._spec, self._project, self._source.sha256
        )

    def _save(self, record: Record) -> None:
        with suppress(OSError):
            write_whole(self._file, freeze((shape(), record)))

    def _at_home(self, result: object, folder: Path) -> object:
        return replace(result, spec=self._spec, folder=folder) if isinstance(result, Package) else result


def _mark(files: Mapping[str, Seen]) -> str:
    return digest_of((name, seen.mark) for name, seen in files.items())


def _is_of_stage(name: str, result: object) -> bool:
    """Whether it is what a stage comes to."""
    match name:
        case "package":
            return isinstance(result, Package)
        case "clean" | "rdf":
            kind = CleanTable if name == "clean" else Resource
            return isinstance(result, tuple) and all(isinstance(item, kind) for item in result)
        case _:
            return isinstance(result, Score)


def _files(result: object) -> Sequence[Resource]:
    """The files that a stage has written."""
    if isinstance(result, Package):
        return result.resources
    is_files = isinstance(result, tuple) and all(isinstance(item, Resource) for item in result)
    return cast("tuple[Resource, ...]", result) if is_files else ()


def _portable(result: object, whole: dict[int, CleanTable]) -> object | None:
    """The result as it can be kept: no rows that are read from somewhere else; None where there are too many.

    `whole` has the tables that were met before: what two results have in common is written once.
    """
    if isinstance(result, Package):
        tables = _portable(result.tables, whole)
        return None if tables is None else replace(result, tables=cast("tuple[CleanTable, ...]", tables))
    if isinstance(result, tuple) and any(isinstance(item, CleanTable) for item in result):
        few = all(max(map(len, (table.rows, table.changes, table.issues))) <= MANY for table in result)
        return tuple(whole.setdefault(id(table), _whole(table)) for table in result) if few else None
    return result


def _whole(table: CleanTable) -> CleanTable:
    return replace(
        table,
        rows=tuple(table.rows),
        row_numbers=tuple(table.row_numbers),
        changes=tuple(table.changes),
        issues=tuple(table.issues),
    )


def _bare(table: CleanTable) -> CleanTable:
    schema = replace(table.schema, fields=())
    return replace(table, schema=schema, rows=(), row_numbers=(), matches=(), changes=(), issues=())


def summary(package: Package, before: Score, after: Score) -> Built:
    """What a build came to, without the rows."""
    tables = package.tables
    severities = Counter(issue.severity for table in tables for issue in table.issues)
    return Built(
        package=replace(package, tables=tuple(map(_bare, tables))),
        before=replace(before, checks=(), steps=(), sheets=()),
        after=replace(after, checks=(), steps=(), sheets=()),
        rows=len(tables[0].rows),
        changes=sum(len(table.changes) for table in tables),
        issues=dict(severities),
    )
