"""HTML from the templates and the style sheet beside this file; jinja2 is imported when they are first used."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .digits import figure, share_of_most
from .questions import IN_SHORT, LEGEND, MARKS
from .verdicts import FAIR, GOOD, NONE, POOR

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent
CLASSES = {GOOD: "good", FAIR: "fair", POOR: "poor", NONE: "none"}  # of the style sheet


def render(template: str, **values: Any) -> str:
    """The template of that file name, filled with values, which are escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    # A page runs this script and no other: its policy names the hash.
    script = (FOLDER / "report.js").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"figure": figure, "most": share_of_most, "setting": _setting}
    environment.globals |= {
        "classes": CLASSES,
        "in_short": IN_SHORT,
        "legend": LEGEND,
        "levels": (GOOD, FAIR, POOR),
        "marks": MARKS,
        "weights": {verdict: k for k, verdict in enumerate((NONE, GOOD, FAIR, POOR))},
        "script": Markup(script),
        "script_hash": base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii"),
        "style": Markup((FOLDER / "report.css").read_text(encoding="utf-8")),
    }
    return environment


def _setting(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_setting(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_setting, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
