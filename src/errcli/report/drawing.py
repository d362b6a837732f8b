"""How does a specification become SVG that a style sheet can colour and a screen reader can read?

Vega-Lite draws (vl-convert holds it, with the engine it runs in). What comes out is parsed and written anew with known
elements and attributes only: colours become classes, since the policy of the page allows no style in an attribute.
"""

import re
from xml.etree import ElementTree as ET

import vl_convert
from markupsafe import Markup

from errcli.report.charts.chart import Chart, Spec

_SVG = "{http://www.w3.org/2000/svg}"
_INK = re.compile(r"var\(--([a-z0-9-]+)\)")
_LONG_NUMBER = re.compile(r"-?\d+\.\d\d+(?:e-\d+)?")
_ELEMENTS = {"svg", "g", "path", "text", "tspan", "line", "rect"}
_KEPT = {
    "viewBox", "transform", "d", "x", "y", "x2", "y2", "width", "height", "text-anchor", "font-size", "font-weight",
    "stroke-width", "stroke-linecap", "fill-opacity", "stroke-opacity",
}  # fmt: skip


def draw(chart: Chart, name: str) -> Markup:
    """Return a chart as two pictures, of which the style sheet shows the one that fits; `name` is new to the page."""
    pictures = (("wide", chart.wide), ("narrow", chart.narrow))
    # S704: what ElementTree writes is escaped
    return Markup("").join(Markup(_svg(chart, spec, f"{name}-{size}", size)) for size, spec in pictures)  # noqa: S704


def _svg(chart: Chart, spec: Spec, name: str, size: str) -> str:
    # nothing is fetched: no URL is allowed as a base of data
    drawn = ET.fromstring(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))  # noqa: S314 - made here
    svg = _clean(drawn)
    for length in ("width", "height"):  # the style sheet's
        del svg.attrib[length]
    svg.attrib |= {"class": size, "role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    for place, (tag, text) in enumerate((("title", chart.title), ("desc", chart.description))):
        told = ET.Element(tag, {"id": f"{name}-{tag}"})
        told.text = text
        svg.insert(place, told)
    return ET.tostring(svg, "unicode")


def _clean(element: ET.Element) -> ET.Element:
    """Return an element with what is shown of it, and nothing else. Raises ValueError for what is not known here."""
    tag = element.tag.removeprefix(_SVG)
    if tag not in _ELEMENTS:
        raise ValueError(f"a picture with <{tag}>")
    kept = ET.Element(tag, {name: _short(value) for name, value in element.attrib.items() if name in _KEPT})
    classes = [_class(name, element.attrib[name]) for name in ("fill", "stroke") if name in element.attrib]
    if any(classes):
        kept.set("class", " ".join(filter(None, classes)))
    kept.text = element.text
    kept.extend([child for child in map(_clean, element) if _is_shown(child)])
    return kept


def _short(value: str) -> str:
    """Round what is long to a tenth of a pixel."""
    return _LONG_NUMBER.sub(lambda number: f"{float(number[0]):z.1f}".removesuffix(".0"), value)


def _class(name: str, color: str) -> str:
    found = _INK.fullmatch(color)
    return f"{name}-{found[1]}" if found else ""


def _is_shown(element: ET.Element) -> bool:
    return len(element) > 0 or element.tag in ("text", "tspan") or "class" in element.attrib
