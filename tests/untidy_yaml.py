"""Verdict and issue files as untidy as people write them, each line known by the place that it belongs to."""

from __future__ import annotations

import json
import random
import textwrap
from dataclasses import dataclass, field
from typing import Any

import yaml

Place = tuple[str | int, ...]

WORDS = (
    "ship skip the a row rows café naïve Größe 東京 データ Привет שלום 🦀 👩‍💻 e-mail 41 1.10 $29 96% no "
    "yes on null ~ `code` *em* **strong** [link](https://x.example) C# a#b #1 key: value: - ? it's \"said\" 'so' "
    "{b} [c] & | > @ % ! \\n C:\\dir 100,000 … — “quoted” x=1, true"
).split()
COMMENTS = ("# a word", "#", "# name: 'not this one'", "# - item", "# größer als 東京 🦀")
VERDICT_LINES = ("name", "vendor", "tagline", "licence", "ship_if", "skip_if")
BASES = ("ran it", "read the docs", "saw a demo")


def some_line(rng: random.Random, most: int = 14) -> str:
    """Words on one line; no white space at the ends."""
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, most)))


def some_words(rng: random.Random) -> str:
    """Words that may have paragraphs, lists and lines that look like YAML."""
    kinds = [
        lambda: some_line(rng, 90),
        lambda: "\n\n".join(some_line(rng, 40) for _ in range(rng.randint(2, 4))),
        lambda: "\n".join(["It keeps:", *(f"- {some_line(rng, 6)}" for _ in range(rng.randint(1, 3)))]),
        lambda: f"{some_line(rng, 5)}\n# not a comment\n{some_line(rng, 5)}",
        lambda: f"{some_line(rng, 5)}\n  code that is indented\n\n{some_line(rng, 5)}",
    ]
    return rng.choice(kinds)()


@dataclass
class Untidy:
    """A file in the making.

    Attributes:
        lines: Its lines, each with the place that it belongs to; None for comments and blank lines.
        data: What it says, every scalar as its text.
    """

    rng: random.Random
    lines: list[tuple[Place | None, str]] = field(default_factory=list)
    data: Any = None

    def noise(self, indent: int) -> None:
        """Perhaps a blank line or a comment."""
        while self.rng.random() < 0.2:
            said = self.rng.choice(("", "", *COMMENTS))
            # deeper than its table, a comment behind a block would be a line of that block
            self.lines.append((None, " " * self.rng.randint(0, indent) + said if said else ""))

    def table(self, data: dict[str, Any], place: Place, indent: int, first: str = "") -> None:
        """A table's fields in any order; `first` is a dash that its first field stands behind."""
        keys = list(data)
        self.rng.shuffle(keys)
        for number, key in enumerate(keys):
            if number or not first:
                self.noise(indent)
            margin = first if first and number == 0 else " " * indent
            self.value(data[key], (*place, key), indent, f"{margin}{self.key(key)}:")

    def key(self, key: str) -> str:
        """A name, now and then in quotes or with a space behind it."""
        return self.rng.choices((key, f'"{key}"', f"'{key}'", f"{key} "), (20, 1, 1, 1))[0]

    def value(self, value: Any, place: Place, indent: int, lead: str) -> None:
        """A value behind its name or dash."""
        gap = self.rng.choice((" ", " ", " ", "   "))
        if isinstance(value, str):
            for number, line in enumerate(self.scalar(value, indent).split("\n")):
                self.lines.append(
                    (place, f"{lead}{gap}{line}" if number == 0 and line else lead if not number else line)
                )
            return
        flat = not value or (self.is_flat(value) and self.rng.random() < 0.6)
        if flat:
            said = self.flow(value, indent)
            for number, line in enumerate(said.split("\n")):
                comment = "  # why" if number == said.count("\n") and self.rng.random() < 0.2 else ""
                self.lines.append((place, f"{lead}{gap}{line}{comment}" if number == 0 else line + comment))
            return
        self.lines.append((place, lead + self.rng.choice(("", "", "   # these"))))
        if isinstance(value, dict):
            self.table(value, place, indent + self.rng.choice((2, 2, 4, 1)))
            return
        column = indent + self.rng.choice((0, 2, 2, 4)) if isinstance(place[-1], str) else indent + 2
        for number, item in enumerate(value):
            self.noise(column)
            self.item(item, (*place, number), column)

    def item(self, item: Any, place: Place, column: int) -> None:
        """An item of a list on lines of its own."""
        if isinstance(item, dict) and item:
            space = self.rng.choice((" ", " ", "   "))
            self.table(item, place, column + 1 + len(space), first=f"{' ' * column}-{space}")
        else:
            self.value(item, place, column, f"{' ' * column}-")

    def is_flat(self, value: Any) -> bool:
        """Whether a list or table is short enough for brackets."""
        return len(json.dumps(value)) < 160 and "\n" not in str(value)

    def flow(self, value: Any, indent: int) -> str:
        """A list or table in brackets or braces, perhaps over several lines."""
        if isinstance(value, str):
            return self.scalar_in_brackets(value)
        inner = [self.flow(item, indent) for item in value] if isinstance(value, list) else []
        if isinstance(value, dict):
            inner = [f"{key}: {self.flow(item, indent)}" for key, item in value.items()]
        begin, end = "[]" if isinstance(value, list) else "{}"
        if not inner or self.rng.random() < 0.7:
            space = self.rng.choice(("", "", " "))
            return begin + space + ", ".join(inner) + space + end
        margin = "\n" + " " * (indent + 2)
        return begin + margin + f",{margin}".join(inner) + self.rng.choice(("", ",")) + "\n" + " " * (indent + 1) + end

    def scalar_in_brackets(self, text: str) -> str:
        """A text inside brackets, in any style that keeps it."""
        ways = [text, "'" + text.replace("'", "''") + "'", json.dumps(text, ensure_ascii=False)]
        return self.rng.choice([way for way in ways if reads_as(f"[{way}]", [text])])

    def scalar(self, text: str, indent: int) -> str:
        """A text behind a name, in any style that keeps it."""
        rng, deeper = self.rng, " " * (indent + rng_indent(self.rng))
        quoted = json.dumps(text, ensure_ascii=False)
        folded = textwrap.fill(text, 60, break_long_words=False, break_on_hyphens=False)
        ways = [
            text,
            folded.replace("\n", f"\n{deeper}"),
            "'" + text.replace("'", "''") + "'",
            quoted,
            json.dumps(text),
            f"\n{deeper}{quoted}",
            f"\n{deeper}{text}",
            f"\n{deeper}# a word\n{deeper}{quoted}",
            quoted.replace(" ", f"\n{deeper}", 1),
            *(f"{head}{note}\n" + textwrap.indent(body, deeper, lambda line: bool(line.strip()))
              for note in ("", "  # in a block")
              for head, body in (("|-", text), (">-", folded), (">-", text.replace("\n", "\n\n")))),
        ]  # fmt: skip
        if "\n" not in text:
            ways += [f"{way}   # a remark" for way in ways[:1] + ways[2:4]]
        good = [way for way in ways if reads_as(f"k: {way}\nz: 1\n", {"k": text, "z": "1"}, indent)]
        return rng.choice(good or [quoted])


def rng_indent(rng: random.Random) -> int:
    """How much deeper a block stands."""
    return rng.choice((1, 2, 2, 4))


def reads_as(text: str, meant: Any, indent: int = 0) -> bool:
    """Whether YAML text says what is meant; scalars count as their text, whatever they look like."""
    if indent:
        text = "\n".join(" " * indent + line if not number or line.startswith("z:") else line
                         for number, line in enumerate(text.split("\n")))  # fmt: skip
    try:
        return bool(yaml.load(text, Loader=yaml.CBaseLoader) == meant)
    except yaml.YAMLError:
        return False


def verdict_data(rng: random.Random) -> dict[str, Any]:
    """What a verdict file may say."""
    data: dict[str, Any] = {name: some_line(rng) for name in VERDICT_LINES}
    data |= {"category": "data", "homepage": "https://tool.example/a?b=c#d", "description": some_words(rng)}
    data["pricing"] = {"model": rng.choice(("free", "paid", "open source")), "entry": some_line(rng, 6)}
    data["pricing"] |= {"source": "https://tool.example/pricing", "checked": "2026-11-16"}
    if rng.random() < 0.5:
        data["aliases"] = [some_line(rng, 3) for _ in range(rng.randint(0, 4))]
    if rng.random() < 0.5:
        data["incumbent"] = rng.choice(("true", "false", "yes", "no"))
    data["reviews"] = [_review(rng, name) for name in ("builder", "skeptic", "futurist")[: rng.randint(0, 3)]]
    return data


def _review(rng: random.Random, reviewer: str) -> dict[str, Any]:
    said = {"reviewer": reviewer, "call": rng.choice(("ship", "skip")), "basis": rng.choice(BASES)}
    said |= {"by": some_line(rng, 2), "date": "2026-11-12", "short": some_line(rng), "quote": some_words(rng)}
    return said


def issue_data(rng: random.Random) -> dict[str, Any]:
    """What an issue.yaml may say."""
    slugs = ["tidepool", "copperline", "hush-note", "on", "n", "7zip"]
    data: dict[str, Any] = {name: some_line(rng) for name in ("subject", "preheader", "headline")}
    data["intro"] = some_words(rng)
    data["comparisons"] = [{"tools": rng.sample(slugs, 2)} for _ in range(rng.randint(0, 4))]
    for planned in data["comparisons"]:
        if rng.random() < 0.4:
            planned["bottom_line"] = some_words(rng)
    data["pin"] = [rng.sample(slugs, 2) for _ in range(rng.randint(0, 2))]
    data["hold"] = rng.sample(slugs, rng.randint(0, 3))
    data["sections"] = [{"title": some_line(rng, 4), "text": some_words(rng)} for _ in range(rng.randint(0, 2))]
    return data


def untidy(seed: int) -> tuple[Untidy, str]:
    """A file: verdicts and issues by turns; now and then without a last line break."""
    rng = random.Random(seed)
    made = Untidy(rng)
    made.data = verdict_data(rng) if seed % 2 else issue_data(rng)
    made.table(made.data, (), 0)
    made.noise(0)
    text = "\n".join(line for _, line in made.lines) + ("\n" if rng.random() < 0.8 else "")
    return made, text
