"""``odkit push`` by hand: what is lost is said before, a dataset is withdrawn and brought back, one at a time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = "public_wireless_lan"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one dataset of this repository and an embedded portal of its own."""
    source = Path("datapackages", "120006", NAME)
    shutil.copytree(ROOT / source, tmp_path / source)
    shutil.copyfile(ROOT / "publish.toml", tmp_path / "publish.toml")
    return tmp_path


def odkit(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", "odkit", *words, "--project", str(project)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_package_then_push_does_not_take_the_rdf_away_in_silence(project: Path) -> None:
    assert odkit(project, "publish").returncode == 0
    assert odkit(project, "package").returncode == 0
    stopped = odkit(project, "push", "--lang", "en")
    assert stopped.returncode == 3
    assert "readers would lose: data.ttl → –" in stopped.stderr
    assert "remove file: data.ttl" in stopped.stderr
    assert "--accept-schema-change" in stopped.stderr
    assert odkit(project, "publish", "--dry-run", "--exit-code").returncode == 0
    assert odkit(project, "package").returncode == 0
    meant = odkit(project, "push", "--accept-schema-change", "--json")
    assert [item["action"] for item in json.loads(meant.stdout)] == ["update"]


def test_withdrawn_and_brought_back(project: Path) -> None:
    assert odkit(project, "publish").returncode == 0
    dry = odkit(project, "push", NAME, "--withdraw", "12行目に個人情報", "--dry-run", "--exit-code")
    assert (dry.returncode, "非公開にします" in dry.stderr, "取り下げます" in dry.stderr) == (4, True, True)
    assert odkit(project, "push", NAME, "--withdraw", "12行目に個人情報").returncode == 0
    refused = odkit(project, "publish")
    assert (refused.returncode, "12行目に個人情報" in refused.stderr) == (3, True)
    assert f"odkit push 120006/{NAME} --restore" in refused.stderr
    hidden = odkit(project, "pull", f"120006_{NAME}", "-o", str(project / "pulled"))
    assert (hidden.returncode, "公開されていません" in hidden.stderr) == (3, True)
    restored = odkit(project, "push", NAME, "--restore")
    assert (restored.returncode, "もう一度公開します" in restored.stderr) == (0, True)
    again = odkit(project, "pull", f"120006_{NAME}", "-o", str(project / "pulled"), "--as", "sqlite")
    assert (again.returncode, f"pulled/120006_{NAME}.sqlite を作りました" in again.stderr) == (0, True)
    assert odkit(project, "publish", "--dry-run", "--exit-code").returncode == 0


@pytest.mark.parametrize("words", [("publish",), ("publish", "--dry-run"), ("push",)])
def test_a_copied_folder_does_not_overwrite_what_it_was_copied_from(project: Path, words: tuple[str, ...]) -> None:
    assert odkit(project, "publish").returncode == 0
    folder, copy = project / "datapackages" / "120006" / NAME, project / "datapackages" / "120006" / "copied"
    shutil.copytree(folder, copy)
    declared = copy / "dataset.toml"
    declared.write_text(f'portal_name = "120006_{NAME}"\n{declared.read_text(encoding="utf-8")}', encoding="utf-8")
    assert odkit(project, "package").returncode == 0
    refused = odkit(project, *words, "--lang", "en")
    assert refused.returncode == 2
    assert f"120006/copied and 120006/{NAME} have the same name on the portal" in refused.stderr
    shutil.rmtree(copy)
    again = odkit(project, "publish", "--accept-schema-change", "--json")
    assert (again.returncode, [item["dataset"] for item in json.loads(again.stdout)]) == (0, [f"120006/{NAME}"])


@pytest.mark.parametrize("words", [("--restore",), ("--withdraw", "x"), ("--adopt",), ("--rename-from", "x")])
def test_what_is_for_one_dataset_needs_its_name(project: Path, words: tuple[str, ...]) -> None:
    done = odkit(project, "push", *words, "--lang", "en")
    assert (done.returncode, "one dataset at a time" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["push", "doctor"])
def test_a_token_that_one_government_lacks_does_not_stop_the_others(project: Path, command: str) -> None:
    """Told once, for all datasets of that government; the next one is tried, here on a portal that does not answer."""
    for dataset in ("120006/cultural_property", "122033/aed"):
        shutil.copytree(ROOT / "datapackages" / dataset, project / "datapackages" / dataset)
    portal = '[portals.shared]\nkind = "ckan"\nurl = "http://127.0.0.1:9"\n\n'
    settings = project / "publish.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[organizations.120006]", portal + "[organizations.120006]"), encoding="utf-8")
    words = [sys.executable, "-X", "utf8", "-m", "odkit", command, "--portal", "shared", "--project", str(project)]
    assert odkit(project, "package").returncode == 0
    tokens = {"ODKIT_TOKEN_122033": "a-token", "ODKIT_TOKEN_120006": ""}
    done = subprocess.run(
        words,
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **tokens},
    )
    told = done.stdout + done.stderr
    assert done.returncode == 3
    assert told.count("環境変数 ODKIT_TOKEN_120006、") == 1
    assert "ODKIT_TOKEN_122033" not in told
    assert "接続できません" in told
    assert "a-token" not in told


def test_the_doctor_counts_the_governments_without_a_token(project: Path) -> None:
    for dataset in ("122033/aed", "122041/aed"):
        shutil.copytree(ROOT / "datapackages" / dataset, project / "datapackages" / dataset)
    settings = project / "publish.toml"
    portal = '[portals.shared]\nkind = "ckan"\nurl = "http://127.0.0.1:9"\n\n[defaults]'
    settings.write_text(settings.read_text(encoding="utf-8").replace("[defaults]", portal), encoding="utf-8")
    done = odkit(project, "doctor", "--portal", "shared")
    assert done.returncode == 3
    assert "千葉県、市川市、船橋市:" in done.stdout
    assert "ODKIT_TOKEN_120006、ODKIT_TOKEN_122033、ODKIT_TOKEN_122041" in done.stdout
    assert done.stdout.count("トークンがない") == 1
    listed = json.loads(odkit(project, "doctor", "--portal", "shared", "--json").stdout)
    assert [item["findings"][0]["code"] for item in listed[:-1]] == ["push.no-token"] * 3
