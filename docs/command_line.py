"""Write docs/command-line.md from the program's own help; with --check, say whether it is current.

python docs/command_line.py [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from digest.cli import COMMANDS, digest

PAGE = Path(__file__).parent / "command-line.md"

HEAD = """\
# The command line

`digest [-C DIR] [-v] [--json] COMMAND`. `DIR` is the publication's folder; without it, the nearest folder with a
digest.toml is found upwards, as git finds its own. `--week` takes an issue's id. Every listing takes `--json`, before
or after the command: one JSON document on standard output, warnings on standard error.

This page is written from the program's own help by `make docs`.

## Exit codes

| code | means |
|---|---|
| 0 | done, nothing to do, held before its time, or another run holds the lock (said in words) |
| 1 | failed, safe to run again: a full or read-only disk, a provider that is down |
| 2 | wrong usage, configuration, or a broken file |
| 3 | refused: preflight, a guard, not approved |
| 4 | incomplete: deliveries are pending, submitting, unknown or quarantined; `digest deliveries` lists them |
| 5 | held past its time |

One line on standard error says what went wrong, where, and what to do.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    with click.Context(digest, info_name="digest") as context:
        for name in COMMANDS:
            command = digest.get_command(context, name)
            assert command is not None
            parts += _described(command, click.Context(command, info_name=name, parent=context), level=2)
    return "\n".join(parts)


def _described(command: click.Command, context: click.Context, *, level: int) -> Iterator[str]:
    """A command and those inside it, as Markdown."""
    context.max_content_width = 100
    context.terminal_width = 100
    help_ = command.get_help(context)
    yield f"{'#' * level} {context.command_path}\n\n```text\n{help_}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _described(inner, click.Context(inner, info_name=name, parent=context), level=level + 1)


def main() -> int:
    """Write or check."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.name} is not what the program says of itself; run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
