"""Pair 2,000 tools, and compare the best set of 300 with what networkx finds for the exact optimum.

Verdicts are made up: words with the frequencies of natural language (Zipf), a panel of four, every kind of price. A
shelf of all 2,000 is the worst there can be, five shelves are what a publication has.

python -m benches.pairing
"""

from __future__ import annotations

import random
import resource
import sys
import time
from datetime import date
from itertools import accumulate, combinations

import networkx

from digest.model.pairing import PairingRules
from digest.model.verdict import PricingRead, Review, Verdict
from digest.pairing.candidates import scale_of, scored_pairs
from digest.pairing.match import best_pairs
from digest.pairing.score import Candidate, Scale, pair_score

PANEL = ("builder", "skeptic", "futurist", "founder")
LIMIT_SECONDS, LIMIT_MB = 2.0, 500
_WORDS = ["".join(pair) for pair in zip("bcdfglmnprst" * 40, "aeiou" * 96, strict=True)]
VOCABULARY = [first + second + "k" for first in _WORDS[:60] for second in _WORDS[60:110]]
_ZIPF = list(accumulate(1 / (rank + 3) for rank in range(len(VOCABULARY))))


def made_up(count: int, shelves: int, seed: int = 1) -> list[Candidate]:
    """Tools with verdicts, the same ones for the same arguments."""
    lot = random.Random(seed)  # noqa: S311 - to be the same every time
    return [_candidate(number, shelves, lot) for number in range(count)]


def _candidate(number: int, shelves: int, lot: random.Random) -> Candidate:
    model = lot.choice(["free", "freemium", "paid", "open source"])
    reviews = [
        Review(
            reviewer=reviewer,
            call=lot.choice(["ship", "skip"]),
            basis="ran it",
            by="Ann",
            date=date(2026, 11, 12),
            short="Short.",
            quote="Long.",
        )
        for reviewer in PANEL
    ]
    verdict = Verdict(
        slug=f"tool-{number}",
        name=f"Tool {number}",
        vendor="Vendor",
        category=f"shelf-{lot.randrange(shelves)}",
        tagline=_text(lot, 9),
        homepage="https://tool.example",
        licence="MIT" if model == "open source" else "Proprietary",
        description=_text(lot, 40),
        pricing=PricingRead(model=model, entry="$9", source="https://tool.example", checked=date(2026, 11, 12)),
        ship_if="it fits",
        skip_if="it does not",
        reviews=tuple(reviews),
    )
    return Candidate(verdict, lot.choice(["new", "new", "recent", "incumbent"]))


def _text(lot: random.Random, words: int) -> str:
    return " ".join(lot.choices(VOCABULARY, cum_weights=_ZIPF, k=words))


def scale_for(candidates: list[Candidate]) -> Scale:
    """The scale of these candidates, with the weights that a publication has without saying any."""
    verdicts = [candidate.verdict for candidate in candidates]
    return scale_of(verdicts, PairingRules(), reviewers=PANEL, quorum=2, category_names={})


def exact_total(candidates: list[Candidate], scale: Scale, count: int) -> tuple[int, int]:
    """The greatest total of at most `count` pairs, and how many pairs there are, by trying all and by networkx.

    networkx knows no limit of pairs; what each further pair adds to the best set only ever shrinks, so taking the same
    fine from every pair until few enough are left finds the limit's set.
    """
    scores = [
        score
        for a, b in combinations(candidates, 2)
        if (score := pair_score(a, b, scale)) and score.total >= scale.rules.floor
    ]
    low, high = 0, max(score.total for score in scores)
    best = 0
    while low <= high:
        fine = (low + high) // 2
        graph = networkx.Graph()
        graph.add_weighted_edges_from((one.a, one.b, one.total - fine) for one in scores if one.total > fine)
        matching = networkx.max_weight_matching(graph)
        total = sum(graph.edges[edge]["weight"] for edge in matching)
        # Lagrange: no set of `count` pairs is worth more than this, whatever the fine
        best = min(best or sys.maxsize, total + fine * count)
        low, high = (fine + 1, high) if len(matching) > count else (low, fine - 1)
    return best, len(scores)


def main() -> None:
    """Measure and print."""
    print(f"pairing 2,000 tools, words and all: at most {LIMIT_SECONDS:.1f} s and {LIMIT_MB} MB")
    for shelves, wanted in ((5, 4), (1, 4), (1, 6)):
        candidates = made_up(2_000, shelves)
        begun, worked = time.perf_counter(), time.process_time()
        scale = scale_for(candidates)
        scores = scored_pairs(candidates, scale, wanted)
        chosen = best_pairs(scores, wanted)
        seconds, worked = time.perf_counter() - begun, time.process_time() - worked
        judged = "within" if seconds <= LIMIT_SECONDS else "ABOVE"
        shelf = "one shelf" if shelves == 1 else f"{shelves} shelves"
        said = f"{seconds:6.2f} s ({worked:.2f} s of processor), {judged}"
        print(f"  {shelf:10}{wanted} wanted {said}; {len(chosen)} chosen of {len(scores)} that could be")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  the largest that this process was: {peak:.0f} MB")
    candidates = made_up(300, 1, seed=2)
    scale = scale_for(candidates)
    for wanted in (1, 4, 6):
        total = sum(score.total for score in best_pairs(scored_pairs(candidates, scale, wanted), wanted))
        exact, pairs = exact_total(candidates, scale, wanted)
        print(f"  300 tools, {pairs} pairs, {wanted} wanted: {total} points, the exact optimum has {exact}")


if __name__ == "__main__":
    main()
