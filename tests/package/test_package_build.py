"""What a built package holds, byte for byte where it matters, with frictionless as the referee."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odkit.errors import UsageError
from odkit.jsonfile import json_bytes
from odkit.model import CleanTable, ColumnMatch, DatasetSpec, Package, Resource
from odkit.package import (
    add_files,
    build_package,
    describe_file,
    exclusive,
    load_package,
    seal_package,
    staged_folder,
    write_csv,
)
from odkit.package.check import check_package
from odkit.package.files import ROWS_PER_BLOCK, UNNAMED, write_described, write_table

TraceFunction = Callable[[FrameType, str, Any], Any]
BASE_URI = "https://data.example.lg.jp/id/"


def built(spec: DatasetSpec, cleaned: CleanTable, folder: Path) -> Package:
    """A sealed package in `folder`."""
    folder.mkdir(exist_ok=True)
    return seal_package(build_package(spec, [cleaned], folder, BASE_URI), {"odkit:stage": {"after": 3}})


def test_the_package_is_valid_and_complete(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    package = built(spec, cleaned, tmp_path)
    assert check_package(tmp_path) == ()
    assert [item.key for item in package.resources] == ["data", "data-csvw", "datapackage", "changes", "issues"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(item.path for item in package.resources)
    for item in package.resources:
        content = (tmp_path / item.path).read_bytes()
        assert (item.bytes, item.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_data_is_what_excel_opens(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(spec, cleaned, tmp_path)
    content = (tmp_path / "data.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1].startswith('120006,,,,"県庁, 本庁舎",,')
    assert b"\r\n" in content


def test_the_descriptor_says_licence_source_and_schema(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(spec, cleaned, tmp_path)
    descriptor = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["name"] == "120006_public_wireless_lan"
    assert descriptor["id"] == "https://data.example.lg.jp/id/120006/public_wireless_lan"
    assert descriptor["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    assert descriptor["sources"][0]["odkit:sha256"] == "0" * 64
    assert descriptor["odkit:stage"] == {"after": 3}
    data = descriptor["resources"][0]
    assert (data["encoding"], data["odkit:rows"]) == ("utf-8-sig", 2)
    assert data["schema"]["fields"][4]["name"] == "名称"
    assert list(descriptor)[-1] == "resources"


def test_the_ledgers_speak_japanese(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(spec, cleaned, tmp_path)
    with (tmp_path / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        change = next(csv.DictReader(file))
    assert (change["セル"], change["列名"]) == ("C5", "電話番号")
    assert (change["変更前"], change["変更後"]) == ("０４３－２２３－２１１０", "043-223-2110")
    assert change["説明"]
    with (tmp_path / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        issue = next(csv.DictReader(file))
    assert issue["コード"] == "clean.type"
    assert "C6" in issue["内容"]


def test_the_referee_names_a_cell_that_breaks_the_schema(
    spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path
) -> None:
    at = cleaned.schema.names.index("緯度")
    wrong = (*cleaned.rows[0][:at], "北緯", *cleaned.rows[0][at + 1 :])
    built(spec, replace(cleaned, rows=(wrong, cleaned.rows[1])), tmp_path)
    (line,) = check_package(tmp_path)
    assert line.startswith("data: ")
    assert "北緯" in line


def test_a_build_does_without_the_referee() -> None:
    program = "import sys, odkit.publish; print(*{'frictionless'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_an_extra_column_is_kept_as_text(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    wider = replace(
        cleaned,
        rows=tuple((*row, "管理メモ") for row in cleaned.rows),
        matches=(*cleaned.matches, ColumnMatch(name="メモ", heading="メモ", column=28, how="extra")),
    )
    package = built(spec, wider, tmp_path)
    assert check_package(tmp_path) == ()
    schema = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"][0]["schema"]
    assert schema["fields"][-1] == {"name": "メモ", "type": "string", "odkit:extra": True}
    assert package.tables[0].rows[0][-1] == "管理メモ"


def test_csvw_metadata_describes_the_columns(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(spec, cleaned, tmp_path)
    metadata = json.loads((tmp_path / "data.csv-metadata.json").read_text(encoding="utf-8"))
    assert metadata["url"] == "data.csv"
    columns = {column["titles"]: column for column in metadata["tableSchema"]["columns"]}
    assert columns["緯度"]["datatype"] == "decimal"
    assert columns["名称"]["datatype"] == "string"
    assert len(columns) == 28


def test_a_file_of_another_stage_is_added_once(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    package = built(spec, cleaned, tmp_path)
    (tmp_path / "data.ttl").write_text("<a> <b> <c> .\n", encoding="utf-8")
    rdf = Resource(
        key="data-rdf",
        path="",
        title="RDF",
        title_en="RDF",
        format="TTL",
        media_type="text/turtle",
        bytes=0,
        sha256="",
    )
    described = describe_file(tmp_path / "data.ttl", rdf)
    for _ in range(2):
        package = seal_package(add_files(package, [described]), {})
        assert [item.key for item in package.resources].count("data-rdf") == 1
        assert check_package(tmp_path) == ()


def test_a_built_package_is_read_back(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    package = built(spec, cleaned, tmp_path)
    loaded = load_package(spec, tmp_path)
    assert loaded.descriptor == package.descriptor
    assert loaded.resources == package.resources
    assert [tuple(table.rows) for table in loaded.tables] == [cleaned.rows]
    assert loaded.tables[0].origin == cleaned.origin
    assert loaded.tables[0].schema == cleaned.schema


def test_a_package_that_is_not_built(spec: DatasetSpec, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_package(spec, tmp_path)
    assert "odkit publish 120006/public_wireless_lan" in caught.value.text("ja")


def test_a_damaged_package_is_found(spec: DatasetSpec, cleaned: CleanTable, tmp_path: Path) -> None:
    built(spec, cleaned, tmp_path)
    with (tmp_path / "data.csv").open("ab") as file:
        file.write(b"x\r\n")
    assert any("hash" in line for line in check_package(tmp_path))


def test_a_failed_build_leaves_the_old_package(tmp_path: Path) -> None:
    final = tmp_path / "build" / "120006" / "wifi"
    with staged_folder(final) as folder:
        (folder / "data.csv").write_text("old", encoding="utf-8")

    def fail() -> None:
        with staged_folder(final) as folder:
            (folder / "data.csv").write_text("half", encoding="utf-8")
            raise ValueError("the source broke")

    with pytest.raises(ValueError, match="broke"):
        fail()
    assert [path.name for path in final.parent.iterdir()] == ["wifi"]
    assert (final / "data.csv").read_text(encoding="utf-8") == "old"


def test_a_killed_build_is_cleared_away(tmp_path: Path) -> None:
    final = tmp_path / "wifi"
    for leftover in (".wifi.new", ".wifi.old"):
        (tmp_path / leftover).mkdir()
        (tmp_path / leftover / "data.csv").write_text("half", encoding="utf-8")
    with staged_folder(final) as folder:
        (folder / "data.csv").write_text("whole", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["wifi"]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, where a test wants it."""


def interrupt_at(step: int, work: Callable[[], None]) -> bool:
    """Do the work, and interrupt it at one of the steps of the interpreter; whether it came so far."""
    left = step

    def trace(frame: FrameType, event: str, _: Any) -> TraceFunction | None:
        nonlocal left
        if frame.f_code.co_filename == shutil.__file__:  # closes files twice where it is interrupted
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            left -= 1
        if left == 0 and event == "opcode":
            sys.settrace(None)
            raise Interrupted
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    except Interrupted:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="steps of CPython are counted")
@pytest.mark.parametrize("there", [(), ("wifi",), ("wifi", ".wifi.new", ".wifi.old")])
def test_a_build_interrupted_anywhere_leaves_one_whole_package_or_none(there: Sequence[str], tmp_path: Path) -> None:
    """Each instruction of Python is tried, up to the end: what is there is old or new, and nothing is half made."""

    def build(folder: Path) -> None:
        with staged_folder(folder / "wifi") as staging:
            (staging / "new").mkdir()

    def made(step: int) -> Path:
        folder = tmp_path / str(step)
        for name in there:
            (folder / name / "old").mkdir(parents=True)
        folder.mkdir(exist_ok=True)
        return folder

    step, states, cleared = 1, set(), False
    while interrupt_at(step, partial(build, folder := made(step))):
        names = {path.name for path in folder.iterdir()}
        # What another process had left is there until it is looked for.
        cleared = cleared or names <= {"wifi"}
        assert names <= ({"wifi"} if cleared else set(there)), step
        states.add(tuple(path.name for path in folder.glob("wifi/*")))
        step += 1
    assert cleared
    assert states == {("old",) if "wifi" in there else (), ("new",)}


def test_one_process_at_a_time_works_on_a_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "locks" / "120006_my_wifi.lock"
    monkeypatch.setattr("odkit.package.files.PATIENCE", 0.1)
    with exclusive(lock), pytest.raises(UsageError) as caught, exclusive(lock):
        pytest.fail("two at once")
    assert caught.value.code == "package.busy"
    assert "120006/my_wifi" in caught.value.text("ja")
    with exclusive(lock):
        pass


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rows=st.lists(st.tuples(cells, cells, cells), max_size=6))
def test_any_text_comes_back_from_the_csv(rows: list[tuple[str, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    assert write_csv(path, ["甲", "乙", "丙"], rows, "utf-8-sig") == len(rows)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)] == [("甲", "乙", "丙"), *rows]


@pytest.mark.parametrize("count", [0, 1, ROWS_PER_BLOCK - 1, ROWS_PER_BLOCK, ROWS_PER_BLOCK + 1, 3 * ROWS_PER_BLOCK])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_table_is_described_as_it_is_written(count: int, encoding: str, tmp_path: Path) -> None:
    rows = [(str(number), '"一",\n') for number in range(count)]
    path = tmp_path / "data.csv"
    described = write_table(path, ["番号", "名称"], iter(rows), encoding, UNNAMED)
    assert described == replace(describe_file(path, UNNAMED), rows=count)
    with path.open(encoding=encoding, newline="") as file:
        assert [tuple(row) for row in csv.reader(file)] == [("番号", "名称"), *rows]
    data = json_bytes({"一": 1.5})
    assert write_described(tmp_path / "a.json", {"一": 1.5}, UNNAMED).bytes == len(data)
    assert (tmp_path / "a.json").read_bytes() == data
