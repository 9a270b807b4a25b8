"""Copies of this project that publish on a real CKAN under names of their own, and leave nothing behind there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from ckanapi import RemoteCKAN
from ckanapi.errors import NotFound

if TYPE_CHECKING:
    from tests.conftest import RealCkan

ROOT = Path(__file__).resolve().parents[2]
CODE = "120006"
DATASETS = ("cultural_property", "ict-indicators", "public_wireless_lan")
TOKEN_VARIABLE = f"ODKIT_TOKEN_{CODE}"


@dataclass(frozen=True)
class Run:
    """What a run of the command line came to."""

    code: int
    out: str
    err: str

    @property
    def actions(self) -> list[str]:
        """What was done with each dataset, from ``--json``."""
        return [str(item["action"]) for item in json.loads(self.out)]


@dataclass(frozen=True)
class Scene:
    """A project in `root` whose organisation and datasets no other run knows; `admin` sees all of the real CKAN."""

    root: Path
    url: str
    token: str = field(repr=False)
    admin: RemoteCKAN
    tail: str

    @property
    def organization(self) -> str:
        """The organisation's name on the portal."""
        return f"journey-{self.tail}"

    @property
    def other_organization(self) -> str:
        """The name of an organisation that the project does not publish for."""
        return f"other-{self.tail}"

    @property
    def editor(self) -> str:
        """The name of the user that `add_editor` makes."""
        return f"editor-{self.tail}"

    def folder(self, dataset: str) -> str:
        """The dataset's folder: its own name with the mark of this scene."""
        return f"{dataset}-{self.tail}"

    def portal_name(self, dataset: str) -> str:
        """The dataset's name on the portal."""
        return f"{CODE}_{self.folder(dataset)}"

    def source(self, dataset: str) -> Path:
        """The dataset's only source file."""
        folder = self.root / "datapackages" / CODE / self.folder(dataset)
        (found,) = (path for path in folder.iterdir() if path.name != "dataset.toml")
        return found

    def built(self, dataset: str) -> dict[str, bytes]:
        """The built package: file name -> bytes."""
        folder = self.root / "build" / CODE / self.folder(dataset)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def publish(self, *arguments: str, token: str = "", portal: str = "shared", lang: str = "en") -> Run:
        """Run ``odkit publish`` as a person would, with the sysadmin's token or another one in the environment."""
        command = [sys.executable, "-m", "odkit", "publish", "--project", str(self.root), "--portal", portal]
        done = subprocess.run(
            [*command, "--lang", lang, *arguments],
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, TOKEN_VARIABLE: token or self.token},
        )
        return Run(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def pull(self, dataset: str, folder: Path) -> dict[str, bytes]:
        """What anyone gets with ``odkit pull``: file name -> bytes."""
        name = self.portal_name(dataset)
        command = [sys.executable, "-m", "odkit", "pull", name, "--portal", self.url, "-o", str(folder)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ODKIT_TOKEN")}
        subprocess.run(command, capture_output=True, check=True, env=environment)
        return {path.name: path.read_bytes() for path in (folder / name).iterdir()}

    def show(self, dataset: str) -> dict[str, Any] | None:
        """The dataset as the portal has it, private or deleted or not; None where there is none."""
        return found(self.admin, "package_show", self.portal_name(dataset))

    def add_organization(self, name: str = "") -> None:
        """Make an organisation (the scene's own without `name`), as a portal's administrator does."""
        self.admin.action.organization_create(name=name or self.organization, title="千葉県")

    def add_editor(self, organization: str) -> str:
        """Make a user, no sysadmin, an editor of `organization`; returns a token of theirs."""
        name, password = self.editor, uuid.uuid4().hex
        self.admin.action.user_create(name=name, email=f"{name}@example.jp", password=password)
        self.admin.action.organization_member_create(id=organization, username=name, role="editor")
        return str(self.admin.action.api_token_create(user=name, name="odkit")["token"])

    def clean_up(self) -> None:
        """Delete and purge what the scene made on the portal, whatever became of the test."""
        names = tuple(self.portal_name(dataset) for dataset in DATASETS)
        steps = {
            "package_delete": names,
            "dataset_purge": names,
            "organization_purge": (self.organization, self.other_organization),
            "user_delete": (self.editor,),
        }
        for action, targets in steps.items():
            for target in targets:
                with suppress(NotFound):
                    self.admin.call_action(action, {"id": target})


def found(portal: RemoteCKAN, action: str, name: str) -> dict[str, Any] | None:
    """What a ``_show`` action gives; None where it finds nothing."""
    try:
        shown: Mapping[str, Any] = portal.call_action(action, {"id": name})
    except NotFound:
        return None
    return dict(shown)


@contextmanager
def scene(
    root: Path, real: RealCkan, datasets: tuple[str, ...], *, create_organizations: bool = True
) -> Iterator[Scene]:
    """A copy of this project with some of its datasets, renamed, and the real CKAN as its portal ``shared``."""
    with requests.Session() as session:
        made = Scene(root, real.url, real.token, RemoteCKAN(real.url, apikey=real.token, session=session), new_tail())
        for dataset in datasets:
            target = root / "datapackages" / CODE / made.folder(dataset)
            shutil.copytree(ROOT / "datapackages" / CODE / dataset, target)
        (root / "publish.toml").write_text(declared(made, create_organizations=create_organizations), encoding="utf-8")
        try:
            yield made
        finally:
            made.clean_up()


def new_tail() -> str:
    """What makes the names of a scene its own."""
    return uuid.uuid4().hex[:8]


def declared(made: Scene, *, create_organizations: bool) -> str:
    """This project's publish.toml, with the real CKAN and the scene's organisation in it."""
    text = (ROOT / "publish.toml").read_text(encoding="utf-8")
    heading = f"[organizations.{CODE}]"
    head, found_heading, rest = text.partition(heading)
    assert found_heading
    allowed = str(create_organizations).lower()
    portal = f'[portals.shared]\nkind = "ckan"\nurl = "{made.url}"\ncreate_organizations = {allowed}\n'
    body = rest.partition("\n")[2].partition("\n[organizations.")[0]  # of the organisations this one alone
    return f'{head}{portal}\n{heading}\nname = "{made.organization}"\n{body}'


@pytest.fixture(scope="session")
def published(real_ckan: RealCkan, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Run]]:
    """All datasets, published once on the real CKAN; and that run. Tests leave them as they are."""
    with scene(tmp_path_factory.mktemp("published"), real_ckan, DATASETS) as made:
        run = made.publish("--json")
        assert run.code == 0, run.err
        yield made, run


@pytest.fixture
def new_scene(real_ckan: RealCkan, tmp_path: Path) -> Iterator[Callable[..., Scene]]:
    """Makes a project that is published nowhere yet; the test may do with it what it likes."""
    with ExitStack() as stack:

        def make(*datasets: str, create_organizations: bool = True) -> Scene:
            opened = partial(scene, create_organizations=create_organizations)
            return stack.enter_context(opened(tmp_path, real_ckan, datasets))

        yield make
