"""``odkit rdf``: add the RDF to packages that are built; check it, and where it points, on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import click

from odkit.clean.evidence import LIKELY, SAMPLE_ROWS, column_meanings
from odkit.clean.table import known_facts
from odkit.cli import base, show
from odkit.cli.stages import each_dataset, show_results
from odkit.model import CleanTable, DatasetSpec, Issue, Package, Severity
from odkit.package import add_files, load_package, seal_package
from odkit.project import Project, load_project
from odkit.rdf import FORMATS, USUAL, note_unmapped, write_catalogue, write_rdf
from odkit.rdf.inspect import EXPORTS, check_package, dead_links, export_package, package_links
from odkit.rdf.links import check_links, load_states, save_states
from odkit.rdf.suggest import own_columns, suggest_mapping
from odkit.score import score_package

RDF_FORMATS = frozenset({*(kind.label for kind in FORMATS.values()), *EXPORTS.values()})


@dataclass(kw_only=True)
class Wishes:
    """What to do beside writing the usual files. `issues` and `packages` are what came of it."""

    formats: Sequence[str] = ()
    exports: Sequence[str] = ()
    check: bool = False
    links: bool = False
    issues: list[Issue] = field(default_factory=list)
    packages: list[Package] = field(default_factory=list)

    def stage(self, project: Project, spec: DatasetSpec) -> dict[str, object]:
        """Do it for one package: its RDF files and its stage."""
        package = load_package(spec, project.build_folder / spec.id)
        self.issues += [issue for table in map(note_unmapped, package.tables) for issue in table.issues]
        self.issues += [issue for table in package.tables for issue in _advice(table)]
        formats = [*USUAL, *(FORMATS[name] for name in self.formats if FORMATS[name] not in USUAL)]
        files = [*write_rdf(package, project.base_uri, formats)]
        for kind in self.exports:
            written, notes = export_package(package, project.base_uri, kind)
            files += written
            self.issues += notes
        package = seal_package(add_files(package, files), {})
        self.packages.append(package)
        if self.check:
            self.issues += check_package(package, project.base_uri)
        if self.links:
            self.issues += self._asked(project, package)
        named = [item.path for item in package.resources if item.format in RDF_FORMATS]
        return {"files": ", ".join(named), "stage": score_package(package).level}

    @staticmethod
    def _asked(project: Project, package: Package) -> Sequence[Issue]:
        file = project.root / ".odkit" / "links.csv"
        known = load_states(file)
        today = date.today()  # noqa: DTZ011 - the day as the people at this machine count it
        states = list(check_links(package_links(package, project.base_uri), known, today))
        known |= {item.address: item for item in states}
        save_states(file, (known[address] for address in sorted(known)))
        return dead_links(package, states)


def _advice(table: CleanTable) -> tuple[Issue, ...]:
    """What the mapping of the publisher's own columns could be, from what their first values look like."""
    names = [match.name for match in table.matches]
    own = [name for name in own_columns(table) if name not in table.schema.names]
    rows = list(islice(table.rows, SAMPLE_ROWS)) if own else []
    facts = known_facts(None)
    meanings = {}
    for name in own:
        place = names.index(name)
        for found in column_meanings((row[place] for row in rows), facts)[:1]:
            meanings[name] = found.name if found.confidence >= LIKELY else ""
    return suggest_mapping(table, meanings)


@click.command("rdf", cls=base.Command, help="rdf")
@click.argument("datasets", nargs=-1, metavar="[DATASET]...")
@base.option("--format", "formats", help="rdf-format", type=click.Choice(sorted(FORMATS)), multiple=True)
@base.option("--export", "exports", help="rdf-export", type=click.Choice(sorted(EXPORTS)), multiple=True)
@base.option("--catalogue", help="rdf-catalogue", is_flag=True)
@base.option("--check", help="rdf-check", is_flag=True)
@base.option("--check-links", "links", help="rdf-links", is_flag=True)
@base.in_project
@base.writes_json
@base.speaks
def command(
    *,
    datasets: Sequence[str],
    formats: Sequence[str],
    exports: Sequence[str],
    catalogue: bool,
    check: bool,
    links: bool,
    start: Path,
    as_json: bool,
    lang: str,
) -> int:
    """Write the RDF files into each built package and say which stage it reaches."""
    wishes = Wishes(formats=formats, exports=exports, check=check, links=links)
    results, code = each_dataset(datasets, start, lang, wishes.stage)
    if catalogue and wishes.packages:
        project = load_project(start)
        write_catalogue(wishes.packages, project.build_folder, project.base_uri)
    base.words(*show.issues(wishes.issues, lang))
    show_results(results, lang, as_json=as_json)
    return code or int(any(issue.severity is Severity.ERROR for issue in wishes.issues))
