"""Pictures: what is said in their place, where they come from, how large they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.preflight.check import Fault, error, warning
from digest.preflight.page import Element, tag_of
from digest.preflight.page import where as place_of
from digest.preflight.proof import Proof
from digest.preflight.styles import pixels

WIDEST = 1_200
ALT_MOST = 125

_DEFAULT = re.compile(
    r"(?:an?\s+)?(?:image|img|picture|photo|pic|logo|icon|graphic|banner|screenshot|bild|foto|imagen?|untitled|alt(?:\s*text)?|"
    r"placeholder|spacer|dsc|header|hero|thumbnail|capture)[\s_-]*\d*|img[_-]?\d+|.+\.(?:png|jpe?g|gif|webp|svg|bmp|heic|avif)|"
    r"(?:image|picture|photo|bild|foto)\s+(?:of|von|de)\s+\S+\.\w{3,4}|screen\s?shot \d{4}.*|[\W\d_]+",
    re.IGNORECASE,
)


@error
def image_alt(proof: Proof) -> Iterator[Fault]:
    """Every image has an alt text, or says by alt="" that it shows nothing (WCAG 2.2, success criterion 1.1.1)."""
    for image in proof.page.all("img", "area"):
        if image.get("alt") is None and image.get("role") not in ("presentation", "none"):
            what = f"an image has no alt: {_source(image)}"
            yield Fault(what, place_of(image), 'write what it shows, or alt="" if it only decorates')


@warning
def image_alt_words(proof: Proof) -> Iterator[Fault]:
    """Alt texts say what is to be seen: no file names, no “image1”, at most 125 characters."""
    for image in proof.page.all("img"):
        alt = " ".join((image.get("alt") or "").split())
        if alt and _DEFAULT.fullmatch(alt):
            yield Fault(f"the alt text “{alt}” says nothing", place_of(image), "write what the image shows")
        elif len(alt) > ALT_MOST:
            what = f"an alt text has {len(alt)} characters: “{alt[:40]}…”"
            yield Fault(what, place_of(image), f"use at most {ALT_MOST}, and tell the rest in the letter")


@error
def image_address(proof: Proof) -> Iterator[Fault]:
    """Images come from a whole web address: files of this machine, attachments and relative paths show nothing."""
    for image in proof.page.all("img"):
        source = (image.get("src") or "").strip()
        if not source:
            yield Fault("an image has no address", place_of(image), "write its address, or take it out")
        elif not re.match(r"https?://[^/\s]+\.[^/\s]+", source) and not source.lower().startswith("data:"):
            yield Fault(f"the image {_source(image)} has no whole web address", place_of(image), "begin with https://")


@error
def data_addresses(proof: Proof) -> Iterator[Fault]:
    """Nothing is embedded by a data: address: Gmail and Outlook show none of it (caniemail.com, base64 images)."""
    for element in proof.page.elements:
        for name in ("src", "href", "background", "srcset"):
            value = (element.get(name) or "").strip().lower()
            if value.startswith("data:"):
                yield Fault(f"{name} of <{tag_of(element)}> is a data: address", place_of(element), "use a web address")
    styles = [*proof.sheet.blocks, *(element.get("style") or "" for element in proof.page.elements)]
    if any(re.search(r"url\(\s*[\"']?data:", style, re.IGNORECASE) for style in styles):
        yield Fault("a style holds a data: address", "email.html", "use a web address, or a colour")


@warning
def image_size(proof: Proof) -> Iterator[Fault]:
    """Images are at most 1,200 pixels wide and high, twice the letter's width, and say how wide they are: Outlook shows
    them whole otherwise.
    """
    for image in proof.page.all("img"):
        style = proof.sheet.light[image]
        sizes = {name: _pixels(image.get(name)) or pixels(style.get(name)) for name in ("width", "height")}
        asked = re.search(
            r"[?&](?:w|width)=(\d{4,5})\b|[_-](\d{4,5})x\d{3,5}\.|/w_(\d{4,5})[,/]", image.get("src") or ""
        )
        largest = max(
            [size or 0.0 for size in sizes.values()]
            + [float(size) for size in (asked.groups() if asked else ()) if size]
        )
        if largest > WIDEST:
            what = f"an image is {largest:,.0f} pixels large: {_source(image)}"
            yield Fault(what, place_of(image), f"make it at most {WIDEST:,}")
        elif image.get("width") is None and sizes["width"] is None:
            yield Fault(f"an image does not say its width: {_source(image)}", place_of(image), "write width in pixels")


@warning
def image_https(proof: Proof) -> Iterator[Fault]:
    """Images come by https: programs refuse others, and their owner would see who reads."""
    for image in proof.page.all("img"):
        if (image.get("src") or "").strip().lower().startswith("http://"):
            yield Fault(f"an image comes without https: {_source(image)}", place_of(image), "begin with https://")


def _pixels(said: str | None) -> float | None:
    return float(said) if said and said.isdigit() else None


def _source(image: Element) -> str:
    source = image.get("src") or image.get("href") or ""
    return source if len(source) <= 60 else f"…{source[-50:]}"
