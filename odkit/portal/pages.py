"""The pages for people: the catalogue, and one page per dataset. No JavaScript, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, url_for

from odkit import __version__, messages
from odkit.portal.app import create_app, portal_of
from odkit.portal.view import Shelf, Wanted

POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'"

Site: TypeAlias = Flask
"""A web application, for those who do not know Flask."""
pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static")


def create_site(folder: Path, *, site_url: str) -> Site:
    """The portal in `folder` with its pages, read-only: nobody has a token. What ``odkit serve`` shows."""
    app = create_app(folder, site_url=site_url)
    app.register_blueprint(pages)
    return app


@pages.get("/")
@pages.get("/dataset/")
def catalogue() -> str:
    """The list of public datasets: ``q``, ``organization`` and ``res_format`` narrow it."""
    asked = request.args
    wanted = Wanted(
        words=asked.get("q", ""), publisher=asked.get("organization", ""), format=asked.get("res_format", "")
    )
    return render_template("catalogue.html", found=_shelf().catalogue(wanted), wanted=wanted, **page_words())


@pages.get("/dataset/<name>")
def dataset(name: str) -> str | tuple[str, int]:
    """One public dataset; a notice where it was withdrawn, 404 where there is none, also for a private one."""
    detail = _shelf().detail(name)
    if detail is None:
        return _notice(name) or abort(404)
    return render_template("dataset.html", item=detail, card=detail.card, **page_words())


@pages.app_errorhandler(404)
def not_found(_: object) -> tuple[str, int]:
    """The page for an address that leads nowhere."""
    return render_template("missing.html", why="missing", **page_words()), 404


@pages.app_errorhandler(403)
def not_public(_: object) -> tuple[str, int]:
    """The page for a file whose dataset was withdrawn or is private, and for what another site asks for."""
    notice = _notice(str((request.view_args or {}).get("package_id", "")))
    return notice or (render_template("missing.html", why="not-public", **page_words()), 403)


def _notice(name: str) -> tuple[str, int] | None:
    """The page at the addresses of a dataset that was withdrawn."""
    withdrawn = _shelf().withdrawn(name)
    return (render_template("withdrawn.html", item=withdrawn, **page_words()), 410) if withdrawn else None


@pages.after_app_request
def guard(response: Response) -> Response:
    """No script, no frame, nothing from elsewhere; an uploaded file brings a stricter policy of its own."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response


def _shelf() -> Shelf:
    portal = portal_of(current_app)
    return Shelf(portal.store, portal.site_url, spoken())


def spoken() -> str:
    """The language of a request: as asked for, else the browser's, else Japanese."""
    wanted = request.args.get("lang", "")
    if wanted in messages.LANGUAGES:
        return wanted
    return request.accept_languages.best_match(messages.LANGUAGES, "ja") or "ja"


def page_words() -> dict[str, Any]:
    """What every page's template is given: the language, and functions for words and links."""
    lang = spoken()
    other = next(item for item in messages.LANGUAGES if item != lang)

    def say(code: str, **details: object) -> str:
        return messages.text(f"page.{code}", lang, {name: str(value) for name, value in details.items()})

    def link(endpoint: str, **values: Any) -> str:
        return url_for(f"pages.{endpoint}", **values, lang=lang)

    return {
        "lang": lang,
        "say": say,
        "link": link,
        "size": _size,
        "version": __version__,
        "can_score": "scoring" in current_app.blueprints,
        "other_lang": other,
        "other_link": _same_page(other),
    }


def _same_page(lang: str) -> str:
    if request.endpoint in ("scoring.diagnose", "scoring.mended"):
        return url_for("scoring.form", lang=lang)
    if request.endpoint in (None, "pages.static"):
        return url_for("pages.catalogue", lang=lang)
    arguments: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {}), "lang": lang}
    return url_for(str(request.endpoint), _method=None, **arguments)


def _size(count: int | None) -> str:
    """A size in bytes as people read it."""
    if count is None:
        return "-"
    amount, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB"):  # noqa: B007 - the unit reached is wanted after the loop
        if amount < 1000:
            break
        amount /= 1000
    return f"{count} B" if unit == "B" else f"{amount:.1f} {unit}"
