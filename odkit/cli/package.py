"""``odkit package``: the declared datasets as packages in build/, without RDF and without a portal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from odkit.cli import base
from odkit.cli.stages import each_dataset, show_results
from odkit.model import DatasetSpec
from odkit.package.check import check_package
from odkit.project import Project
from odkit.publish import build_data


@click.command("package", cls=base.Command, help="package")
@click.argument("datasets", nargs=-1, metavar="[DATASET]...")
@base.option("--check", help="check", is_flag=True)
@base.in_project
@base.writes_json
@base.speaks
def command(*, datasets: Sequence[str], check: bool, start: Path, as_json: bool, lang: str) -> int:
    """Build packages; with --check frictionless validates each of them whole."""

    def stage(project: Project, spec: DatasetSpec) -> dict[str, object]:
        package = build_data(spec, project)
        return {
            "rows": len(package.tables[0].rows),
            "folder": f"build/{spec.id}",
            **_checked(package.folder, wanted=check),
        }

    results, code = each_dataset(datasets, start, lang, stage)
    show_results(results, lang, as_json=as_json)
    return code or int(any(result.get("errors") for result in results))


def _checked(folder: Path, *, wanted: bool) -> dict[str, object]:
    errors = check_package(folder) if wanted else ()
    base.words(*errors)
    return {"errors": len(errors)} if wanted else {}
