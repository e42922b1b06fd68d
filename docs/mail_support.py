"""Write digest/preflight/mail_support.json: what mail programs support, from caniemail's data as npm packages it.

npm pack caniemail@2.0.2, then python docs/mail_support.py caniemail-2.0.2.tgz (`make mail-support` does both)
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "digest" / "preflight" / "mail_support.json"
CLIENTS = {
    "Gmail": ("gmail", ("desktop-webmail", "mobile-webmail", "ios", "android")),
    "Outlook": ("outlook", ("windows", "outlook-com", "ios", "android", "macos")),
    "Apple Mail": ("apple-mail", ("macos", "ios")),
    "Yahoo": ("yahoo", ("desktop-webmail", "ios", "android")),
}
NAMES = {
    "desktop-webmail": "web",
    "mobile-webmail": "web on phones",
    "ios": "iOS",
    "android": "Android",
    "windows": "Windows",
    "outlook-com": "Outlook.com",
    "macos": "macOS",
}
NOTICES = [
    "Data: caniemail.com, https://github.com/hteumeuleu/caniemail, MIT License, Copyright (c) 2019 Rémi Parmentier",
    "Package: caniemail on npm, MIT License, Copyright © Avi Goldman, © Andrew Powell <andrew@shellscape.org>",
]


def slimmed(document: dict[str, Any], version: str, licence: str) -> dict[str, Any]:
    """The features that some version in use does not support, and where; only each program's newest result counts."""
    features = {}
    for feature in document["data"]:
        without = {name: lacking for name, (key, on) in CLIENTS.items() if (lacking := _lacking(feature, key, on))}
        if without and feature["category"] in ("css", "html", "image"):
            features[feature["slug"]] = {"title": feature["title"].strip(), "without": without}
    permission = licence[licence.index("Permission is hereby granted") :]
    return {
        "about": "What Gmail, Outlook, Apple Mail and Yahoo do not support; slimmed by docs/mail_support.py.",
        "licence": [*NOTICES, " ".join(permission.split())],
        "source": f"caniemail {version}",
        "updated": document["last_update_date"][:10],
        "features": dict(sorted(features.items())),
    }


def _lacking(feature: dict[str, Any], client: str, platforms: tuple[str, ...]) -> list[str]:
    results = {platform: list(feature["stats"].get(client, {}).get(platform, {}).values()) for platform in platforms}
    return [NAMES[platform] for platform, found in results.items() if found and found[-1].startswith("n")]


def main() -> None:
    """Write the file from a package's archive."""
    with tarfile.open(sys.argv[1]) as archive:

        def read(name: str) -> str:
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            return member.read().decode()

        version = json.loads(read("package.json"))["version"]
        found = slimmed(json.loads(read("data/caniemail.json")), version, read("LICENSE"))
    lines = json.dumps(found.pop("features"), ensure_ascii=False).replace("}}, ", "}},\n    ")
    head = json.dumps(found, ensure_ascii=False, indent=2)[:-2]
    FILE.write_text(f'{head},\n  "features": {{\n    {lines[1:-1]}\n  }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
