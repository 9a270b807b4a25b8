"""A package is worth its best file that holds the same data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from odkit.errors import UsageError
from odkit.model import DatasetSpec, Licence, Package, Publisher, Resource, SourceSpec
from odkit.score import score_file, score_package, score_path, stage_summary, write_scores

TURTLE = "@prefix s: <http://schema.org/> .\n<https://opendata.pref.chiba.lg.jp/id/1> a s:Place ; s:name 'A' .\n"
FILES = {
    "data.csv": "名称,住所\nA館,市川市\n",
    "data.ttl": TURTLE,
    "changes.csv": "a,b\n1,2\n",
    "data.csv-metadata.json": "{}",
}


def package(folder: Path, contents: dict[str, str]) -> Package:
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    spec = DatasetSpec(
        id="122033/facility",
        name="facility",
        title="施設",
        title_en="Facilities",
        description="",
        description_en="",
        publisher=Publisher(code="122033", name="ichikawa", title="市川市", title_en="Ichikawa City"),
        source=SourceSpec(path=folder / "source.csv"),
        standard="public_facility",
        licence=Licence(id="CC-BY-4.0", title="", url="", open=True),
        encoding="utf-8-sig",
        update_cycle="",
    )
    resources = tuple(
        Resource(key=name, path=name, title="", title_en="", format="", media_type="", bytes=0, sha256="")
        for name in contents
    )
    return Package(spec=spec, folder=folder, descriptor={}, resources=resources)


def test_the_best_file_of_the_same_data_counts(tmp_path: Path) -> None:
    score = score_package(package(tmp_path, FILES))
    assert (score.target, score.level, score.format_level, score.format) == ("122033/facility", 4, 4, "turtle")
    assert score.resources == {"data.csv": 3, "data.ttl": 4}


def test_a_broken_file_does_not_lower_the_package(tmp_path: Path) -> None:
    score = score_package(package(tmp_path, {**FILES, "data.ttl": "@prefix s: <http://schema.org/>\n<a> <b"}))
    assert (score.level, score.resources) == (3, {"data.csv": 3, "data.ttl": 1})


def test_a_package_without_data(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        score_package(package(tmp_path, {"changes.csv": "a,b\n"}))
    assert raised.value.code == "score.no-data"


def test_a_folder_is_scored_by_its_descriptor(tmp_path: Path) -> None:
    package(tmp_path, FILES)
    resources = [{"path": name} for name in (*FILES, "../outside/data.csv")]
    descriptor = {"licenses": [{"name": "CC-BY-4.0"}], "resources": resources}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert score_path(tmp_path).level == score_path(tmp_path / "datapackage.json").level == 4
    assert score_path(tmp_path, "CC BY-NC 4.0").level == 0
    assert score_path(tmp_path / "data.csv", "CC0").level == 3


@pytest.mark.parametrize("content", [None, "{", "[]", '{"resources": 1}', "[" * 100_000])
def test_a_folder_without_a_package(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        score_path(tmp_path)
    assert raised.value.code == "score.no-package"


def test_the_scores_go_out_with_the_package(tmp_path: Path) -> None:
    built = package(tmp_path, FILES)
    before, after = score_file(tmp_path / "data.csv", "CC BY 4.0"), score_package(built)
    resource = write_scores(before, after, tmp_path)
    written = json.loads((tmp_path / resource.path).read_text(encoding="utf-8"))
    assert stage_summary(before, after) == {"before": 3, "after": 4}
    assert (written["before"]["level"], written["after"]["level"]) == (3, 4)
    assert [len(written["reasons"][lang]["after"]) for lang in ("ja", "en")] == [5, 5]
    assert resource.bytes == (tmp_path / resource.path).stat().st_size
