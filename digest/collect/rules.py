"""The rules by which an entry is taken for a launch, an update or neither: all of them, to be read from top to bottom.

A rule is a pattern, how much it convinces (0 to 100) and its reason in words. `recognise` says which rules a kind of
feed uses and in what order. Where a rule finds the tool's name, it is in the pattern's group `name`; `names` cleans it.

The rules come from reading what vendors and launch sites write. Titles alone say about two thirds of what a person
sees; the rest is for editors. Change a rule only together with a test that shows why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, eq=False)
class Rule:
    """A pattern, how much it convinces, and why."""

    pattern: re.Pattern[str]
    score: int
    reason: str


def _rules(*rows: tuple[str, int, str]) -> tuple[Rule, ...]:
    return tuple(Rule(re.compile(pattern), score, reason) for pattern, score, reason in rows)


# A name begins with a capital or a digit, or has one inside (gpt-4, iOS), or is a package's (@heron/wade);
# it ends where the sentence goes on.
_NAME = r"(?P<name>(?:(?:[a-z]{1,8}[-.]?)?[A-Z0-9]|@[a-z][\w-]*/).*)"
_SHORT = r"(?P<name>(?:[a-z]{1,8}[-.]?)?[A-Z0-9][^,:]{0,50}?)"
_STAGE = (
    r"(?:generally |publicly |widely |officially )?"
    r"(?:available|out|live|GA|here|released|open[ -]sourced?|in (?:\w+ )?(?:preview|beta|GA))"
)

# ── what a tool is; nobody writes "a model" of a partnership ──
TOOL_NOUN = re.compile(
    r"(?i:\b(?:models?|engine|app|apps|api|assistant|agent|platform|library|framework|tool|toolkit|sdk|cli|system"
    r"|interface|workbench|workspace|browser|editor|ide|database|datasets?|skill|kernel|megakernel|server|protocol"
    r"|extension|plugin|guardrail|service|specification|language|runtime|gateway|router|copilot|client|format"
    r"|marketplace|device|robot|chatbot|llms?|tts)\b)"
)

# ── the title says that something was launched ──
LAUNCH_TITLES = _rules(
    (rf"(?:^|[:–—-] |[!.?] )(?i:introducing|announcing|presenting|say hello to|unveiling):?(?i: the| our| an?)?"
     rf"(?i: new| next generation of| all-new)? {_NAME}",
     90, "the title introduces it"),
    (rf"^(?i:meet|hello,?) {_NAME}|^(?i:welcome) (?P<welcomed>[A-Z][^,]{{1,40}}), (?:the|a|our) ",
     75, "the title introduces it"),
    (rf"^{_SHORT} (?i:(?:is|are) (?:now )?|now (?=available))(?i:{_STAGE})\b",
     90, "the title says that it is available"),
    (rf"^{_SHORT}(?::|,| [–—-]) (?i:now )(?i:{_STAGE})\b", 85, "the title says that it is available"),
    (rf"^{_NAME} (?i:opens as|enters|reaches|now in) (?:an? )?(?i:\w+ )?(?i:preview|beta|general availability)\b",
     85, "the title says that it is available"),
    (rf"(?i:\bwe(?:'|’)?(?:re| are| have|ve)?) (?:now )?(?i:launch\w*|releas\w+|open-?sourc\w+|shipp\w+) {_NAME}",
     88, "the maker says that it was launched"),
    (rf"^(?i:launching|releasing|open[ -]sourcing|shipping|(?:open |public |initial |first )?release of) {_NAME}",
     88, "the title launches it"),
    (rf"^[A-Z][\w. ]{{1,30}} (?i:launches|releases|open-sources|unveils|ships|debuts|introduces|announces"
     rf"|is (?:launching|releasing|open-sourcing)) {_NAME}",
     80, "the title says who launched it"),
    (rf"^{_SHORT} (?:GA|(?:Public |Open |Private )?(?:Beta|Preview))(?:$|: )",
     75, "the title says that it is available"),
    (rf"^(?i:start building with|get started with) {_NAME}", 60, "the title invites to use it"),
    (rf"^{_NAME} Release$", 75, "the title calls it a release"),
    (r"^(?P<name>[A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*){0,3}[ -]v?\d+(?:\.\d+)?) (?i:brings|arrives|lands)\b",
     85, "a named version arrives"),
    (r"^(?i:introducing|announcing) (?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?=$|:)", 85, "the title introduces it"),
    (rf"^{_SHORT}(?=(?::|,| [–—-]) (?i:our (?:new|first|latest|own|open[- ]source))"
     rf" (?:[\w-]+ ){{0,4}}{TOOL_NOUN.pattern})",
     75, "the title calls it ours and new"),
    (rf"\b(?i:collaborates?|teams? up|joins? forces)(?: with .{{1,40}}?)? to (?i:release|launch|open-source) {_NAME}",
     75, "the title launches it"),
    (r"^(?P<name>[A-Z0-9][\w .+-]{1,40}?) ?(?:正式版?|预览版)?(?:发布|推出|开源|上线)(?=$|[\s，。：；！])",
     80, "the title says that it was published"),
)  # fmt: skip

# ── the summary says so ──
LAUNCH_SUMMARIES = _rules(
    (rf"(?i:\bwe(?:'|’)?(?:re| are| have|ve)?)(?: (?:so )?(?:excited|thrilled|happy|proud|pleased|delighted) to)?"
     # "we introduce" is how papers present a method
     rf" (?i:launch\w*|releas\w+|open-?sourc\w+|introduc(?:e[ds]|ing)|(?<=to )introduce|unveil\w*|announc\w+)"
     rf"(?i: (?:an?|the)(?: \w+)? (?:preview|beta|release|version|launch|availability) of)?"
     rf"(?: (?:our|the|a|new|first)){{0,2}} {_NAME}",
     75, "the summary says that it was launched"),
    (rf"(?i:\bwe(?:'|’)?(?:re| are| have|ve)?) (?i:launch\w*|releas\w+|open-?sourc\w+|introduc\w+|trained)"
     rf" (?:an?|the) [^,.;]{{1,60}}? (?:called|named) {_NAME}",
     70, "the summary names what was launched"),
    (rf"\b(?:collaborat\w+|work\w*|team\w*) .{{0,40}}to (?:launch|release|introduce)(?: the| our)? {_NAME}",
     65, "the summary says that it was launched"),
    (rf"(?:^|[.!?] )(?i:released|introducing|announcing|launching)(?i: the)? {_NAME}", 75, "the summary introduces it"),
    (rf"^(?P<subject>[A-Z][\w. ]{{1,30}}?) (?:has |have )?(?:just )?"
     rf"(?:announce[ds]|introduce[ds]|launche[ds]|release[ds])"
     rf"(?: the (?:general availability|launch|release) of)?(?: (?:the|a)(?: new)?)? {_NAME}",
     65, "the summary says who launched it"),
    (rf"^(?:The |Our )?{_NAME} has been released\b", 70, "the summary says that it was launched"),
    (rf"^{_NAME} is (?:a|an|our) (?:[\w-]+ )?new(?:ly released)?\b", 65, "the summary calls it new"),
    (rf"^{_SHORT}: (?i:a|an|our) .*\b(?:model|library|framework|toolkit|app|API)\b",
     60, "the summary is a name and says what it is"),
    (rf"^(?:The |Our )?{_NAME} (?:is|are) (?:now |also now )?{_STAGE}\b", 70, "the summary says that it is available"),
    (r"^(?P<name>[A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,2}[ -]v?\d+(?:\.\d+)?(?: [A-Z]\w+)?)"
     r" (?:delivers|sets|achieves|brings|is (?:the|our) (?:most|first|best|latest))\b",
     60, "the summary says what a named version is"),
    (rf"^{_NAME} is (?:a|an) new .{{0,80}}\bnow available\b", 75, "the summary calls it new and available"),
    (r"(?i)\b(?:is|are) (?:now )?available (?:now|today|via|through|on|to|in)\b",
     55, "the summary says that it is available"),
    (r"(?i)^introducing\b", 60, "the summary introduces it"),
)  # fmt: skip

# ── a summary that says what was introduced, and it is nothing to use ──
NO_TOOL = _rules(
    (
        r"\b(?i:an?|our|the) (?:[\w-]+ ){0,3}(?:benchmark|initiative"
        # a drawing program is a tool
        r"|(?:partner|startup|pilot|research|accelerator|scholars?|education|training|grants?) program(?:me)?"
        r"|report|technique|method|course|educational resource|partnership|policy|fund|fellowship|council|institute)\b",
        70,
        "the summary calls it something that nobody uses",
    ),
    (
        r"\ban? (?:[\w-]+ ){0,3}(?:company|startup)\b|\bformerly known as\b|\b(?:office|headquarters) in [A-Z]",
        70,
        "the summary tells of a company",
    ),
    (r"[$€£]\d[\d.,]* ?(?:[MB]|(?i:million|billion))\b", 70, "the summary speaks of money given"),
)

# ── a sentence that looks back at an earlier launch ──
EARLIER = re.compile(r"(?i)^(?:since|when|after|last|previously|earlier|as|in 20\d\d)\b|\blast (?:week|month|year)\b")

# ── a summary that speaks of a part of something, whatever the title calls it ──
FEATURE = re.compile(r"(?i)\bfeatures?\b(?! flag)|\bthe ability to\b")

# ── a known tool got better ──
UPDATES = _rules(
    (r"\bv?\d+\.\d+\.[1-9]\d*\b", 80, "a patch release"),
    (r"\bv?\d+\.[1-9]\d*(?:\.\d+)? [Rr]elease\b", 80, "a minor release"),
    (r"(?i)\b(?:now|also) (?:supports?|reads?|writes?|works|accepts?|runs?|includes?|lets?|has|have|with)\b",
     75, "something new in a known tool"),
    (r"(?i)^(?:new|what(?:'|’)?s new|fixed|improved|updated?|changes?) (?:in|for|to|with|on)\b",
     75, "news of a known tool"),
    (r"(?i)\b(?:fix(?:es|ed)|improvements?|adds?|bug ?fix\w*|updated? pricing|self-serve plans?|new plans?|price)\b",
     70, "a fix, a feature or a price of a known tool"),
    (r"(?i)\b(?:support for|integration with|integrates? with|comes to|arrives (?:in|on)"
     r"|new ways to|now (?:in|on)(?! (?:\w+ )?(?:preview|beta|GA)\b))\b",
     65, "a known tool in a new place"),
    (r"^(?i:bringing|expanding|connect|unifying|improving|improved) ", 60, "a known tool in a new place"),
    (r"(?i)\bupdates?\b|\bsupport\b|\bintegrations?$|更新|升级", 75, "an update of a known tool"),
    (r"(?i)\bavailable (?:to (?:run|try|use) )?(?:in|on) (?!(?:\w+ )?(?:preview|beta)\b)(?-i:[A-Z])",
     90, "a known tool in a new place"),
    (r"(?i)\b(?:release notes|changelog|patch notes|maintenance)\b", 70, "release notes"),
    (r"(?i)\b(?:brings|bringing) .+ to ", 60, "a known tool in a new place"),
)  # fmt: skip

# ── a title that introduces something, and gives it no name ──
UNNAMED = _rules(
    (r"^(?i:introducing|announcing) (?!(?:the|our|an?) )[a-z]+ ", 65, "what is introduced has no name of its own"),
)

# ── the entry is about something else, wherever in its title that stands ──
SUBJECTS = _rules(
    (r"(?i)\bpartner(?:s|ed|ing|ship|ships)?\b|\b\w+ x \w+(?:$|:)|\balliance\b|\bjoins? (?:forces|the)\b",
     85, "a partnership"),
    (r"(?i)\b(?:to acquire|acquires?|acquired|acquisition|merges with)\b|\b(?:is )?join(?:s|ing) [A-Z]",
     85, "an acquisition"),
    (r"(?i)\braises? (?:[$€£]|\d)|\bwe raised\b|\bseries [a-f]\b|\bfunding\b|\bvaluation\b|\bIPO\b",
     90, "money raised"),
    (r"(?i)\b(?:hiring|we(?:'|’)re hiring|appoints?|joins as|steps down|(?:ceo|cto|cfo|svp|vp|head of|chief|officer"
     r"|president)"
     r"|new (?:office|headquarters))\b|^join us\b"
     r"|\bopen (?:roles|positions)\b", 85, "people and offices"),
    (r"(?i)^(?:how|why|what|when|where|who|should|can|is|are|do|does) (?!.*(?:introducing|announcing))|\?$",
     80, "a question or an explanation"),
    (r"(?i)\bhow .{1,60} (?:use[sd]?|using|built|builds?|cut|saved?|scaled?|with)\b|\b(?:customer|case) (?:story"
     r"|stud(?:y|ies))\b",
     85, "a customer's story"),
    (r"(?i)\b(?:post-?mortem|incident|outage|retiring|deprecat\w+|sunset\w*|shut(?:s|ting)? down|end of life"
     r"|vulnerabilit(?:y|ies) in)\b",
     80, "an incident or an end"),
    (r"(?i)\b(?:system card|technical report|model card|white ?paper)\b", 80, "a report"),
    (r"(?i)\bappeared first on\b|；", 70, "a round-up"),
)  # fmt: skip

# ── the entry is about something else, where the title's claim says so; what stands in a tagline does not count ──
OTHERS = _rules(
    (r"(?i)\b(?:tutorial|e-?book|playbook|handbook|course|primer|guide|guidelines|cookbook|walkthrough"
     r"|best practices|getting started|introduction to|deep dive|infographic"
     r"|lessons|tips|everything you need to know|cheat ?sheet|explained|under the hood|behind the)\b", 80, "a guide"),
    (r"(?i)\b(?:evals?|evaluati(?:on|ng)s?|benchmark\w*|arena|leaderboard)\b|\b\w*-?bench\b"
     r"|\bdominates?\b|\boutperforms?\b", 80, "a measurement"),
    (r"(?i)\b(?:(?<!deep )research|study|survey|theory|proof|theorem|risks?|findings)\b(?!.*\bpreview\b)",
     70, "research"),
    (r"\bProgram(?:me)?\b(?! for )", 75, "a programme"),
    (r"(?i)\b(?:initiative|fellowship|fellows|grants?|fund|scholarship|residency|academy|institute|foundation|board"
     r"|(?:advisory )?council (?:on|of|for)|advisory council|channel|hackathon|challenge|contest|award\w*"
     r"|certification|curriculum)\b", 75, "a programme"),
    (r"(?i)\b(?:policy|governance|statement|government|regulat\w+|legislat\w+|commitment|blueprint|sovereign"
     r"|democra\w+|education pilot\w*|constitution|index|report"
     r"|safety framework|election)\b", 75, "policy"),
    (r"(?i)\b(?:webinar|workshop|meetup|conference|summit|keynote|ama|recap|podcast|episode|interview|event"
     r"|office hours|fair)\b|\b(?-i:\w*(?:Day|Con|Conf|Fest))(?: 20\d\d)?(?=$|[:,])"
     r"|^meet (?:us|the team|the winners|me)\b|\bmeet us\b|\bsee you\b", 80, "an event"),
    (r"(?i)\b(?:data cent(?:er|re)s?|offices?|headquarters|expansion|footprint|region)\b", 70, "a place"),
    (r"(?i)\b(?:year in review|in 20\d\d|looking back|retrospective|roadmap|next (?:chapter|phase)|the future of"
     r"|reflections?"
     r"|our (?:vision|mission|approach)|the age of|(?:two|three|five|ten) years)\b", 80, "a look back or ahead"),
    (r"^(?!(?i:introducing|announcing|presenting|launching|releasing|unveiling|shipping|bringing|expanding"
     r"|improving|unifying))"
     r"(?:Inside|Beyond|Towards?|[A-Z][a-z]{3,}ing)\b(?!.*(?:Introducing|Announcing))",
     60, "an essay"),
)  # fmt: skip

# ── what follows a name tells of it, instead of saying what it is ──
ABOUT = _rules(
    (r"(?i)^(?:how|why|what|when|where|who|which|everything|building|lessons|\d+ (?:ways|reasons|patterns|tips))\b",
     70, "it is explained"),
    (r"^[A-Z]?[a-z]{3,}ing\b", 60, "an essay about it"),
    (r"(?i)\b(?:complete|practical|field|short|quick|beginner(?:'|’)?s) guide\b|\bguide to\b|\bbest practices\b"
     r"|\bdeep dive\b|\bcase study\b|\beverything you need\b|\bapproach(?:es)?\b|\bmethod\b|\btechnical report\b"
     r"|\bexplained\b|\byears of\b|\bresults from\b|\buses\b|\bachieves?\b|\bbreakthrough\b|\bprimer\b|\brecap\b",
     70, "it is explained"),
)  # fmt: skip

IMPERATIVE = re.compile(
    r"(?i)^(?:get|give|turn|build|run|make|ship|create|find|write|talk|connect|deploy|generate|bring|automate|browse)\b"
)
# `… on Egret Cloud`, `… to Canada`, `… for Egret serverless`: something is somewhere new, or belongs to something.
PLACE = re.compile(
    r"\b(?:on|in|to|for|with|at|inside)(?: the| our)? "
    r"(?!(?:All|Every\w*|(?:\w+ )?(?:[Pp]review|[Bb]eta|GA))\b)(?P<place>[A-Z][\w.+-]*(?: \w+)?)"
)

# ── spam that launch sites let through ──
SPAM = _rules(
    (r"(?i)\bbuy\b.{0,40}\b(?:accounts?|reviews?|followers?|likes|backlinks|traffic)\b",
     95, "an offer of accounts or reviews"),
    (r"(?i)\bverified\b.{0,30}\baccounts?\b|\baccounts? for sale\b", 95, "an offer of accounts"),
    (r"(?i)\b(?:casino|slots?|betting|gambling|escorts?|viagra|payday loans?|forex signals)\b",
     85, "gambling or the like"),
    (r"(?i)\b(?:customer (?:care|support|service)|helpline|toll[ -]free) number\b"
     r"|\+?1?[- ]?8[048]{2}[- ]\d{3}[- ]\d{4}", 90, "a telephone number"),
    (r"(?i)\bessay writing service\b|\bassignment help\b", 85, "homework for sale"),
)  # fmt: skip

# Show HN also shows what nobody installs.
NOT_A_TOOL = _rules(
    # a book catalogue's API is a tool
    (r"(?i)\b(?:text ?book|book|guide|tutorial|course|essay|paper|zine|poem|talk|lecture notes|article)\b"
     rf"(?! (?:[\w-]+ ){{0,2}}{TOOL_NOUN.pattern})",
     70, "something to read"),
    (r"\((?:19|20)\d\d\)\s*$", 70, "an older thing, shown again"),
)  # fmt: skip

# A version that stands for a first or a major release: 1, 1.0, 1.0.0, v2, 0.1.0 — and one that is neither.
VERSION = re.compile(
    r"(?<![\w.])v?(?P<numbers>\d+(?:\.\d+){0,3})"
    r"(?:[-. ]?(?:alpha|beta|rc|pre|dev|nightly|canary|preview|snapshot|[ab]\d)[\w.-]*)?(?![\w])",
    re.I,
)
# What is merely counted or dated is no version: `Step 2`, `RFC 1`, `Herons 2025`; `Step 2.5` may be one.
NUMBERED = re.compile(
    r"(?i)\b(?:19|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b"
    r"|\b(?:part|lesson|rfc|turns|wave|week|day|episode|vol(?:ume)?|chapter|class|series|phase|no|step|season|issue|q[1-4])"
    r" ?\d(?!\d*\.\d)"
)
PRE_RELEASE = re.compile(
    r"(?i)\b(?:alpha|beta|rc|pre-?release|release candidate|nightly|canary|dev build|preview|snapshot)\b|\d(?:a|b|rc)\d"
)
FIRST_RELEASE = re.compile(r"(?i)\b(?:first|initial) (?:public |stable |official |major )?(?:release|version)\b")
NEWLY_MADE = re.compile(
    r"(?i)\b(?:just (?:released|launched|open-?sourced)|newly released|new release|brand[- ]new|introducing|announcing"
    r"|first release)\b"
)
WRITES_ABOUT_OTHERS = re.compile(
    r"(?i)\b(?:analysis|daily|weekly|digest|newsletter|roundup|round-up|news today|the batch|podcast)\b|日报"
)


@lru_cache(maxsize=256)  # an entry's title is held against the same rules two or three times
def first_match(rules: tuple[Rule, ...], text: str) -> tuple[Rule, re.Match[str]] | None:
    """The first rule that holds for a text.

    Args:
        rules: Rules in the order in which they count.
        text: A title or a summary.

    Returns:
        The rule and what it found, or None where none holds.
    """
    for rule in rules:
        if found := rule.pattern.search(text):
            return rule, found
    return None
