"""The checks before a letter may go out: one function each, values in, faults out; they render nothing and ask nobody.

Errors refuse, warnings inform. The order of the table is the order in which a person reads them.
"""

from __future__ import annotations

from digest.model.issue import Email, Finding, Issue
from digest.preflight import (
    clients,
    colours,
    contents,
    envelope,
    footer,
    history,
    images,
    link_words,
    links,
    merge_field,
    outside,
    parts,
    structure,
    targets,
    weight,
    wording,
)
from digest.preflight.check import Check
from digest.preflight.links import addresses_to_ask
from digest.preflight.proof import Past, Proof, Reply

__all__ = ["CHECKS", "Check", "Past", "Proof", "Reply", "addresses_to_ask", "findings_of", "preflight"]

CHECKS: tuple[Check, ...] = (
    outside.built,
    envelope.subject_missing,
    envelope.subject_too_long,
    envelope.subject_length,
    envelope.subject_shouting,
    envelope.subject_pretends,
    history.subject_repeated,
    envelope.preheader_missing,
    envelope.preheader_length,
    envelope.preheader_repeats,
    envelope.preheader_unshown,
    envelope.sender_name,
    envelope.sender_address,
    envelope.reply_to_missing,
    envelope.reply_to_unread,
    footer.unsubscribe_link,
    footer.preferences_link,
    footer.postal_address,
    merge_field.merge_field,
    merge_field.substitution_marks,
    merge_field.template_marks,
    weight.html_too_large,
    weight.html_large,
    weight.css_too_large,
    weight.css_nested,
    weight.line_length,
    weight.word_count,
    weight.reading_time,
    wording.placeholders,
    wording.empty_values,
    wording.turned_words,
    wording.unseen_characters,
    wording.broken_characters,
    wording.spam_words,
    wording.attachment,
    wording.copyright_year,
    parts.text_part,
    parts.same_words,
    parts.parts_differ,
    parts.parts_links,
    parts.parts_figures,
    parts.text_width,
    parts.text_markup,
    links.link_addresses,
    links.link_placeholders,
    links.link_examples,
    links.link_https,
    links.link_shorteners,
    links.link_repeated,
    links.text_addresses,
    link_words.link_words,
    link_words.link_generic,
    link_words.link_same_words,
    images.image_alt,
    images.image_alt_words,
    images.image_address,
    images.data_addresses,
    images.image_size,
    images.image_https,
    structure.document_title,
    structure.language,
    structure.language_other,
    structure.language_inside,
    structure.headings,
    structure.layout_tables,
    structure.table_scopes,
    structure.active_elements,
    structure.zoom,
    structure.duplicate_ids,
    structure.aria,
    structure.vml,
    structure.doctype,
    colours.contrast_light,
    colours.contrast_dark,
    colours.hard_coded_black,
    colours.colour_only,
    colours.link_colour_only,
    colours.inline_important,
    targets.target_size,
    targets.small_text,
    clients.mail_programs,
    contents.digest_only,
    contents.lead_untried,
    contents.unreviewed,
    contents.long_quotes,
    contents.old_prices,
    contents.old_verdicts,
    contents.tool_repeated,
    history.pair_repeated,
    outside.dead_links,
    outside.silent_links,
    outside.spam_points,
)


def preflight(email: Email, issue: Issue, **around: object) -> tuple[Finding, ...]:
    """Everything that the checks found in a letter.

    Args:
        email: The mail as it would go out.
        issue: The issue that it was made from.
        around: What stands around it, as `Proof` has it: `past`, `is_real`, `lines`.

    Returns:
        The findings, in the order of the checks; nothing when the letter is clean.
    """
    return findings_of(Proof(email, issue, **around))  # type: ignore[arg-type]


def findings_of(proof: Proof) -> tuple[Finding, ...]:
    """Everything that the checks found in a proof, in the order of the checks."""
    return tuple(finding for check in CHECKS for finding in check.findings(proof))
