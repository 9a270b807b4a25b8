"""``odkit rdf``: add the RDF to packages that are built."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from odkit.cli import base, show
from odkit.cli.stages import each_dataset, show_results
from odkit.model import DatasetSpec
from odkit.package import add_files, load_package, seal_package
from odkit.project import Project
from odkit.rdf import note_unmapped, write_rdf
from odkit.score import score_package


@click.command("rdf", cls=base.Command, help="rdf")
@click.argument("datasets", nargs=-1, metavar="[DATASET]...")
@base.in_project
@base.writes_json
@base.speaks
def command(*, datasets: Sequence[str], start: Path, as_json: bool, lang: str) -> int:
    """Write data.ttl into each built package and say which stage it reaches."""

    def stage(project: Project, spec: DatasetSpec) -> dict[str, object]:
        package = load_package(spec, project.build_folder / spec.id)
        package = seal_package(add_files(package, write_rdf(package, project.base_uri)), {})
        notes = (issue for table in map(note_unmapped, package.tables) for issue in table.issues)
        base.words(*show.issues(notes, lang))
        files = [resource.path for resource in package.resources if resource.format == "TTL"]
        return {"files": ", ".join(files), "stage": score_package(package).level}

    results, code = each_dataset(datasets, start, lang, stage)
    show_results(results, lang, as_json=as_json)
    return code
