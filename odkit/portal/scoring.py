"""The scoring page: choose or drop a file, see its report, take the mended files away. No JavaScript, and nothing kept.

The page carries the file itself, as text in its form: what is asked for next comes back with it, so that the portal
stores nothing between two requests.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from io import BytesIO
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, send_file
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from odkit.diagnose import MEDIA_TYPES, Diagnosis, Doctor, Handed
from odkit.errors import OdkitError
from odkit.portal.pages import page_words, spoken

DOCTOR = "odkit-doctor"
LARGEST = 32 << 20
"""Bytes of a file that is taken."""
CARRIED = 8 << 20
"""Bytes of a file that the page carries along; for a larger one there is the report alone."""
FORM_TEXTS = CARRIED * 4 // 3 + (1 << 20)
NAME_LENGTH = 200
LICENCES = ("CC-BY-4.0", "PDL-1.0", "CC0-1.0", "")

scoring = Blueprint("scoring", __name__, template_folder="templates")


def add_scoring(app: Flask, doctor: Doctor) -> None:
    """Give a site the scoring page, with who scores and mends."""
    app.extensions[DOCTOR] = doctor
    app.register_blueprint(scoring)


def _doctor() -> Doctor:
    doctor: Doctor = current_app.extensions[DOCTOR]
    return doctor


@scoring.before_request
def own_page() -> None:
    """Only our own page may send files here: another site in the same browser gets 403."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin", "")
    foreign = origin not in ("", "null") and urlsplit(origin).netloc != request.host
    if (
        host not in ("127.0.0.1", "localhost", "::1")
        or foreign
        or request.headers.get("Sec-Fetch-Site") == "cross-site"
    ):
        abort(403)


@scoring.get("/score")
def form() -> str:
    """The page as it opens."""
    return _page()


@scoring.get("/score.css")
def style() -> Response:
    """The style sheet of the report."""
    return Response(_doctor().style(), content_type="text/css;charset=utf-8")


@scoring.post("/score")
def diagnose() -> tuple[str, int]:
    """The report on the file that was sent."""
    request.max_content_length = LARGEST + (1 << 20)
    if (request.content_length or 0) > request.max_content_length:  # told before anything of it is read
        return _page(problem="score-too-large"), 413
    file = request.files.get("file")
    data = file.stream.read(LARGEST + 1) if file is not None else b""
    if file is None or not file.filename:
        return _page(problem="score-no-file"), 400
    if len(data) > LARGEST:
        return _page(problem="score-too-large"), 413
    handed = Handed(name=_label(file.filename), data=data, **_stated())
    found = _doctor().diagnose(handed, spoken(), mending=len(data) <= CARRIED)
    return _page(handed=handed, diagnosis=found), 200


@scoring.post("/score/<kind>")
def mended(kind: str) -> Response | tuple[str, int]:
    """One of the files that can be made of the file which the page carried along."""
    if kind not in MEDIA_TYPES:
        abort(404)
    request.max_content_length = request.max_form_memory_size = FORM_TEXTS
    try:
        data = b64decode(request.form.get("content", ""), validate=True)
        handed = Handed(name=_label(request.form.get("name", "")), data=data, **_stated())
        made = _doctor().make(handed, kind, spoken())
    except (RequestEntityTooLarge, binascii.Error):
        return _page(problem="score-too-large"), 413
    except OdkitError as error:
        return _page(reason=error.text(spoken())), 422
    answer = send_file(BytesIO(made.data), mimetype=made.media_type, as_attachment=True, download_name=made.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _stated() -> dict[str, str]:
    """What the form says beside the file."""
    return {"licence": request.form.get("licence", "")[:NAME_LENGTH], "code": request.form.get("code", "").strip()[:6]}


def _label(name: str) -> str:
    """A client's file name as a label: its last part, without control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:NAME_LENGTH] or "data"


def _page(handed: Handed | None = None, diagnosis: Diagnosis | None = None, problem: str = "", reason: str = "") -> str:
    return render_template(
        "score.html",
        handed=handed,
        diagnosis=diagnosis,
        # The report is a page of our own making: what it quotes of the file was escaped there.
        report=Markup(diagnosis.html) if diagnosis else "",  # noqa: S704
        problem=problem,
        reason=reason,
        carried=b64encode(handed.data).decode() if handed and len(handed.data) <= CARRIED else "",
        kinds=list(MEDIA_TYPES),
        licences=LICENCES,
        largest=LARGEST >> 20,
        **page_words(),
    )
