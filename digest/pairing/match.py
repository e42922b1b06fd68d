"""The best set of pairs for an issue: at most n, no tool twice, the greatest total score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import networkx

from digest.model.verdict import Verdict
from digest.pairing.score import FLOOR, PairScore, pair_score

Pair = tuple[str, str]


def scored_pairs(
    verdicts: Sequence[Verdict],
    *,
    new: frozenset[str],
    category_names: Mapping[str, str],
    never: Iterable[Pair] = (),
) -> tuple[PairScore, ...]:
    """Every pair that may stand in the issue, the strongest first.

    Args:
        verdicts: The candidates.
        new: Slugs of the verdicts whose tools shipped for this issue; a pair needs one of them.
        category_names: Category names by id.
        never: Pairs that an earlier issue had, or that an editor forbids; their order does not matter.
    """
    refused = {frozenset(pair) for pair in never}
    scores = [
        score
        for a, b in combinations(sorted(verdicts, key=lambda verdict: verdict.slug), 2)
        if frozenset((a.slug, b.slug)) not in refused
        and (score := pair_score(a, b, new=new, category_name=category_names.get(a.category, a.category)))
    ]
    return tuple(sorted((score for score in scores if score.total >= FLOOR), key=_strongest_first))


def best_pairs(scores: Sequence[PairScore], count: int) -> tuple[PairScore, ...]:
    """The disjoint pairs of greatest total score, at most `count`, the strongest first.

    A maximum-weight matching knows no limit of pairs. Idle partners give it one: with n tools, n − 2·count of them
    are each worth more than any set of pairs, so that exactly 2·count tools are left to be paired among each other.

    Args:
        scores: The pairs to choose from.
        count: How many at the most.
    """
    # the matching looks at pairs in the order they come; ours is the alphabet's, so that any order gives the same set
    scores = sorted(scores, key=lambda score: (score.a, score.b))
    tools = sorted({slug for score in scores for slug in (score.a, score.b)})
    graph = networkx.Graph()
    graph.add_nodes_from(tools)
    # ties go to the alphabet: a little weight, too little to outweigh a point
    unit = len(scores) * (len(scores) + 1) + 1
    for rank, score in enumerate(scores):
        graph.add_edge(score.a, score.b, weight=score.total * unit + len(scores) - rank, score=score)
    worth = 1 + sum(weight for _, _, weight in graph.edges(data="weight"))
    for idle in range(max(0, len(tools) - 2 * count)):
        graph.add_weighted_edges_from((tool, idle, worth) for tool in tools)
    chosen = [graph.edges[edge].get("score") for edge in networkx.max_weight_matching(graph)]
    return tuple(sorted((score for score in chosen if score is not None), key=_strongest_first))


def _strongest_first(score: PairScore) -> tuple[int, str, str]:
    return (-score.total, score.a, score.b)
