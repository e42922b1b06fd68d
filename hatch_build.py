"""Ship the top-level templates and the sample publication inside the wheel.

In the repository they stand at the top, where people look for them. An editable install finds them there; a wheel has
no such folder, so it carries them as package data.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SAMPLE = ("digest.toml", ".gitattributes", "verdicts", "feeds", "issues/2026-W47/issue.yaml")


class ShipPackageData(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the folders to a wheel, and to nothing else."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build; `version` is "editable" for `pip install -e`."""
        if version != "editable":
            build_data["force_include"]["templates"] = "digest/templates"
            for name in SAMPLE:
                build_data["force_include"][name] = f"digest/sample/{name}"
