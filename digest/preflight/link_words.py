"""What stands on the links: those who hear a letter jump from one to the next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from digest.preflight.check import Fault, error, warning
from digest.preflight.page import letters, name_of
from digest.preflight.page import where as place_of
from digest.preflight.proof import Proof

_GENERIC = {
    letters(words)
    for words in (
        "click here|click|here|this|link|this link|more|read more|learn more|see more|find out more|more info|"
        "more information|read|continue|continue reading|details|go|tap here|press here|download|website|site|page|"
        "this page|url|web|view|see|check it out|open|start|info|source|article|read this|read on|visit|visit site|"
        "hier|hier klicken|klicken sie hier|mehr|mehr lesen|weiterlesen|mehr erfahren|weiter|"
        "ici|cliquez ici|plus|lire la suite|en savoir plus|lire plus|aquí|haz clic aquí|más|leer más|ver más|"
        "qui|clicca qui|leggi|leggi di più|leggi tutto|aqui|clique aqui|saiba mais|leia mais|hier|klik hier|lees meer|"
        "tu|kliknij tutaj|więcej|czytaj więcej|här|klicka här|läs mer|her|klik her|læs mere|klikk her|les mer|"
        "buraya tıklayın|devamı|здесь|подробнее|читать далее|тут|こちら|ここ|続きを読む|详情|点击这里|更多|더 보기|여기"
    ).split("|")
}
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{30,}")


@error
def link_words(proof: Proof) -> Iterator[Fault]:
    """Every link has words, or an image with an alt text (Email Markup Consortium; WCAG 2.2, criterion 2.4.4)."""
    for link in proof.page.links:
        if not letters(name_of(link)) and not _is_sign(name_of(link)):
            what = f"a link to {(link.get('href') or '')[:80]} has no words"
            yield Fault(what, place_of(link), "write what it leads to")


@warning
def link_generic(proof: Proof) -> Iterator[Fault]:
    """The words on a link say where it leads: not “click here”, and no long address (WCAG 2.2, criterion 2.4.4)."""
    for link in proof.page.links:
        name = name_of(link)
        if letters(name) in _GENERIC or _is_sign(name):
            yield Fault(f"a link says “{name}”, which leads anywhere", place_of(link), "name what it leads to")
        elif _ADDRESS.fullmatch(name):
            yield Fault(f"a link says its address, {name[:60]}", place_of(link), "name what it leads to")


@warning
def link_same_words(proof: Proof) -> Iterator[Fault]:
    """Links with the same words lead to the same place (WCAG 2.2, success criterion 2.4.9)."""
    held: dict[str, dict[str, None]] = defaultdict(dict)
    for link in proof.page.links:
        words, address = letters(name_of(link)), (link.get("href") or "").strip().partition("#")[0].rstrip("/")
        if words and words not in _GENERIC and address not in held[words]:
            held[words][address] = None
            if len(held[words]) == 2:
                what = f"two links say “{name_of(link)[:40]}”, and lead to {' and '.join(held[words])}"
                yield Fault(what, place_of(link), "say on each what sets it apart")


def _is_sign(name: str) -> bool:
    """Whether a link says something that no letter or digit is in: an arrow, an emoji."""
    return bool(name) and not letters(name)
