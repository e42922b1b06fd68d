"""The JSON Schema of a verdict file, so that editors complete and check it while somebody types.

It says what the model says, and knows the publication's own reviewers and categories. It keeps to draft 7, the newest
that the YAML servers of editors know whole (https://github.com/redhat-developer/yaml-language-server).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from digest.model.issue import Category
from digest.model.verdict import Reviewer, Verdict

FILE = ".schema.json"
HEAD = f"# yaml-language-server: $schema={FILE}"


def verdict_schema(panel: Sequence[Reviewer], categories: Sequence[Category]) -> dict[str, Any]:
    """The schema of verdicts/<slug>.yaml.

    Args:
        panel: The reviewers that may speak.
        categories: The categories that may be named.
    """
    model = Verdict.model_json_schema(ref_template="#/definitions/{model}")
    definitions = {name: _table(table) for name, table in model.pop("$defs").items()}
    schema = _table(model)
    del schema["properties"]["slug"]  # the file's name says it
    schema["required"].remove("slug")
    schema["properties"]["category"] = _one_of(
        schema["properties"]["category"], [(category.id, category.name) for category in categories]
    )
    review = definitions["Review"]["properties"]
    review["reviewer"] = _one_of(review["reviewer"], [(one.id, f"{one.name}: {one.lens}") for one in panel])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A verdict of Digest",
        **schema,
        "definitions": definitions,
    }


def schema_text(panel: Sequence[Reviewer], categories: Sequence[Category]) -> str:
    """The schema as its file holds it."""
    return json.dumps(verdict_schema(panel, categories), ensure_ascii=False, indent=1) + "\n"


def _table(table: dict[str, Any]) -> dict[str, Any]:
    """A table's schema without what pydantic says to programmers."""
    fields = {name: _field(field) for name, field in table["properties"].items()}
    required = {"required": table["required"]} if "required" in table else {}
    return {"type": "object", "properties": fields, **required, "additionalProperties": False}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in field.items() if key not in ("title", "default")}


def _one_of(field: dict[str, Any], words: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A field that takes one of some words; editors show what each of them means."""
    means = "; ".join(f"{word} ({meaning})" for word, meaning in words)
    return {"description": f"{field['description']}: {means}", "enum": [word for word, _ in words]}
