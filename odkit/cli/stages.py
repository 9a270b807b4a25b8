"""What the commands package, rdf and push share: the declared datasets, one stage each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from odkit import messages
from odkit.cli import base, show
from odkit.model import DatasetSpec
from odkit.package import exclusive
from odkit.project import Project, load_project


def each_dataset(
    datasets: Sequence[str], start: Path, lang: str, stage: Callable[[Project, DatasetSpec], dict[str, object]]
) -> tuple[list[dict[str, object]], int]:
    """Run `stage` on each dataset; the facts it returns and the worst exit code."""
    project = load_project(start)
    failures, results = base.Failures(lang, by_publisher=True), []
    for dataset_id in failures.each(project.select(datasets)):
        with failures.caught(dataset_id), exclusive(project.lock_file(dataset_id)):
            results.append({"dataset": dataset_id, **stage(project, project.dataset(dataset_id))})
    return results, failures.exit_code


def show_results(results: Sequence[dict[str, object]], lang: str, *, as_json: bool) -> None:
    """The facts as JSON, or as a table with a column per fact."""
    if as_json:
        base.show_json(results)
    elif results:
        headings = [messages.text(f"cli.column-{name}", lang) for name in results[0]]
        rows = [[_in_words(name, value, lang) for name, value in result.items()] for result in results]
        show.show_table(show.table(headings, rows))


def _in_words(name: str, value: object, lang: str) -> str:
    return messages.text(f"cli.action-{value}", lang) if name == "action" else str(value)
