"""Write docs/checks.md from the checks' own words; with --check, say whether it is current.

python docs/checks.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

from digest.jobs.waivers import known_checks
from digest.preflight.clients import support

PAGE = Path(__file__).parent / "checks.md"

HEAD = """\
# The checks

`digest check` runs them over the mail as it was built; `digest approve` runs them too, and refuses where one of them
finds an error. Warnings inform. Each finding says what, where (the line of the file, the element, the words near it),
and how to mend it. `digest check --json` is for programs, `digest check --list` prints this list.

## Waivers

A check is waived for one issue, in its issue.yaml, with a reason:

```yaml
waive:
  - check: pair-repeated
    reason: The second round, a year later; the bottom line says what is new.
```

Its findings are then told as waived and refuse nothing. A waiver that nothing needs any more is a warning. An id that
there is not is an error in the file, and the nearest one is offered. What protects readers, or must hold for the letter
to be sent at all, cannot be waived: the way out, the postal address, the merge field, the sender's addresses, the size
at which Gmail clips, both parts being there and being what the issue's files make.

## What they find

"""

FOOT = """
`mail-programs` asks {source} (caniemail.com's tests of {updated}), slimmed to Gmail, Outlook, Apple Mail and Yahoo; the
head of digest/preflight/mail_support.json names its licences.

This page is written from the checks' own words by `make docs`.
"""


def page() -> str:
    """The whole page."""
    rows = ["| check | a fault is | waived | it holds a letter to |", "|---|---|---|---|"]
    for one in known_checks():
        rows.append(
            f"| `{one.id}` | {one.severity} | {'may be' if one.can_be_waived else 'never'} | {_cell(one.says)} |"
        )
    return HEAD + "\n".join(rows) + "\n" + FOOT.format(source=support()["source"], updated=support()["updated"])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")


def main() -> int:
    """Write or check."""
    text = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PAGE.name} is not what the checks say of themselves; run `make docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
