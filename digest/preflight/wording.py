"""What people wrote, and meant to write otherwise: placeholders, stray characters, words that filters know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.preflight.check import HTML, PUBLICATION, TEXT, Fault, error, warning
from digest.preflight.page import excerpt, letters
from digest.preflight.proof import Proof

_PLACEHOLDER = re.compile(
    r"\bTK(?:TK)*\b|\bTODO\b|\bTBD\b|\bXXX+\b|\bFIXME\b|(?i:\blorem ipsum\b|\bdolor sit amet\b)|"
    r"\[(?i:insert|your|add|link|name|date|todo|tbd|placeholder|company|here)\b[^\]\n]{0,40}\](?!\()|"
    r"(?i:\byour text here\b|\binsert (?:text|link|name|quote|image) here\b|\b(?:first|last)_?name_here\b)"
)
_ADDRESS = re.compile(r"https?://\S+")
# A placeholder wherever it stands; of the others, tools may well be about TODO comments.
_NOBODYS = re.compile(r"\bTKTK\b|(?i:\blorem ipsum\b|\bdolor sit amet\b)")
_NOT_WRITTEN = re.compile(
    r"(?i:\byour (?:street|address|postal|company)\b|\b(?:street|postal) address\b|\b123 main\b|"
    r"\bexample (?:street|st|road)\b)"
)

# Sparingly: phrases of offers that no letter on tools needs, in what editors write.
_SPAM = re.compile(
    r"\b(?:act now|buy now|order now|call now|apply now|100 ?% free|risk[- ]free|no risk|double your \w+|"
    r"earn (?:extra |big )?(?:cash|money|\$\d+)|make money|cash bonus|extra income|free money|get rich|"
    r"limited[- ]time offer|once in a lifetime|satisfaction guaranteed|money[- ]back guarantee|no obligation|"
    r"you(?:'ve| have) (?:won|been selected)|congratulations,? you|claim your (?:prize|reward|gift)|dear friend|"
    r"this is not spam|viagra|casino|lose weight|winner!|urgent response|work from home|miracle|amazing deal|"
    r"lowest price|click below|free trial!!|incredible deal|special promotion)\b",
    re.IGNORECASE,
)
_ATTACHED = re.compile(
    r"\b(?:(?:i|we)(?:'ve| have)? attach(?:ed)?|(?:is|are|find|see|file|files|document|pdf) (?:is |are )?attached|"
    r"attached (?:is|are|you|please|file|document|pdf|spreadsheet|to this (?:e-?mail|mail|letter|message))|"
    r"(?:see|open|in|find) (?:the |our |my |an )?attachments?|"
    r"attachments? (?:to|in|of) this (?:e-?mail|mail|letter|message)|"
    r"im anhang|angehängt|anbei|beigefügt|ci-jointe?s?|en pièces? jointes?|pièces? jointes?|"
    r"en (?:el )?(?:archivo )?adjunto|adjunto (?:encontrar|envi|le|te)\w*|in allegato|em anexo|segue anexo|"
    r"in de bijlage|bijgevoegd|w załączniku|添付(?:の|し|ファイル))",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)\s*(?:©|\(c\))?[\s,]*((?:19|20)\d\d)(?:\s*[-–—]\s*((?:19|20)?\d\d))?", re.IGNORECASE
)

# overrides, and embeddings that nothing ends
_OVERRIDES = re.compile("[\u202d\u202e]|[\u202a\u202b](?![^\u202a\u202b]*\u202c)")
_UNSEEN = re.compile(
    "[\u200b\u2060-\u2064\ufeff\u180e\u115f\u1160\u3164\uffa0\ufff9-\ufffb]|(?<!\U0001f3f4)(?<![\U000e0000-\U000e007f])[\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MOJIBAKE = re.compile("\ufffd|â€[™œ\u009d“”˜¦]|Ã[\u0080-\u00bf©¨¤¶¼ŸŒ±³¡­]|Â[\u00a0£©®°·»«]|ï»¿|ðŸ")
_REFERENCE = re.compile(
    r"&(?:amp|nbsp|quot|apos|lt|gt|mdash|ndash|hellip|rsquo|lsquo|ldquo|rdquo|copy|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
)
_EMPTY = re.compile(r"(?:None|undefined|NaN|null|nil|\[object Object\]|Undefined|<[\w.]+ object at 0x[0-9a-f]+>)")


@error
def placeholders(proof: Proof) -> Iterator[Fault]:
    """Nothing that somebody meant to replace is left: TK, TODO, TBD, XXX, lorem ipsum, [insert …]. Words of tools are
    not meant, since a tool may well be about TODO comments.
    """
    told = set()
    for place, text in proof.of_editors:
        mark = _PLACEHOLDER.search(text)
        if mark:
            told.add(mark.group())
            yield Fault(
                f"“{mark.group()}” is left in: {excerpt(text, mark.start())}", proof.in_issue(*place), "write it"
            )
    address = proof.email.sender.postal_address
    mark = _PLACEHOLDER.search(address) or _NOT_WRITTEN.search(address)
    if mark:
        yield Fault(f"“{address}” is no postal address yet", f"{PUBLICATION}: sender.postal_address", "write yours")
        return
    for part, said in ((HTML, proof.shown), (TEXT, proof.email.text)):
        text = _ADDRESS.sub(" ", said)
        for mark in _PLACEHOLDER.finditer(text):
            known = mark.group() in told or (mark.group() in proof.of_tools and not _NOBODYS.match(mark.group()))
            if not known:
                told.add(mark.group())
                what = f"“{mark.group()}” is left in: {excerpt(text, mark.start())}"
                yield Fault(what, part, "write it, in the verdict or the template that it comes from")


@warning
def attachment(proof: Proof) -> Iterator[Fault]:
    """The letter speaks of no attachment: it has none."""
    for place, text in proof.of_editors:
        mark = _ATTACHED.search(text)
        if mark:
            what = f"“{mark.group()}” speaks of an attachment, and the letter has none: {excerpt(text, mark.start())}"
            yield Fault(what, proof.in_issue(*place), "link to it instead")


@warning
def copyright_year(proof: Proof) -> Iterator[Fault]:
    """A copyright line names the year in which the letter goes out."""
    year = proof.issue.date.year
    for part, text in ((HTML, proof.shown), (TEXT, proof.email.text)):
        for found in _COPYRIGHT.finditer(text):
            last = found.group(2) or found.group(1)
            last = found.group(1)[:2] + last if len(last) == 2 else last
            if int(last) != year and not proof.is_of_people(found.group()):
                yield Fault(f"“{found.group()}” is not of {year}", part, f"write {year}, or print issue.date.year")
                break


@warning
def spam_words(proof: Proof) -> Iterator[Fault]:
    """Editors use none of a few phrases that filters know from offers."""
    for place, text in proof.of_editors:
        phrase = _SPAM.search(text)
        if phrase:
            yield Fault(f"filters know “{phrase.group()}” from spam", proof.in_issue(*place), "say it in other words")


@error
def turned_words(proof: Proof) -> Iterator[Fault]:
    """No character turns the direction of what follows it: an override can make a name read as another one (Unicode
    UAX #9, section 2; isolates, marks and embeddings that end are fine).
    """
    yield from _characters(
        proof, _OVERRIDES, "turns the words after it", "take it out; dir= on an element does it well"
    )


@warning
def unseen_characters(proof: Proof) -> Iterator[Fault]:
    """No characters without width or meaning stand in words, but for those that scripts and emoji need: searching
    fails on them, and filters take them for hiding.
    """
    yield from _characters(proof, _UNSEEN, "shows nothing", "take it out")
    yield from _characters(proof, _CONTROL, "is a control character", "take it out")


@warning
def broken_characters(proof: Proof) -> Iterator[Fault]:
    """No character was lost in a wrong encoding (�, â€™, Ã©), and no reference such as &amp;amp; is left to be read."""
    yield from _characters(proof, _MOJIBAKE, "was read in a wrong encoding", "type it anew, and save as UTF-8")
    for found in _REFERENCE.finditer(proof.shown):
        if not proof.is_of_people(found.group()):
            what = f"“{found.group()}” is read as it stands: {excerpt(proof.shown, found.start())}"
            yield Fault(what, HTML, "it was escaped twice; mend the template")
            return


@warning
def empty_values(proof: Proof) -> Iterator[Fault]:
    """No None, undefined or NaN stands where a value belongs."""
    for ink in proof.inks("light"):
        words = " ".join(ink.words.split())
        if _EMPTY.fullmatch(words.strip("$€£ :.·,()")) and not proof.is_of_people(words):
            yield Fault(f"“{words}” stands where a value belongs", HTML, "mend the template")
    for number, line in enumerate(proof.email.text.split("\n"), start=1):
        if _EMPTY.fullmatch(line.strip(" $€£:.·,()-*")):
            yield Fault(f"“{line.strip()}” stands where a value belongs", f"{TEXT}:{number}", "mend the template")


def _characters(proof: Proof, wrong: re.Pattern[str], what: str, cure: str) -> Iterator[Fault]:
    places = [
        (proof.in_issue("subject"), proof.email.subject),
        (proof.in_issue("preheader"), proof.email.preheader),
        (f"{PUBLICATION}: sender.name", proof.email.sender.name),
        (HTML, proof.shown),
        (TEXT, proof.email.text),
    ]
    for where, text in places:
        found = wrong.search(text)
        if found:
            mark = found.group()
            said = f"U+{ord(mark[0]):04X}" if not mark.isprintable() or wrong is not _MOJIBAKE else f"“{mark}”"
            near = letters(excerpt(text, found.start())) and excerpt(wrong.sub("", text), found.start())
            yield Fault(f"{said} {what}, near “{near}”", where, cure)
