"""The changes that an editor makes by a page: each is a form, calls one job, and leads back to the page.

Where the file changed meanwhile nothing is written, and both versions are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple, get_args

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from digest.errors import Refused
from digest.issues.desk import DeskDecision
from digest.issues.draft import read_draft
from digest.issues.folder import issue_folder
from digest.jobs.approve import approve, person, withdraw
from digest.jobs.build import build
from digest.jobs.desk import decide
from digest.jobs.edit_issue import WORDS, Wish, hold, move_pair, wish, write_words
from digest.jobs.edit_verdict import FACTS, REVIEW, VerdictForm, verdict_form, write_verdict
from digest.jobs.lock import held
from digest.jobs.standing import Standing, standing_of
from digest.jobs.tip import add_tip
from digest.jobs.verdict_new import start_verdict
from digest.jobs.versions import ChangedMeanwhile, version_of
from digest.model.run import Clock
from digest.preview.letters import Letters
from digest.publication import Publication
from digest.store.database import open_database

Answer = AnyResponse | str | tuple[str, int]


class Both(NamedTuple):
    """A text that two people changed."""

    name: str
    theirs: str
    mine: str


def add_changes(app: Flask, letters: Letters, clock: Clock) -> None:
    """Add the routes that change something."""
    _add_issue_changes(app, letters, clock)
    _add_desk_changes(app, letters, clock)
    _add_decisions(app, letters, clock)
    _add_verdicts(app, letters, clock)


def _add_issue_changes(app: Flask, letters: Letters, clock: Clock) -> None:
    @app.post("/issues/<issue>/words")
    def words(issue: str) -> Answer:
        standing = _standing(letters, issue)
        mine = {name: text for name, text in _changed_fields().items() if name in WORDS or "-vs-" in name}
        try:
            with _alone(letters, clock):
                write_words(standing, mine, request.form["seen"])
        except ChangedMeanwhile as conflict:
            return _both(conflict, _now_in_issue(standing, mine), mine)
        return _back(issue, "words")

    @app.post("/issues/<issue>/pairs")
    def pairs(issue: str) -> Answer:
        standing, seen = _standing(letters, issue), request.form["seen"]
        action, said = request.form["action"], request.form["pair"]
        try:
            with _alone(letters, clock):
                _change_pairs(letters, standing, action, said, seen)
        except ChangedMeanwhile as conflict:
            return _both(conflict, {"issue.yaml": standing.folder.draft.read_text(encoding="utf-8")}, {action: said})
        return _back(issue, "pairs")


def _change_pairs(letters: Letters, standing: Standing, action: str, said: str, seen: str) -> None:
    if action in ("hold", "release"):
        hold(standing, said, action == "hold", seen)
        return
    a, _, b = said.partition("-vs-")
    if action in ("up", "down"):
        letter = letters.letter(standing.folder)
        shown = [(one.a.slug, one.b.slug) for one in letter.issue.comparisons] if letter.issue else []
        move_pair(standing, shown, (a, b), -1 if action == "up" else 1, seen)
        return
    kind, _, back = action.partition("-")
    if kind not in get_args(Wish) or back not in ("", "off"):
        abort(400)
    wish(standing, kind, (a, b), not back, seen)  # type: ignore[arg-type]


def _add_desk_changes(app: Flask, letters: Letters, clock: Clock) -> None:
    @app.post("/issues/<issue>/desk")
    def desk(issue: str) -> Answer:
        publication, form = letters.publication, request.form
        asked = {"decision": form["decision"], "tool": form["tool"], "into": form.get("into") or None}
        if asked["decision"] not in ("accept", "ignore", "merge") or (asked["decision"] == "merge") != bool(
            asked["into"]
        ):
            abort(400)
        by, why = person(publication), form.get("why", "").strip()
        decision = DeskDecision.model_validate({**asked, "by": by, "at": _now(publication, clock), "why": why})
        with _alone(letters, clock):
            decide(publication, [decision], issue)
        return _back(issue, "desk")

    @app.post("/issues/<issue>/tip")
    def tip(issue: str) -> Answer:
        publication, form = letters.publication, request.form
        name = form.get("name", "").strip() or None
        with _alone(letters, clock):
            add_tip(publication, clock(), form["address"].strip(), person(publication), name=name, week=issue)
        return _back(issue, "tip")


def _add_decisions(app: Flask, letters: Letters, clock: Clock) -> None:
    @app.post("/issues/<issue>/build")
    def build_(issue: str) -> Answer:
        with _alone(letters, clock):
            build(letters.publication, _standing(letters, issue))
        return _back(issue, "build")

    @app.post("/issues/<issue>/approve")
    def approve_(issue: str) -> Answer:
        publication, standing = letters.publication, _standing(letters, issue)
        with _alone(letters, clock):
            letter = letters.letter(standing.folder)
            if letter.mistakes or letter.fingerprint != request.form["fingerprint"]:
                raise Refused("the letter is another one than this page showed", cure="read it again, then approve")
            if letter.is_unwritten:
                build(publication, standing)
            database = open_database(publication.database_url, clock())
            try:
                approve(publication, database, standing, clock(), person(publication))
            finally:
                database.close()
        return _back(issue, "approve")

    @app.post("/issues/<issue>/withdraw")
    def withdraw_(issue: str) -> Answer:
        publication, why = letters.publication, request.form.get("why", "").strip()
        with _alone(letters, clock):
            database = open_database(publication.database_url, clock())
            try:
                withdraw(publication, database, _standing(letters, issue), clock(), person(publication), why)
            finally:
                database.close()
        return _back(issue, "withdraw")


def _add_verdicts(app: Flask, letters: Letters, clock: Clock) -> None:
    @app.get("/issues/<issue>/verdicts/<slug>")
    def verdict(issue: str, slug: str) -> str:
        _standing(letters, issue)
        form = verdict_form(letters.publication, slug)
        settings, inside = letters.publication.settings, f"{letters.publication.folder}/"
        mistakes = [line.replace(inside, "") for line in form.mistakes]
        return render_template(
            "verdict.html.j2", issue=issue, slug=slug, form=form, settings=settings, mistakes=mistakes
        )

    @app.post("/issues/<issue>/verdicts/<slug>")
    def save_verdict(issue: str, slug: str) -> Answer:
        mine, publication = _changed_fields(), letters.publication
        before = verdict_form(publication, slug)
        try:
            with _alone(letters, clock):
                facts, reviews = _parted(before, mine)
                write_verdict(publication, slug, facts, reviews, request.form["seen"])
        except ChangedMeanwhile as conflict:
            now = {**before.facts, **{f"{who}:{n}": t for who, said in before.reviews.items() for n, t in said.items()}}
            return _both(conflict, now, mine)
        return redirect(url_for("verdict", issue=issue, slug=slug, done="verdict"), 303)

    @app.post("/issues/<issue>/verdicts")
    def begin(issue: str) -> Answer:
        with _alone(letters, clock):
            started = start_verdict(letters.publication, request.form["tool"], f"{clock():%Y-%m-%d}")
        return redirect(url_for("verdict", issue=issue, slug=started.path.stem), 303)


def _parted(form: VerdictForm, mine: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What was changed, by fact and by reviewer; of a review that was touched, all of it."""
    facts = {name: text for name, text in mine.items() if name in FACTS}
    touched = {name.partition(":")[0] for name in mine if ":" in name}
    return facts, {
        who: {name: mine.get(f"{who}:{name}", form.reviews.get(who, {}).get(name, "")) for name in REVIEW}
        for who in touched
    }


def _changed_fields() -> dict[str, str]:
    """The fields that the person changed: those that say something else than what the page had shown."""
    form = request.form
    tidy: Callable[[str], str] = lambda text: text.replace("\r\n", "\n").strip()  # noqa: E731
    return {
        name: tidy(text)
        for name, text in form.items()
        if f"was.{name}" in form and tidy(text) != tidy(form[f"was.{name}"])
    }


def _now_in_issue(standing: Standing, mine: Mapping[str, str]) -> dict[str, str]:
    draft = read_draft(standing.folder)[0]
    answers = {frozenset(one.tools): one.bottom_line or "" for one in draft.comparisons or ()}
    return {
        name: getattr(draft, name) or "" if name in WORDS else answers.get(frozenset(name.split("-vs-")), "")
        for name in mine
    }


def _both(conflict: ChangedMeanwhile, theirs: Mapping[str, str], mine: Mapping[str, str]) -> tuple[str, int]:
    rows = [Both(name, theirs.get(name, "").strip(), text) for name, text in mine.items()]
    rest = {name: theirs[name] for name in theirs if name not in mine and name == conflict.path.name}
    kept = {name: text for name, text in request.form.items() if name not in ("token", "seen")}
    page = render_template(
        "conflict.html.j2",
        file=conflict.path.name,
        rows=rows,
        rest=rest,
        kept=kept,
        seen=version_of(conflict.path),
        action=request.path,
        back=request.form.get("back") or request.path.rsplit("/", 1)[0],
    )
    return page, 409


def _back(issue: str, done: str) -> AnyResponse:
    view, panel = request.form.get("view", "phone"), request.form.get("panel", "checks")
    return redirect(url_for("issue", issue=issue, view=view, panel=panel, done=done), 303)


def _standing(letters: Letters, issue: str) -> Standing:
    try:
        folder = issue_folder(letters.publication.folder, issue)
    except ValueError:
        abort(404)
    if not folder.path.is_dir():
        abort(404)
    return standing_of(letters.publication, issue)


def _alone(letters: Letters, clock: Clock) -> AbstractContextManager[None]:
    """No run of the program writes while a page does."""
    return held(letters.publication.folder, "preview", clock)


def _now(publication: Publication, clock: Clock) -> datetime:
    return clock().astimezone(publication.schedule.zone).replace(microsecond=0)
