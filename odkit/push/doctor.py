"""Is a portal ready to be published on? What can be asked is asked; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from odkit.errors import PortalError
from odkit.model import Issue, Licence, Publisher, Severity, Where
from odkit.push.licences import portal_licence
from odkit.push.portal import Portal

SAFE_VERSIONS: Mapping[tuple[int, int], tuple[int, int, int]] = {(2, 10): (2, 10, 10), (2, 11): (2, 11, 5)}
"""The first release of each line without the holes that were published in 2026."""

OLDEST_LINE = (2, 10)
MOST_SECONDS_APART = 300.0
LOADERS = frozenset({"xloader", "datapusher", "datapusher_plus"})
SENT = frozenset({"title", "name", "notes", "owner_org", "license_id", "tag_string", "maintainer", "maintainer_email"})
"""The fields that odkit fills, whatever a portal's schema calls for."""

ROLES = frozenset({"admin", "editor"})


def examine(portal: Portal, publisher: Publisher, licences: tuple[Licence, ...]) -> tuple[Issue, ...]:
    """What a person should know before publishing for `publisher` on `portal`; notes where all is well.

    `licences` are those that the datasets have. A portal that does not answer is one of the findings; never raises.
    """
    try:
        return tuple(_findings(portal, publisher, licences))
    except PortalError as error:
        return (_issue(error.code, Severity.ERROR, **error.details),)


def _findings(portal: Portal, publisher: Publisher, licences: tuple[Licence, ...]) -> Iterator[Issue]:
    status = portal.status()
    version = str(status.get("ckan_version", ""))
    yield _issue("push.doctor-reached", Severity.NOTE, url=portal.url, version=version)
    if is_outdated(version):
        yield _issue("push.doctor-old", Severity.WARNING, version=version)
    yield from _clock(portal)
    yield from _rights(portal, publisher)
    known = portal.licences()
    for licence in licences:
        found = portal_licence(licence, known)
        if not found.known or (licence.open and not found.open):
            code = "push.licence-not-open" if found.known else "push.unknown-licence"
            yield _issue(code, Severity.WARNING, value=found.id)
        else:
            yield _issue("push.doctor-licence", Severity.NOTE, licence=licence.id, value=found.id)
    yield from _plugins(portal)


def is_outdated(version: str) -> bool:
    """Whether a CKAN of this version has holes that later releases close; a version that cannot be read has none."""
    numbers = tuple(map(int, re.findall(r"[0-9]+", version)[:3]))
    if len(numbers) < 3:
        return False
    return numbers[:2] < OLDEST_LINE or numbers < SAFE_VERSIONS.get((numbers[0], numbers[1]), numbers)


def _clock(portal: Portal) -> Iterator[Issue]:
    apart = portal.clock_difference()
    if apart is not None and abs(apart) > MOST_SECONDS_APART:
        yield _issue("push.doctor-clock", Severity.WARNING, seconds=f"{apart:.0f}")


def _rights(portal: Portal, publisher: Publisher) -> Iterator[Issue]:
    """The token, the organisation, and what the token may do there."""
    roles = portal.roles()
    if not roles:
        yield _issue("push.doctor-token", Severity.ERROR, url=portal.url)
    if portal.organization(publisher.name) is None:
        severity = Severity.NOTE if portal.rules.create_organizations else Severity.ERROR
        details = {"url": portal.url, "name": publisher.name, "title": publisher.title}
        yield _issue("push.no-organization", severity, **details)
    elif roles and roles.get(publisher.name) not in ROLES:
        yield _issue("push.not-allowed", Severity.ERROR, subject=publisher.name, action="package_create")
    elif roles:
        yield _issue("push.doctor-role", Severity.NOTE, name=publisher.name, role=roles[publisher.name])
    if len(roles) > 1:
        yield _issue("push.doctor-many", Severity.WARNING, count=str(len(roles)))


def _plugins(portal: Portal) -> Iterator[Issue]:
    loaders = sorted(LOADERS & portal.extensions())
    if loaders and portal.rules.datastore:
        yield _issue("push.doctor-loader", Severity.WARNING, names=", ".join(loaders))
    if portal.rules.datastore and "datastore" not in portal.extensions():
        yield _issue("push.doctor-datastore", Severity.WARNING, url=portal.url)
    missing = [name for name, required in portal.fields().items() if required and name not in SENT]
    if missing:
        yield _issue("push.doctor-schema", Severity.WARNING, fields=", ".join(missing))


def _issue(code: str, severity: Severity, **details: str) -> Issue:
    value = details.get("value", "")
    return Issue(code=code, severity=severity, where=Where(file="publish.toml"), value=value, details=details)
