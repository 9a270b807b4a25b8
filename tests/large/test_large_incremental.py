"""Only what changed is built again, and what comes of it is what a first build would have made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from odkit.cache import Past
from odkit.cache import installed as installed_digest
from odkit.cache.frozen import thaw
from odkit.errors import HeldBack, UsageError
from odkit.many import prepare_all, prepare_batch
from odkit.model import Built
from odkit.project import Project, load_project
from odkit.publish import build, standing
from odkit.schedule import crew_of

ROOT = Path(__file__).resolve().parents[2]
ONE = "122033/one"
FOLLOWING = ("package", "rdf", "score")
ALL_STAGES = ("clean", "package", "rdf", "source-score", "score")
Build = Callable[..., dict[str, Built]]
Tree = Callable[[Path], dict[str, str]]


def causes(found: dict[str, Built]) -> dict[str, tuple[str, ...]]:
    """Dataset -> the stages that were run."""
    return {name: tuple(item.causes) for name, item in found.items()}


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def fresh(root: Path, tree: Tree) -> dict[str, str]:
    """The packages as a project that knows nothing of earlier runs builds them."""
    anew = root.with_name("anew")
    shutil.rmtree(anew, ignore_errors=True)
    shutil.copytree(root, anew, ignore=shutil.ignore_patterns("build", ".odkit"))
    project = load_project(anew)
    for name in project.dataset_ids():
        build(project.dataset(name), project)
    return tree(anew / "build")


def test_what_has_not_changed_is_not_built_again(root: Path, built: Build, tree: Tree) -> None:
    first = built(root)
    packages = tree(root / "build")
    again = built(root)
    assert set(causes(first).values()) == {ALL_STAGES}
    assert set(causes(again).values()) == {()}
    assert tree(root / "build") == packages == fresh(root, tree)
    for name, item in again.items():
        before = first[name]
        assert (item.rows, item.changes, item.issues) == (before.rows, before.changes, before.issues)
        assert item.package == before.package
        assert (item.before, item.after) == (before.before, before.after)


CHANGES = {
    "a cell of the source": ("list.csv", "公民館", "公民舘", ALL_STAGES),
    "a title": ("dataset.toml", "施設", "設備", FOLLOWING),
    "a workbook": ("dataset.toml", "[source]", 'also_as = ["xlsx"]\n\n[source]', FOLLOWING),
    "a heading": ("dataset.toml", "[source]", '[headings]\n"SSID" = ""\n\n[source]', ("clean", *FOLLOWING)),
    "a hint": ("dataset.toml", "[source]", '[source]\nencoding = "utf-8"', ("clean", *FOLLOWING)),
    "a licence": (
        *("dataset.toml", "[source]", 'licence = "CC0-1.0"\n\n[source]'),
        ("package", "rdf", "source-score", "score"),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_followed_by_the_stages_that_depend_on_it(what: str, root: Path, built: Build, tree: Tree) -> None:
    built(root)
    file, before, after, stages = CHANGES[what]
    edit(root / "datapackages" / ONE / file, before, after)
    found = causes(built(root))
    assert found[ONE] == stages
    assert {found[name] for name in found if name != ONE} == {()}
    assert tree(root / "build") == fresh(root, tree)


def test_what_was_never_built_is_not_looked_at_before_the_work_begins(
    root: Path, built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one process finds out what stands, the others wait."""
    built(root, "122033/two")
    asked: list[str] = []

    def noted(name: str, project: Project) -> Built | None:
        asked.append(name)
        return standing(name, project)

    monkeypatch.setattr("odkit.many.standing", noted)
    project = load_project(root)
    made = dict(prepare_all(project.dataset_ids(), project, crew_of(1)))
    assert asked == ["122033/two"]
    assert {name for name, item in made.items() if isinstance(item, Built) and not item.causes} == {"122033/two"}
    assert len(made) == 3


def test_a_worker_reads_settings_once_and_sees_others(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of a cluster stays there from run to run."""
    read: list[Path] = []

    def noted(start: Path) -> Project:
        read.append(start)
        return load_project(start)

    monkeypatch.setattr("odkit.many.load_project", noted)
    for count, titles in enumerate((("市川市", "市川市"), ("市川市", "新市川市")), 1):
        edit(root / "publish.toml", *titles)
        for name in (ONE, "122033/two"):
            (found,) = prepare_batch(root, installed_digest(), [name])
            assert isinstance(found, Built)
            assert found.package.spec.publisher.title == titles[1]
        assert read == [root] * count


def test_going_back_to_an_earlier_state_runs_what_wrote_files_that_are_gone(
    root: Path, built: Build, tree: Tree
) -> None:
    declaration = root / "datapackages" / ONE / "dataset.toml"
    built(root)
    packages = tree(root / "build")
    edit(declaration, "施設", "設備")
    built(root)
    edit(declaration, "設備", "施設")
    assert built(root)[ONE].causes == {"rdf": ("package",)}
    assert tree(root / "build") == packages


def test_an_accepted_finding_changes_the_scores_alone(root: Path, built: Build, tree: Tree) -> None:
    built(root)
    for reason in ("この形で公表する", "様式による"):
        (root / "datapackages" / ONE / "accepted.csv").write_text(f"検査,理由\n1-6,{reason}\n", encoding="utf-8")
        assert built(root)[ONE].causes == {"source-score": ("accepted",), "score": ("accepted",)}
        assert tree(root / "build") == fresh(root, tree)


def test_an_edit_that_keeps_size_and_time_is_seen(root: Path, built: Build, tree: Tree) -> None:
    source = root / "datapackages" / ONE / "list.csv"
    built(root)
    seen = source.stat()
    edit(source, "公民館", "公民舘")
    os.utime(source, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert source.stat().st_size == seen.st_size
    assert built(root)[ONE].causes["clean"] == ("source",)


def test_a_source_that_is_only_touched_is_read_again_and_nothing_more(root: Path, built: Build) -> None:
    built(root)
    os.utime(root / "datapackages" / ONE / "list.csv", ns=(1, 1))
    assert built(root)[ONE].causes == {}


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("data.csv", "package"),
        ("changes.csv", "package"),
        ("data.ttl", "rdf"),
        ("data.csv-metadata.json", "rdf"),
        ("datapackage.json", "files"),
    ],
)
@pytest.mark.parametrize("how", ["edited", "cut off", "lost"])
def test_a_package_that_was_edited_by_hand_is_built_again(
    name: str, stage: str, how: str, root: Path, built: Build, tree: Tree
) -> None:
    built(root, ONE)
    packages = tree(root / "build")
    path = root / "build" / ONE / name
    seen, data = path.stat(), path.read_bytes()
    if how == "lost":
        path.unlink()
    else:
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if how == "edited" else data[: len(data) // 2])
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert built(root, ONE)[ONE].causes == {stage: ("damaged",)}
    assert tree(root / "build") == packages


def test_a_file_that_does_not_belong_there_goes(root: Path, built: Build) -> None:
    built(root, ONE)
    stranger = root / "build" / ONE / "notes.txt"
    stranger.write_text("?")
    assert built(root, ONE)[ONE].causes == {"files": ("damaged",)}
    assert not stranger.exists()


def test_an_edit_right_after_the_record_is_seen_whatever_the_clock_of_the_disk(root: Path, built: Build) -> None:
    """A file as young as the record is looked at again: the clock of a disk may stand still for two seconds."""
    built(root, ONE)
    record = next((root / ".odkit/cache/built").iterdir())
    path = root / "build" / ONE / "data.csv"
    project = load_project(root)
    moment = path.stat().st_mtime_ns
    os.utime(record, ns=(moment, moment))
    past = Past(project.dataset(ONE), project)
    assert past.standing() is not None
    assert record.stat().st_mtime_ns > moment, "a young record is written anew, so that the next run need not look"


def test_a_source_that_changes_while_it_is_built_leaves_no_record(root: Path, built: Build) -> None:
    project = load_project(root)
    spec = project.dataset(ONE)
    past = Past(spec, project)
    edit(spec.source.path, "公民館", "公民舘")
    past.settle(*build(spec, project))
    assert list((root / ".odkit").rglob("cache/*/*")) == []
    assert built(root, ONE)[ONE].causes["clean"] == ("first",)


def test_data_that_must_not_be_published_are_held_back_each_time(root: Path, built: Build) -> None:
    edit(root / "datapackages" / ONE / "list.csv", "047-320-3333", "090-1234-5678")
    for _ in range(2):
        with pytest.raises(HeldBack):
            built(root, ONE)
    assert not (root / "build" / ONE).exists()


def test_a_source_that_is_gone_is_told_as_such(root: Path, built: Build) -> None:
    built(root, ONE)
    (root / "datapackages" / ONE / "list.csv").unlink()
    with pytest.raises(UsageError) as told:
        built(root, ONE)
    assert told.value.code == "read.missing-file"


def test_a_large_table_is_not_kept_but_stands(root: Path, built: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are made small: what is kept beside a package of ten million rows must not be as large again."""
    monkeypatch.setattr("odkit.cache.past.MANY", 1)
    built(root, ONE)
    (entry,) = (root / ".odkit/cache/stages").glob("*/*")
    assert set(thaw(entry.read_bytes())[1]) == {"rdf", "source-score", "score"}
    assert built(root, ONE)[ONE].causes == {}
    edit(root / "datapackages" / ONE / "dataset.toml", "施設", "設備")
    assert set(built(root, ONE)[ONE].causes) == {"clean", "package", "rdf", "score"}
    (root / "datapackages" / ONE / "accepted.csv").write_text("検査,理由\n1-6,よい\n", encoding="utf-8")
    assert set(built(root, ONE)[ONE].causes) == {"clean", "package", "source-score", "score"}, "its RDF stands"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of odkit whose vocabulary may be changed."""
    home = tmp_path / "installed"
    for name in ("odkit", "schemas", "vocab"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    return home


def run(home: Path, *words: object) -> subprocess.CompletedProcess[bytes]:
    """That copy, run as a person would."""
    env = {**os.environ, "PYTHONPATH": str(home)}
    command = [sys.executable, "-m", "odkit", *map(str, words)]
    return subprocess.run(command, cwd=home, env=env, capture_output=True, check=False)


def publish(home: Path, root: Path, *words: str) -> list[dict[str, object]]:
    """What ``odkit publish --json`` of that copy prints."""
    done = run(home, "publish", "--project", root, "--json", *words)
    assert done.returncode == 0, done.stderr.decode()
    results: list[dict[str, object]] = json.loads(done.stdout)
    return results


def stages(results: Sequence[dict[str, object]]) -> list[object]:
    return [item["built"] for item in results]


def test_a_changed_mapping_reruns_rdf_and_what_follows(installed: Path, root: Path, tree: Tree) -> None:
    first = publish(installed, root, ONE)
    assert stages(publish(installed, root, ONE)) == [{}]
    with (installed / "vocab/mapping/public_toilet.v2.csv").open("a", encoding="utf-8") as other:
        other.write("\n")
    assert stages(publish(installed, root, ONE)) == [{}], "mappings of other standards do not matter"
    mapping = installed / "vocab/mapping/public_wireless_lan.v2.csv"
    lines = mapping.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = next(line for line in lines if line.startswith("SSID,"))
    mapping.write_text("".join(line for line in lines if line != gone), encoding="utf-8")
    data = root / "build" / ONE
    before = tree(data)
    again = publish(installed, root, ONE)
    assert stages(again) == [{"rdf": ["mapping"], "score": ["rdf"]}]
    changed = {name for name, digest in tree(data).items() if before[name] != digest}
    assert "data.ttl" in changed
    assert not {"data.csv", "changes.csv"} & changed
    assert first[0]["rows"] == again[0]["rows"] == 2


def test_another_odkit_runs_the_stages_whose_code_is_another(installed: Path, root: Path) -> None:
    publish(installed, root, ONE)
    with (installed / "odkit/score/levels.py").open("a", encoding="utf-8") as code:
        code.write("\n# changed\n")
    assert stages(publish(installed, root, ONE)) == [{"source-score": ["odkit"], "score": ["odkit"]}]
    with (installed / "odkit/model/packages.py").open("a", encoding="utf-8") as code:
        code.write("\n# changed\n")
    assert stages(publish(installed, root, ONE)) == [{stage: ["first"] for stage in ALL_STAGES}]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_odkit_in_one_dataset_does_not_stop_the_others(jobs: int, installed: Path, root: Path) -> None:
    edit(
        installed / "odkit/rdf/write.py",
        "    found = [(table, mapping)",
        "    if package.spec.id == '122033/one':\n        raise KeyError('broken')\n    found = [(table, mapping)",
    )
    words = ["--debug", "publish", "--project", root, "--json", "--lang", "en", "--jobs", str(jobs)]
    done = run(installed, *words)
    assert done.returncode == 70
    assert [item["dataset"] for item in json.loads(done.stdout)] == ["122033/two", "122041/three"]
    told = done.stderr.decode()
    assert "122033/one: Something unexpected" in told
    assert "Traceback" in told
    assert "in write_rdf" in told
