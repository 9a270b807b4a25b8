"""The wheel holds everything: it works in any folder, without this repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, and nothing else of this repository."""
    target = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = target.glob("*.whl")
    folder = target / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def odkit(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed odkit in another folder."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "odkit", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("folder", ["schemas", "vocab", "odkit/messages", "odkit/help", "odkit/portal"])
def test_every_file_that_is_no_code_is_in_the_wheel(installed: Path, folder: str) -> None:
    wanted = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"}
    inside = {path if path.parts[0] == "odkit" else Path("odkit") / path for path in wanted}
    assert wanted
    assert {path for path in inside if not (installed / path).is_file()} == set()


def test_it_scores_a_file_in_any_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("名称,人口\n市川市,491000\n船橋市,648000\n", encoding="utf-8")
    done = odkit(installed, tmp_path, "score", "a.csv", "--licence", "CC-BY-4.0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("a.csv — 段階 3（CSV、形式では段階 3）")


def test_it_cleans_a_file_in_any_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        "施設名,住所,電話\r\n県庁,千葉市中央区市場町１－１,０４３－２２３－２１１０\r\n".encode("cp932")
    )
    done = odkit(installed, tmp_path, "clean", "a.csv", "--standard", "public_wireless_lan", "-o", "b.csv")
    assert done.returncode == 0, done.stderr
    assert "千葉市中央区市場町1-1" in (tmp_path / "b.csv").read_text(encoding="utf-8-sig")
    assert "043-223-2110" in (tmp_path / "b.csv").read_text(encoding="utf-8-sig")


def test_its_own_version_is_the_one_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    (metadata,) = installed.glob("odkit-*.dist-info")
    assert (
        odkit(installed, tmp_path, "--version")
        .stdout.strip()
        .endswith(metadata.name.split("-")[1].removesuffix(".dist"))
    )
