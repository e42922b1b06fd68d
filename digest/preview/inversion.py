"""A mail as Gmail's app shows it in the dark: the app turns colours over by itself and asks no style of the mail's.

What it does is not published. The rule here is what people measured: light grounds become dark and dark words light,
each by its lightness in CIELAB, paler than a mirror image would be; what is dark or light already stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tinycss2.color3 import RGBA, parse_color

from digest.preview.scheme import in_scheme

_ATTRIBUTE = re.compile(
    r"(?P<before>\sstyle\s*=\s*)(?P<quote>[\"'])(?P<style>.*?)(?P=quote)", re.DOTALL | re.IGNORECASE
)
_BLOCK = re.compile(r"(<style\b[^>]*>)(.*?)(?=</style)", re.DOTALL | re.IGNORECASE)
_OLD = re.compile(r"(\s(?P<name>bgcolor|color)\s*=\s*[\"']?)(?P<colour>#?\w+)", re.IGNORECASE)
_DECLARATION = re.compile(
    r"(?P<name>(?<![\w-])(?:background|border|outline)[a-z-]*|(?<![\w-])color)(?P<colon>\s*:\s*)(?P<value>[^;{}]+)"
)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)|(?<![\w#(-])[a-z]+(?![\w(-])")
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_MIDDLE, _DEPTH, _CHROMA = 50.0, 0.75, 0.8
# D65, and the matrices of sRGB (IEC 61966-2-1)
_WHITE = (0.95047, 1.0, 1.08883)
_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_TO_RGB = ((3.2406, -1.5372, -0.4986), (-0.9689, 1.8758, 0.0415), (0.0557, -0.2040, 1.0570))


def inverted(html: str) -> str:
    """A mail's HTML with its colours turned over.

    Args:
        html: The HTML part; its own dark scheme is left out, since the app does not know it.
    """
    html = in_scheme(html, "light")
    html = _BLOCK.sub(lambda block: block[1] + _turned_styles(block[2]), html)
    html = _ATTRIBUTE.sub(lambda a: f"{a['before']}{a['quote']}{_turned_styles(a['style'])}{a['quote']}", html)
    html = _OLD.sub(lambda old: old[1] + turned(old["colour"], is_ground=old["name"].lower() == "bgcolor"), html)
    ground = (
        f"<style>html{{background:{turned('#fff', is_ground=True)};color:{turned('#000', is_ground=False)}}}</style>"
    )
    return _HEAD.sub(lambda head: head[0] + ground, html, count=1)


def turned(colour: str, *, is_ground: bool) -> str:
    """A colour as the app prints it.

    Args:
        colour: As CSS says it; what is no colour stays.
        is_ground: Whether it is a ground or a line, and not the colour of words.
    """
    parsed = parse_color(colour)
    if not isinstance(parsed, RGBA) or parsed.alpha == 0:
        return colour
    lightness, a, b = _lab(parsed)
    if (lightness < _MIDDLE) if is_ground else (lightness >= _MIDDLE):
        return colour
    red, green, blue = _rgb(_MIDDLE - (lightness - _MIDDLE) * _DEPTH, a * _CHROMA, b * _CHROMA)
    alpha = "" if parsed.alpha == 1 else f"{round(parsed.alpha * 255):02x}"
    return f"#{red:02x}{green:02x}{blue:02x}{alpha}"


def _turned_styles(styles: str) -> str:
    return _DECLARATION.sub(_turned_declaration, styles)


def _turned_declaration(found: re.Match[str]) -> str:
    is_ground = found["name"] != "color"
    replace: Callable[[re.Match[str]], str] = lambda colour: turned(colour[0], is_ground=is_ground)  # noqa: E731
    return f"{found['name']}{found['colon']}{_COLOUR.sub(replace, found['value'])}"


def _lab(colour: RGBA) -> tuple[float, float, float]:
    """CIELAB (CIE 15:2004) of an sRGB colour."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    x, y, z = (
        _root(sum(weight * part for weight, part in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _root(part: float) -> float:
    return float(part ** (1 / 3)) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def _rgb(lightness: float, a: float, b: float) -> tuple[int, int, int]:
    middle = (lightness + 16) / 116
    parts = (middle + a / 500, middle, middle - b / 200)
    xyz = [
        white * (part**3 if part**3 > 216 / 24389 else (116 * part - 16) * 27 / 24389)
        for part, white in zip(parts, _WHITE, strict=True)
    ]
    linear = [sum(weight * part for weight, part in zip(row, xyz, strict=True)) for row in _TO_RGB]
    clipped = [min(1.0, max(0.0, part)) for part in linear]
    red, green, blue = (
        round(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055)) for part in clipped
    )
    return red, green, blue
