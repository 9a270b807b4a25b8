"""The addresses that the RDF gives: what is asked for there is answered, in the form that the asker takes.

They begin with the project's base_uri, whose path is served here, whichever host stands before it. The vocabulary and
the code lists answer themselves; a publisher, a dataset and the things in it are no documents, so 303 leads to the
file, or the page, that speaks of them.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, url_for

from odkit.model import Document
from odkit.portal.actions import Call
from odkit.portal.app import portal_of
from odkit.portal.pages import page_words
from odkit.portal.store import StoredPackage, StoredResource

TURTLE, JSON_LD, HTML = "text/turtle", "application/ld+json", "text/html"
NAMES = {"turtle": TURTLE, "jsonld": JSON_LD, "html": HTML}
"""What ``?format=`` may ask for, over the header."""
ENDS = {TURTLE: "-rdf", JSON_LD: "-jsonld"}
"""How the keys of the files end that hold a table's rows."""
ADDRESSES = "odkit-addresses"
CODE, NAME = re.compile(r"[0-9]{6}"), re.compile(r"[a-z0-9_-]+")

things = Blueprint("things", __name__, template_folder="templates")


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """What answers: `documents` by the end of their address, and the name on the portal of a publisher's dataset."""

    documents: Mapping[str, Document]
    portal_name: Callable[[str, str], str]


def add_things(app: Flask, base_uri: str, addresses: Addresses) -> None:
    """Give a site the addresses that begin with the path of `base_uri`."""
    app.extensions[ADDRESSES] = addresses
    app.register_blueprint(things, url_prefix=urlsplit(base_uri).path.rstrip("/") or None)


@things.get("/vocabulary")
def vocabulary() -> Response:
    """The words of our own."""
    return _document("vocabulary")


@things.get("/codes/<name>")
def codes(name: str) -> Response:
    """A code list."""
    return _document(f"codes/{name}")


@things.get("/catalogue")
def catalogue() -> Response:
    """The catalogue: its page, or its DCAT record."""
    return _see("pages.catalogue") if _wanted(HTML, JSON_LD) == HTML else _see("api.dcat")


@things.get("/<code>")
def publisher(code: str) -> Response:
    """A publisher: its datasets, or the RDF of one of them, which speaks of it."""
    with _reading() as call:
        packages = [item for item in call.transaction.packages() if call.may_read(item) and _code(item) == code]
        owner = call.transaction.organization(packages[0].body["owner_org"]) if packages else None
    if owner is None:
        abort(404)
    return _see("pages.catalogue", organization=owner["name"]) if _wanted() == HTML else _file(packages, "")


@things.get("/<code>/<dataset>")
@things.get("/<code>/<dataset>/<path:thing>")
def dataset(code: str, dataset: str, thing: str = "") -> Response:
    """A dataset, or a thing in it."""
    if not (CODE.fullmatch(code) and NAME.fullmatch(dataset)):
        abort(404)
    addresses: Addresses = current_app.extensions[ADDRESSES]
    with _reading() as call:
        package = call.transaction.package(addresses.portal_name(code, dataset))
        if package is None or not call.may_read(package):
            abort(404)
    return _see("pages.dataset", name=package.body["name"]) if _wanted() == HTML else _file([package], thing)


def _document(name: str) -> Response:
    addresses: Addresses = current_app.extensions[ADDRESSES]
    document = addresses.documents.get(name)
    if document is None:
        abort(404)
    kind = _wanted()
    if kind == HTML:
        page = render_template("document.html", document=document, names=NAMES, **page_words())
        return _varying(Response(page, content_type=f"{HTML};charset=utf-8"))
    return _varying(Response(document.files[kind], content_type=f"{kind};charset=utf-8"))


def _wanted(*offered: str) -> str:
    """The form that is asked for: by ``?format=``, else by the Accept header, Turtle for who takes anything."""
    kinds = offered or (TURTLE, HTML, JSON_LD)
    if "format" in request.args:
        kind = NAMES.get(request.args["format"], "")
    else:
        kind = request.accept_mimetypes.best_match(kinds) or "" if request.accept_mimetypes else kinds[0]
    if kind not in kinds:
        abort(406)
    return kind


def _file(packages: Sequence[StoredPackage], thing: str) -> Response:
    """303 to the first file that speaks of the thing, of those in the form that is wanted."""
    end = ENDS[_wanted()]
    found = [(package, item) for package in packages for item in package.resources if _is_file(item, end)]
    if not found:
        abort(406)
    speaking = (pair for pair in found if len(found) == 1 or not thing or _speaks_of(pair[1], thing))
    package, item = next(speaking, found[0])
    return _see("api.file", package_id=package.id, resource_id=item.body["id"], _name=item.body["url"])


def _is_file(item: StoredResource, end: str) -> bool:
    return bool(item.digest) and str(item.body.get("odkit_key", "")).endswith(end)


def _speaks_of(item: StoredResource, thing: str) -> bool:
    """Whether a file says something about the thing; of the files of a package with several tables one does."""
    path = portal_of(current_app).store.files.path(item.digest)
    with (
        suppress(OSError, ValueError),  # replaced since the look-up; empty
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        return any(text.find(subject.encode()) >= 0 for subject in (f"\n<{thing}> ", f'/{thing}"'))
    return False


def _see(endpoint: str, **values: Any) -> Response:
    return _varying(Response(status=303, headers={"Location": url_for(endpoint, **values)}))


def _varying(response: Response) -> Response:
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


@contextmanager
def _reading() -> Iterator[Call]:
    """The portal as everybody may see it."""
    portal = portal_of(current_app)
    with portal.store.reading() as transaction:
        yield Call(transaction, "", portal.site_url, portal.store.files)


def _code(package: StoredPackage) -> str:
    extras = package.body.get("extras") or ()
    return next((str(item["value"]) for item in extras if item["key"] == "odkit_publisher_code"), "")
