"""The editors' application: routes and pages. Each route asks a job or an issue's letter and shows what it says."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path

import jinja2
from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from digest.errors import BrokenInput, DigestError
from digest.issues.folder import IssueFolder, issue_folder
from digest.jobs.standing import standing_of
from digest.model.run import Clock
from digest.preview.changes import add_changes
from digest.preview.guard import LETTER_POLICY, LOOPBACK, Door, guard
from digest.preview.issue_page import issue_page
from digest.preview.letters import Letters
from digest.preview.looks import LOOKS
from digest.preview.panels import panel_of
from digest.preview.said import SAID
from digest.preview.sample_copy import SAMPLES
from digest.preview.scheme import for_the_frame
from digest.preview.server import listening
from digest.preview.shelf import newest_mail, shelf
from digest.preview.views import PANELS, VIEWS
from digest.preview.watching import Watching
from digest.publication import Publication

_WIDEST = 2000
_LEAST_PASSWORD = 12


def serve(
    publication: Publication,
    *,
    week: str | None,
    port: int,
    open_browser: bool,
    clock: Clock,
    host: str = LOOPBACK,
) -> None:
    """Answer until Ctrl-C.

    Args:
        publication: The publication.
        week: The issue to open; None opens the newest that has a mail.
        port: Where it listens; 0 takes any free port.
        open_browser: Whether a browser opens.
        clock: Tells the moment.
        host: The address of this machine that is listened on; any but its own loopback needs DIGEST_PREVIEW_PASSWORD.

    Raises:
        BrokenInput: `week` is no issue of this publication, or the password is missing or too short.
        DigestError: The port is taken.
    """
    if week is not None and not standing_of(publication, week).folder.path.is_dir():
        raise BrokenInput(f"there is no issue {week} here", cure=f"`digest build --week {week}` makes it")
    door = _door(publication, host)
    watching = Watching(publication.folder)
    server = listening(application(publication, clock, week=week, door=door, watching=watching), port, host)
    address = f"http://{host}:{server.port}/"
    watching.start()
    try:
        print(f"{publication.settings.name}: the preview is at {address}\nCtrl-C stops it.", flush=True)
        if open_browser:
            # a browser may take its time to start; it must not hold up the answers
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    finally:
        watching.stop()


def application(
    publication: Publication,
    clock: Clock,
    *,
    week: str | None = None,
    door: Door | None = None,
    watching: Watching | None = None,
) -> Flask:
    """The application of one publication.

    Args:
        publication: The publication, as it is now; what changes later is noticed.
        clock: Tells the moment.
        week: The issue that `/` leads to; None leads to the newest that has a mail.
        door: Who is let in; None lets in this machine.
        watching: Tells of files that were saved; None tells of none.

    Returns:
        A WSGI application.
    """
    app = Flask(__name__)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # a letter's words are far below this, and a form that is larger is none of ours
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = 2_000_000
    # whatever a template's file is called, words of strangers are never markup
    app.jinja_options = {
        "autoescape": True,
        "undefined": jinja2.StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    door, letters = door or Door(), Letters(publication)
    app.context_processor(lambda: _everywhere(letters.publication, door, watching is not None))
    guard(app, door)
    _add_pages(app, letters, clock, week)
    _add_parts(app, letters, watching)
    add_changes(app, letters, clock)
    _add_errors(app, letters)
    return app


def _door(publication: Publication, host: str) -> Door:
    password = publication.secret("DIGEST_PREVIEW_PASSWORD")
    if host != LOOPBACK and len(password or "") < _LEAST_PASSWORD:
        what = f"the preview answers to other machines only with a password of {_LEAST_PASSWORD} characters or more"
        raise BrokenInput(what, where=host, cure="set DIGEST_PREVIEW_PASSWORD")
    return Door(host, password)


def _everywhere(publication: Publication, door: Door, is_live: bool) -> dict[str, object]:
    """What every page knows."""
    return {
        "name": publication.settings.name,
        "shelf": shelf(publication),
        "views": VIEWS,
        "panels": PANELS,
        "token": door.token,
        "is_live": is_live,
        "said_after": SAID.get(request.args.get("done", ""), ""),
    }


def _add_pages(app: Flask, letters: Letters, clock: Clock, week: str | None) -> None:
    """The pages that people read."""

    @app.get("/")
    def start() -> AnyResponse | str:
        newest = week or newest_mail(shelf(letters.publication))
        return redirect(url_for("issue", issue=newest)) if newest else render_template("empty.html.j2")

    @app.get("/issues/<issue>")
    def issue(issue: str) -> str:
        view = VIEWS.get(request.args.get("view", "phone")) or abort(404)
        panel = request.args.get("panel", "checks")
        if panel not in PANELS:
            abort(404)
        folder = folder_of(letters, issue)
        sample = min(max(request.args.get("reader", 0, int), 0), len(SAMPLES) - 1)
        page = issue_page(letters, folder, clock(), view, sample)
        if view.id == "free":
            view = view._replace(width=min(max(request.args.get("width", view.width, int), 200), _WIDEST))
        shown = panel_of(letters, folder, panel, page)
        return render_template(
            "issue.html.j2", page=page, view=view, panel=panel, shown=shown, sample=sample, samples=SAMPLES
        )


def _add_parts(app: Flask, letters: Letters, watching: Watching | None) -> None:
    """The mail's own two parts, the whole message, and word of files that were saved."""

    @app.get("/issues/<issue>/email.html")
    def html(issue: str) -> Response:
        look = LOOKS.get(request.args.get("look", "light")) or abort(404)
        part = letters.letter(folder_of(letters, issue)).html
        if part is None:
            abort(404)
        policy = {"Content-Security-Policy": LETTER_POLICY}
        return Response(for_the_frame(look(part)), headers=policy, mimetype="text/html")

    @app.get("/issues/<issue>/email.txt")
    def text(issue: str) -> Response:
        part = letters.letter(folder_of(letters, issue)).text
        return abort(404) if part is None else Response(part, mimetype="text/plain")

    @app.get("/events")
    def events() -> Response:
        return abort(404) if watching is None else Response(watching.events(), mimetype="text/event-stream")


def _add_errors(app: Flask, letters: Letters) -> None:
    """What a person reads where there is no page."""

    def said(code: int, title: str, hint: str, line: str = "") -> tuple[str, int]:
        return render_template("missing.html.j2", title=title, hint=hint, line=line), code

    def not_made(line: str, hint: str = "Mend that, then load the page again.") -> tuple[str, int]:
        if request.method == "POST":
            return said(409, "Nothing was changed", "Go back, mend that, and try again.", line)
        return said(500, "This page could not be made", hint, line)

    @app.errorhandler(404)
    def unknown(_: HTTPException) -> tuple[str, int]:
        return said(404, "Nothing stands at this address", "Perhaps the issue was moved, or its name was mistyped.")

    @app.errorhandler(500)
    def mistaken(_: HTTPException) -> tuple[str, int]:
        return not_made("a mistake in the program", "Report what the terminal says that runs the preview.")

    @app.errorhandler(DigestError)
    def failed(error: DigestError) -> tuple[str, int]:
        return not_made(error.line().replace(f"{letters.publication.folder}/", ""))

    @app.errorhandler(OSError)
    def unreadable(error: OSError) -> tuple[str, int]:
        where = Path(error.filename).name if error.filename else "the disk"
        return not_made(f"{where}: {(error.strerror or str(error)).lower()}")


def folder_of(letters: Letters, issue: str) -> IssueFolder:
    """The folder of an issue that is there, or a 404."""
    try:
        folder = issue_folder(letters.publication.folder, issue)
    except ValueError:
        abort(404)
    return folder if folder.path.is_dir() else abort(404)
