"""What a tool does, in words: which of them tell, and which of them two tools share.

A word counts by where it stands: in a tagline people say what a tool is for, in a description what else it has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from digest.model.verdict import Verdict

# word stem → 2 where the tagline has it, 1 where only the description has
Job = Mapping[str, int]

ENOUGH = 4
AT_MOST = 12
# a word that more than half of a shelf has says nothing of one tool; of a small shelf nobody can tell
_COMMON_FROM = 8
_COMMON_SHARE = 2

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_IDLE = frozenset(
    "able about above across add after again ai ai-powered all almost alone along already also always and another any "
    "anyone anything api app application are around ask assistant available away back based because become been "
    "before behind being below best better between beyond both box bring build built but call can cannot case change "
    "come cost could create day days deal did different does doesn't done don't down during each easily easy either "
    "else enable end enough even ever every everyone everything example extra fast feature few find first for free "
    "from full get give goes good great had handful has have help here home hour how however idea instead into "
    "introduce introducing isn't its it's job just keep kind know large last later latest launch least leave less let "
    "lets level like line list little live long look lot made make makes making many matter may mean meant might "
    "moment month more most move much must name near need needs never new next nobody nor not nothing now number off "
    "often old once one one-click only onto open order other our out over own page part pay people per place plain "
    "plan platform play please point possible power powered powerful product program put quick quickly quite rather "
    "read ready real really release rest right run runs same save saves say says see send sent set several she should "
    "show simple simply since single small software some someone something soon source start stay still stop such "
    "sure system take tell ten than that that's the their them then there these they thing this those though three "
    "through time today together too tool toward tried try turn two under until upon use used user uses using very "
    "via want was way web week well went we're were we've what when where whether which while who whole whose why "
    "will with within without won't work works world would write year yes yet you your you're yours you've".split()
)


def telling_jobs(verdicts: Iterable[Verdict], idle: Iterable[str] = ()) -> dict[str, Job]:
    """What each tool does, in the words that tell it from the others of its shelf.

    Args:
        verdicts: All tools there are; the more, the better it is known which words are common.
        idle: Words that tell nothing here, such as the names of the categories.

    Returns:
        Jobs by slug.
    """
    idle_stems = {stem(word) for text in (*_IDLE, *idle) for word in words_of(text)}
    jobs: dict[str, dict[str, int]] = {}
    shelf_of: dict[str, str] = {}
    common: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        own = idle_stems | {stem(word) for word in words_of(f"{verdict.name} {verdict.vendor}")}
        levels = dict.fromkeys(_stems(verdict.description), 1) | dict.fromkeys(_stems(verdict.tagline), 2)
        jobs[verdict.slug] = {word: level for word, level in levels.items() if word not in own}
        shelf_of[verdict.slug] = verdict.category
        common.setdefault(verdict.category, Counter()).update(jobs[verdict.slug].keys())
    sizes = Counter(shelf_of.values())
    return {
        slug: {word: level for word, level in job.items() if common[shelf][word] <= _most(sizes[shelf])}
        for slug, job in jobs.items()
        if (shelf := shelf_of[slug])
    }


def shared_units(a: Job, b: Job) -> int:
    """How much of a job two tools share: for each shared word 4 from two taglines, 2 from one, 1 from none.

    Below `ENOUGH` there is nothing that could be said in a line.
    """
    return min(AT_MOST, sum(a[word] * b[word] for word in a.keys() & b.keys()))


def shared_job(a: Verdict, b: Verdict, job_a: Job, job_b: Job) -> str:
    """What both tools do, after the word `both`: `are about flaky tests`, or `speak of SQL and files`.

    A run of words that stands in both taglines says it best; else the one or two words that tell most, as the first
    of the tools has them.
    """
    shared = {word: job_a[word] * job_b[word] for word in job_a.keys() & job_b.keys()}
    if run := _common_run(words_of(a.tagline), words_of(b.tagline), shared):
        return f"are about {run}"
    first: dict[str, str] = {}
    for word in words_of(f"{a.tagline} {a.description}"):
        first.setdefault(stem(word), word)
    order = {one: place for place, one in enumerate(first)}
    told = sorted(shared, key=lambda one: (-shared[one], order[one]))
    # a second word that stands in no tagline is rather a coincidence
    best = [one for place, one in enumerate(told[:2]) if place == 0 or shared[one] > 1]
    return f"speak of {' and '.join(first[one] for one in best)}"


def words_of(text: str) -> list[str]:
    """The words of a text, lower case unless they are abbreviations such as `SQL`."""
    return [word if word.isupper() and len(word) > 1 else word.casefold() for word in _WORD.findall(text)]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without the endings of number and tense, so that `scans` meets `scanning`.

    Light on purpose: a heavier one joins words that have nothing to do with each other and finds no more (Harman,
    "How effective is suffixing?", Journal of the American Society for Information Science 42, 1991).
    """
    word = word.casefold().replace("’", "'").removesuffix("'s")
    for plural, singular in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if word.endswith(plural) and len(word) > len(plural) + 1 and not word.endswith(("ss", "us", "is")):
            word = word.removesuffix(plural) + singular
            break
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 3:
            word = word.removesuffix(ending)
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeioulsz":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


def _stems(text: str) -> list[str]:
    """The stems of a text's words; of short words only abbreviations tell anything."""
    return [stem(word) for word in words_of(text) if len(word) > 2 or word.isupper()]


def _most(shelf: int) -> int:
    return max(_COMMON_FROM, shelf // _COMMON_SHARE)


def _common_run(a: Sequence[str], b: Sequence[str], shared: Mapping[str, int]) -> str:
    """The longest run of words that both taglines have, from one shared word to another; of two, the first."""
    best: Sequence[str] = ()
    for i, j in ((i, j) for i in range(len(a)) for j in range(len(b))):
        length = 0
        while i + length < len(a) and j + length < len(b) and stem(a[i + length]) == stem(b[j + length]):
            length += 1
        run = list(a[i : i + length])
        while run and stem(run[-1]) not in shared:
            run.pop()
        if run and stem(run[0]) in shared and len(run) > max(1, len(best)):
            best = run
    return " ".join(best)
