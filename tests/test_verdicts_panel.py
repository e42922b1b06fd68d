"""What a panel says of a tool, in figures and words, today and on an earlier day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from sample_issue import PANEL, made_review, made_verdict

from digest.issues.approval import Record
from digest.issues.desk import DeskDecision
from digest.issues.draft import Draft
from digest.model.track_record import Agreement, Tally
from digest.model.verdict import Revision, Verdict, panel_score, score_changes
from digest.model.vote import CommunityVote
from digest.verdicts.track_record import track_records


def review(reviewer: str, call: str, day: int = 10, **changes: Any) -> Any:
    return made_review(reviewer, call, "Tidepool", date=date(2026, 11, day), **changes)


def revision(day: int, *reviews: Any, why: str = "The 1.0 keeps its rows") -> Revision:
    return Revision(date=date(2026, 11, day), why=why, reviews=reviews)


def verdict(*reviews: Any, **changes: Any) -> Verdict:
    return made_verdict("Tidepool", **{"reviews": reviews, **changes})


class TestTheScore:
    @pytest.mark.parametrize(
        ("calls", "quorum", "figure", "sentence"),
        [
            ("", 2, "—", "No reviewer has judged it yet"),
            ("+", 2, "1 of 1", "1 of 1 reviewer would ship it"),
            ("-", 2, "0 of 1", "0 of 1 reviewer would ship it"),
            ("+", 1, "100\u00a0%", "1 of 1 reviewer would ship it"),
            ("++-", 4, "2 of 3", "2 of 3 reviewers would ship it"),
            ("++-", 2, "67\u00a0%", "2 of 3 reviewers would ship it"),
            ("+-------", 2, "13\u00a0%", "1 of 8 reviewers would ship it"),
        ],
    )
    def test_is_a_per_cent_from_the_quorum_on_and_words_below(
        self, calls: str, quorum: int, figure: str, sentence: str
    ) -> None:
        reviews = [review(f"r{n}", "ship" if call == "+" else "skip") for n, call in enumerate(calls)]
        score = panel_score(reviews, quorum)
        assert (score.figure, score.sentence) == (figure, sentence)

    @pytest.mark.parametrize(
        ("bases", "said"),
        [
            ([], "nobody ran it"),
            (["saw a demo", "read the docs"], "nobody ran it"),
            (["ran it"], "1 of 1 ran it"),
            (["ran it", "ran it"], "both ran it"),
            (["ran it", "saw a demo", "ran it"], "2 of 3 ran it"),
            (["ran it"] * 4, "all 4 ran it"),
        ],
    )
    def test_says_how_many_ran_it(self, bases: list[str], said: str) -> None:
        reviews = [review(f"r{number}", "ship", basis=basis) for number, basis in enumerate(bases)]
        assert panel_score(reviews, 2).ran_in_words == said

    @given(st.lists(st.booleans(), min_size=2, max_size=40))
    def test_is_the_nearest_whole_per_cent(self, calls: list[bool]) -> None:
        reviews = [review(f"r{number}", "ship" if ships else "skip") for number, ships in enumerate(calls)]
        percent = panel_score(reviews, 2).percent
        assert percent is not None
        assert abs(percent - 100 * sum(calls) / len(calls)) <= 0.5


class TestWhoOwes:
    def test_a_verdict_without_reviews_waits_for_everybody(self) -> None:
        assert verdict().is_waiting
        assert verdict().owed_by(PANEL) == PANEL
        assert verdict().last_judged is None

    def test_those_who_have_spoken_owe_nothing(self) -> None:
        judged = verdict(review("skeptic", "skip", 9), review("builder", "ship", 12))
        assert not judged.is_waiting
        assert [reviewer.id for reviewer in judged.owed_by(PANEL)] == ["futurist", "founder"]
        assert judged.last_judged == date(2026, 11, 12)


class TestTheHistory:
    NOW = verdict(
        review("builder", "ship", 5),
        review("skeptic", "ship", 15),
        history=(revision(15, review("skeptic", "skip", 6)),),
    )

    def test_the_old_call_stays_readable(self) -> None:
        assert [one.call for one in self.NOW.reviews_on(date(2026, 11, 14))] == ["ship", "skip"]
        assert [one.call for one in self.NOW.reviews_on(date(2026, 11, 15))] == ["ship", "ship"]

    def test_before_a_review_was_written_it_did_not_stand(self) -> None:
        assert self.NOW.reviews_on(date(2026, 11, 4)) == ()
        assert [one.reviewer for one in self.NOW.reviews_on(date(2026, 11, 5))] == ["builder"]

    def test_a_page_can_say_what_changed_and_why(self) -> None:
        (change,) = score_changes(self.NOW, 2)
        assert change.date == date(2026, 11, 15)
        assert change.sentence == "Was 50\u00a0%, now 100\u00a0%: The 1.0 keeps its rows"

    def test_a_figure_that_stayed_is_said_so(self) -> None:
        swapped = verdict(
            review("builder", "skip", 15),
            review("skeptic", "ship", 15),
            history=(revision(15, review("builder", "ship", 6), review("skeptic", "skip", 6), why="Both changed"),),
        )
        assert [change.sentence for change in score_changes(swapped, 2)] == ["Still 50\u00a0%: Both changed"]

    def test_several_revisions_are_told_one_after_the_other_whatever_their_order(self) -> None:
        revisions = (revision(20, review("skeptic", "ship", 12), why="two"), revision(12, review("skeptic", "skip", 6)))
        twice = verdict(review("builder", "ship", 5), review("skeptic", "skip", 20), history=revisions)
        assert [(change.before.figure, change.after.figure) for change in score_changes(twice, 1)] == [
            ("50\u00a0%", "100\u00a0%"),
            ("100\u00a0%", "50\u00a0%"),
        ]

    def test_a_new_review_counts_from_its_revision_s_day_whatever_day_it_bears(self) -> None:
        later = verdict(review("skeptic", "ship", 18), history=(revision(15, review("skeptic", "skip", 6)),))
        assert [one.call for one in later.reviews_on(date(2026, 11, 15))] == ["ship"]

    def test_a_review_may_be_withdrawn(self) -> None:
        withdrawn = verdict(review("builder", "ship", 5), history=(revision(15, review("skeptic", "skip", 6)),))
        (change,) = score_changes(withdrawn, 1)
        assert (change.before.figure, change.after.figure) == ("50\u00a0%", "100\u00a0%")

    @given(st.lists(st.sampled_from(["ship", "skip"]), min_size=1, max_size=6), st.randoms())
    def test_any_day_s_call_is_the_one_that_was_made_last(self, calls: list[str], rng: Any) -> None:
        days = sorted(rng.sample(range(1, 29), len(calls)))
        reviews = [review("skeptic", call, day) for call, day in zip(calls, days, strict=True)]
        history = [revision(day, old) for old, day in zip(reviews, days[1:], strict=False)]
        rng.shuffle(history)
        told = verdict(reviews[-1], history=tuple(history))
        for day in range(1, 30):
            made = [call for call, on in zip(calls, days, strict=True) if on <= day]
            assert [one.call for one in told.reviews_on(date(2026, 11, day))] == made[-1:]


class TestTheTrackRecord:
    def test_counts_ships_and_skips_by_category(self) -> None:
        verdicts = [
            verdict(review("builder", "ship"), category="data"),
            verdict(review("builder", "skip", basis="saw a demo"), category="data"),
            verdict(review("builder", "ship"), category="design"),
        ]
        builder, skeptic, *_ = track_records(verdicts, PANEL, ["design", "data", "security"])
        assert (builder.reviewer, builder.calls, builder.ran) == ("builder", Tally(ships=2, skips=1), 2)
        assert list(builder.by_category) == ["design", "data"]
        assert builder.by_category["data"].figure == "1 of 2"
        assert (skeptic.calls.figure, skeptic.by_category) == ("—", {})

    def test_says_how_often_they_were_with_the_panel_s_majority(self) -> None:
        verdicts = [
            verdict(review("builder", "ship"), review("skeptic", "skip"), review("founder", "ship")),
            verdict(review("builder", "ship"), review("skeptic", "skip")),  # a tie has no majority
            verdict(review("builder", "skip")),  # nor has one alone
            verdict(review("builder", "skip"), review("skeptic", "skip")),
        ]
        builder, skeptic, futurist, founder = track_records(verdicts, PANEL, [])
        assert [one.with_panel.figure for one in (builder, skeptic, futurist, founder)] == [
            "2 of 2",
            "1 of 2",
            "—",
            "1 of 1",
        ]

    def test_says_how_often_they_were_with_the_readers_where_enough_voted(self) -> None:
        verdicts = [
            verdict(review("builder", "ship"), slug=slug) for slug in ("clear", "against", "tie", "few", "none")
        ]
        votes = {
            "clear": CommunityVote(ships=80, votes=100, least=20),
            "against": CommunityVote(ships=20, votes=100, least=20),
            "tie": CommunityVote(ships=50, votes=100, least=20),
            "few": CommunityVote(ships=3, votes=3, least=20),
        }
        builder = track_records(verdicts, PANEL, [], votes)[0]
        assert builder.with_readers == Agreement(agreed=1, asked=2)
        assert track_records(verdicts, PANEL, [])[0].with_readers.figure == "—"

    def test_counts_changes_of_mind(self) -> None:
        changed = verdict(
            review("builder", "ship", 20),
            review("skeptic", "ship", 20),
            history=(
                revision(15, review("builder", "ship", 5), review("skeptic", "skip", 5)),
                revision(20, review("builder", "skip", 15), review("skeptic", "ship", 15)),
            ),
        )
        builder, skeptic, *_ = track_records([changed], PANEL, [])
        assert (builder.revised, skeptic.revised) == (2, 1)


def _names(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema()
    tables = [schema, *schema.get("$defs", {}).values()]
    keys = {name for table in tables for name in table.get("properties", {})}
    return keys | {
        str(word) for table in tables for field in table.get("properties", {}).values() for word in _words(field)
    }


def _words(field: Any) -> list[Any]:
    if isinstance(field, dict):
        own = [*field.get("enum", []), *([field["const"]] if "const" in field else [])]
        return own + [word for inner in field.values() for word in _words(inner)]
    return [word for inner in field for word in _words(inner)] if isinstance(field, list) else []


@pytest.mark.parametrize("model", [Verdict, Draft, DeskDecision, Record], ids=lambda model: model.__name__)
def test_no_name_or_word_of_ours_is_one_that_yaml_1_1_reads_as_a_boolean(model: type[BaseModel]) -> None:
    # https://yaml.org/type/bool.html
    booleans = {"y", "yes", "n", "no", "true", "false", "on", "off", "~", "null", ""}
    assert len(_names(model)) > 3
    assert {name for name in _names(model) if name.casefold() in booleans} == set()
