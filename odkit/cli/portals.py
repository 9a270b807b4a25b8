"""Opening a portal of publish.toml: the embedded one in this process, a CKAN over the network, by one client."""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Self

import click
import requests

from odkit import messages
from odkit.cli import base
from odkit.errors import PortalStop, UsageError
from odkit.portal import create_app, embedded_session
from odkit.portal.desk import desk_in
from odkit.project import PortalSpec, Project
from odkit.push import Journal, Portal, Rules, broken_off, connect, find_token

WORTH_FORESEEING = 4
"""From so many datasets of one publisher on, all of them are asked for at once."""


def embedded_line(spec: PortalSpec) -> requests.Session:
    """A session that reaches the embedded portal in this process, as the public sees it."""
    return embedded_session(create_app(spec.folder, site_url=spec.url), spec.url)


class Portals:
    """One connection to a portal per publisher, opened when first needed, closed together."""

    def __init__(self, project: Project, spec: PortalSpec, lang: str, datasets: Sequence[str], rules: Rules) -> None:
        """`datasets` are the ids of what the run is about, `rules` what its options allow."""
        self._project, self._spec, self._lang = project, spec, lang
        self._rules = replace(
            rules,
            create_organizations=spec.create_organizations,
            datastore=spec.datastore,
            interval=spec.interval,
        )
        self._counts = Counter(dataset.partition("/")[0] for dataset in datasets)
        self._open: dict[str, Portal] = {}
        self._namesakes: Mapping[str, str] | None = None
        self._stack = ExitStack()
        folder = project.root / ".odkit" / "journal" / spec.name
        for name in broken_off(folder):
            base.say("push.finishing", lang, dataset=name)
        self._journal = self._stack.enter_context(Journal(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, code: str) -> Portal:
        """The portal as the publisher `code` sees it; raises PortalStop where no token is to be had."""
        if code not in self._open:
            self._open[code] = self._stack.enter_context(self._connect(code))
            if self._counts[code] >= WORTH_FORESEEING:
                self._open[code].foresee(self._project.publishers[code].name)
        return self._open[code]

    def claim(self, dataset_id: str) -> Portal:
        """The portal for a dataset that is to be published; raises UsageError where another one has its name there."""
        if self._namesakes is None:
            self._namesakes = self._project.namesakes()
        if dataset_id in self._namesakes:
            raise UsageError("push.same-name", id=dataset_id, other=self._namesakes[dataset_id])
        return self.of(self._project.publisher_of(dataset_id).code)

    def _connect(self, code: str) -> Portal:
        spec = self._spec
        if spec.kind != "embedded":
            token = _token(self._project.token_env[code], spec, self._lang)
            return connect(spec.url, token, rules=self._rules, journal=self._journal)
        # The token lives as long as this process: nobody else can write to the embedded portal.
        token = secrets.token_urlsafe(32)
        desk = self._stack.enter_context(desk_in(spec.folder, site_url=spec.url, tokens={token: "odkit"}))
        return connect(spec.url, token, desk=desk, rules=self._rules)


def _token(variable: str, spec: PortalSpec, lang: str) -> str:
    token = find_token(variable)
    if not token and sys.stdin.isatty():
        question = messages.text("cli.ask-token", lang, {"portal": spec.url, "variable": variable})
        token = str(click.prompt(question, hide_input=True, err=True, default="", show_default=False))
    if not token:
        raise PortalStop("push.no-token", portal=spec.url, variable=variable)
    return token
