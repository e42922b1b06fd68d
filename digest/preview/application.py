"""The editors' application: routes and pages. Each route asks a job or an issue's folder and shows what it says."""

from __future__ import annotations

import threading
import webbrowser

import jinja2
from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from digest.errors import BrokenInput, DigestError
from digest.issues.folder import IssueFolder, issue_folder
from digest.jobs.standing import standing_of
from digest.model.run import Clock
from digest.preview.guard import LETTER_POLICY, guard
from digest.preview.issue_page import VIEWS, issue_page
from digest.preview.scheme import for_the_frame, in_scheme
from digest.preview.server import HOST, listening
from digest.preview.shelf import newest_mail, shelf
from digest.publication import Publication


def serve(publication: Publication, *, week: str | None, port: int, open_browser: bool, clock: Clock) -> None:
    """Answer on this machine until Ctrl-C.

    Args:
        publication: The publication.
        week: The issue to open; None opens the newest that has a mail.
        port: Where it listens; 0 takes any free port.
        open_browser: Whether a browser opens.
        clock: Tells the moment.

    Raises:
        BrokenInput: `week` is no issue of this publication.
        DigestError: The port is taken.
    """
    if week is not None and not standing_of(publication, week).folder.path.is_dir():
        raise BrokenInput(f"there is no issue {week} here", cure=f"`digest build --week {week}` makes it")
    server = listening(application(publication, clock, week=week), port)
    address = f"http://{HOST}:{server.port}/"
    try:
        print(f"{publication.settings.name}: the preview is at {address}\nCtrl-C stops it.", flush=True)
        if open_browser:
            # a browser may take its time to start; it must not hold up the answers
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def application(publication: Publication, clock: Clock, *, week: str | None = None) -> Flask:
    """The application of one publication.

    Args:
        publication: The publication.
        clock: Tells the moment.
        week: The issue that `/` leads to; None leads to the newest that has a mail.

    Returns:
        A WSGI application for `127.0.0.1`.
    """
    app = Flask(__name__)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # whatever a template's file is called, words of strangers are never markup
    app.jinja_options = {
        "autoescape": True,
        "undefined": jinja2.StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.context_processor(lambda: {"name": publication.settings.name, "shelf": shelf(publication), "views": VIEWS})
    guard(app)
    _add_pages(app, publication, clock, week)
    _add_parts(app, publication)
    _add_errors(app)
    return app


def _add_pages(app: Flask, publication: Publication, clock: Clock, week: str | None) -> None:
    """The pages that people read."""

    @app.get("/")
    def start() -> AnyResponse | str:
        newest = week or newest_mail(shelf(publication))
        return redirect(url_for("issue", issue=newest)) if newest else render_template("empty.html.j2")

    @app.get("/issues/<issue>")
    def issue(issue: str) -> str:
        view = VIEWS.get(request.args.get("view", "phone")) or abort(404)
        page = issue_page(publication, _folder(publication, issue), clock(), view)
        return render_template("issue.html.j2", page=page, view=view)


def _add_parts(app: Flask, publication: Publication) -> None:
    """The mail's own two parts."""

    @app.get("/issues/<issue>/email.html")
    def html(issue: str) -> Response:
        part = _part(publication, issue, "email.html")
        shown = in_scheme(part, "dark" if request.args.get("scheme") == "dark" else "light")
        return Response(for_the_frame(shown), headers={"Content-Security-Policy": LETTER_POLICY}, mimetype="text/html")

    @app.get("/issues/<issue>/email.txt")
    def text(issue: str) -> Response:
        return Response(_part(publication, issue, "email.txt"), mimetype="text/plain")


def _add_errors(app: Flask) -> None:
    """What a person reads where there is no page."""

    def said(code: int, title: str, hint: str, line: str = "") -> tuple[str, int]:
        return render_template("missing.html.j2", title=title, hint=hint, line=line), code

    def not_made(line: str, hint: str = "Mend that, then load the page again.") -> tuple[str, int]:
        return said(500, "This page could not be made", hint, line)

    @app.errorhandler(404)
    def unknown(_: HTTPException) -> tuple[str, int]:
        return said(404, "Nothing stands at this address", "Perhaps the issue was moved, or its name was mistyped.")

    @app.errorhandler(500)
    def mistaken(_: HTTPException) -> tuple[str, int]:
        return not_made("a mistake in the program", "Report what the terminal says that runs the preview.")

    @app.errorhandler(DigestError)
    def failed(error: DigestError) -> tuple[str, int]:
        return not_made(error.line())

    @app.errorhandler(OSError)
    def unreadable(error: OSError) -> tuple[str, int]:
        return not_made(f"{error.filename or 'the disk'}: {(error.strerror or str(error)).lower()}")


def _folder(publication: Publication, issue: str) -> IssueFolder:
    """The folder of an issue that is there, or a 404."""
    try:
        folder = issue_folder(publication.folder, issue)
    except ValueError:
        abort(404)
    return folder if folder.path.is_dir() else abort(404)


def _part(publication: Publication, issue: str, name: str) -> str:
    path = _folder(publication, issue).path / name
    return path.read_bytes().decode(errors="replace") if path.is_file() else abort(404)
