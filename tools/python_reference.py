"""The Python reference: one HTML page made from the signatures and docstrings of what ganbridge makes public.

Usage: python tools/python_reference.py FOLDER [HREF OF THE SITE'S START]
"""

from __future__ import annotations

import html
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import ganbridge

GROUPS = {
    "Train": ["fit", "Config", "FittedGan"],
    "Save and load": ["load", "from_bytes", "BadFileError"],
    "Evaluate": ["evaluate", "Report", "report", "pool"],
    "Plot": [
        *("plot_compare", "plot_waves", "plot_images", "plot_losses", "plot_training", "plot_walk", "plot_blends"),
        "animate_training",
    ],
    "Data": ["make_waves", "read_idx"],
}
# Methods and attributes for users; other names without an underscore are internal.
MEMBERS = {
    "Config": ["changed", "to_dict"],
    "FittedGan": [
        *("sample", "sample_to", "sample_with_conditions", "interpolate", "impute", "log_density", "resume", "save"),
        *("to_bytes", "history", "trace", "kind", "schema", "shares"),
    ],
    "Report": ["to_frame", "summary", "plot"],
}
MADE_BY = {"FittedGan": "fit", "Report": "evaluate"}  # classes that users do not construct
SECTIONS = {
    "Args": "Arguments",
    "Attributes": "Attributes",
    "Returns": "Value",
    "Raises": "Errors",
    "Examples": "Examples",
}
STYLE = """
:root{color-scheme:light dark;--page:#fff;--text:#1c2024;--soft:#5b636b;--line:#d8dce0;--card:#f5f6f8;--link:#0062a3}
@media(prefers-color-scheme:dark){:root{--page:#15181b;--text:#e6e8ea;--soft:#a2abb3;--line:#363c42;--card:#1f2428;
--link:#66b3f0}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
a{color:var(--link)}code,pre{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.9em}
code{background:var(--card);padding:.05em .25em;border-radius:.25em}
pre{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;overflow-x:auto;
line-height:1.45}
pre code{background:none;padding:0}
main{max-width:70rem;margin:0 auto;padding:0 1rem 3rem;display:grid;grid-template-columns:13rem minmax(0,1fr);gap:2rem}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;padding:1.5rem 0;font-size:.92rem}
nav ul{list-style:none;margin:0 0 1rem;padding:0}nav b{display:block;color:var(--soft);font-weight:600}
h1{font-size:1.7rem;margin:1.5rem 0 .25rem}h2{font-size:1.3rem;margin:3rem 0 0;color:var(--soft);font-weight:600}
section{border-top:1px solid var(--line);margin-top:1.5rem}h3{font-size:1.15rem;margin:1.25rem 0 .5rem}
h4{font-size:1rem;margin:1.5rem 0 .25rem}h5{font-size:.92rem;margin:1rem 0 .25rem;color:var(--soft)}
p{margin:.5rem 0;max-width:48rem}.member{margin-left:1.25rem}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.35rem 1.25rem;margin:.5rem 0;max-width:52rem}
dd{margin:0}
@media(max-width:48rem){main{display:block}nav{position:static;max-height:none;padding:1rem 0 0}
nav ul{display:flex;flex-wrap:wrap;gap:0 1rem}dl{display:block}dd{margin:0 0 .6rem 1rem}.member{margin-left:.5rem}}
"""


def public_names() -> list[str]:
    """The names that must be on the page."""
    return [name for name in ganbridge.__all__ if not name.startswith("__")]


def prose(text: str) -> str:
    """A paragraph as HTML: `code`, and public names in it as links."""
    known = set(public_names())

    def code(found: re.Match[str]) -> str:
        shown = found.group(1)
        name = re.sub(r"^(ganbridge|gan)\.|\(.*$", "", shown)
        place = f"FittedGan.{name}" if shown.startswith("gan.") and name in MEMBERS["FittedGan"] else name
        tagged = f"<code>{shown}</code>"
        return f'<a href="#{place}">{tagged}</a>' if place in known or place != name else tagged

    return re.sub(r"`([^`]+)`", code, html.escape(text, quote=False))


def blocks(text: str) -> Iterator[str]:
    """Paragraphs and, where lines start with >>>, code."""
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.lstrip().startswith(">>>"):
            yield f"<pre><code>{html.escape(inspect.cleandoc(block))}</code></pre>"
        elif block.strip():
            yield f"<p>{prose(' '.join(block.split()))}</p>"


def entries(text: str) -> Iterator[tuple[str, str]]:
    """`name: what it is`, each with its indented continuation."""
    for block in re.split(r"\n(?=\S)", inspect.cleandoc(text)):
        name, found, what = block.partition(": ")
        yield (name, " ".join(what.split())) if found else ("", " ".join(block.split()))


def definitions(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and their descriptions."""
    lines = [f"<dt><code>{html.escape(name)}</code></dt><dd>{prose(what)}</dd>" for name, what in pairs]
    return f"<dl>{''.join(lines)}</dl>"


def docstring(thing: Any) -> Iterator[str]:
    """A docstring with sections in Google's style."""
    text = inspect.getdoc(thing) or ""
    parts = re.split(rf"^({'|'.join(SECTIONS)}):\n", text, flags=re.MULTILINE)
    yield from blocks(parts[0])
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        yield f"<h5>{SECTIONS[title]}</h5>"
        if title in ("Returns", "Examples"):
            yield from blocks(inspect.cleandoc(body))
            continue
        yield definitions(entries(body))


def signature(name: str, thing: Callable[..., Any], *, of_class: bool = False) -> str:
    """The call, broken into lines where it is long."""
    shape = inspect.signature(thing)
    arguments = [value for key, value in shape.parameters.items() if not (of_class and key == "self")]
    words, starred = [], False
    for argument in arguments:
        if argument.kind is argument.KEYWORD_ONLY and not starred:
            words.append("*")
            starred = True
        annotation = "" if argument.annotation in (argument.empty, "Any") else f": {argument.annotation}"
        equals = " = " if annotation else "="
        default = "" if argument.default is argument.empty else f"{equals}{argument.default!r}"
        words.append(f"{argument.name}{annotation}{default}")
    back = "" if shape.return_annotation in (shape.empty, "None") else f" -> {shape.return_annotation}"
    line = f"{name}({', '.join(words)}){back}"
    if len(line) > 90:
        line = f"{name}(\n" + "".join(f"    {word},\n" for word in words) + f"){back}"
    return f"<pre><code>{html.escape(line, quote=False)}</code></pre>"


def members(name: str, thing: type) -> Iterator[str]:
    """The methods and properties of a class that users need."""
    for key in MEMBERS.get(name, []):
        member = inspect.getattr_static(thing, key)
        call = "" if isinstance(member, property) else "()"
        yield f'<div class="member"><h4 id="{name}.{key}">.{key}{call}</h4>'
        if call:
            function = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
            yield signature(f".{key}", function, of_class=True)
        yield from docstring(member)
        yield "</div>"


def entry(name: str) -> Iterator[str]:
    """The section of one public name."""
    thing = getattr(ganbridge, name)
    yield f'<section id="{name}"><h3>ganbridge.{name}</h3>'
    if not inspect.isclass(thing):
        yield signature(f"ganbridge.{name}", thing)
    elif name in MADE_BY:
        yield f"<p>{prose(f'Returned by `{MADE_BY[name]}`.')}</p>"
    yield from docstring(thing)
    options = [field for field in fields(thing) if "doc" in field.metadata] if is_dataclass(thing) else []
    if options:
        yield "<h5>Arguments, by name only</h5>"
        yield definitions((option.name, option.metadata["doc"]) for option in options)
    if inspect.isclass(thing):
        yield from members(name, thing)
    yield "</section>"


def page(start: str) -> str:
    """The page; start: the path of the start page of the site."""
    lists, body = [], []
    for group, names in GROUPS.items():
        items = "".join(f'<li><a href="#{name}">{name}</a></li>' for name in names)
        lists.append(f"<b>{group}</b><ul>{items}</ul>")
        body.append(f"<h2>{group}</h2>")
        body.extend(line for name in names for line in entry(name))
    intro = "".join(blocks(inspect.getdoc(ganbridge) or ""))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>ganbridge for Python</title><style>{STYLE}</style></head><body><main>
<nav><p><a href="{html.escape(start)}">ganbridge</a> {ganbridge.__version__}</p>{"".join(lists)}</nav>
<div><h1>ganbridge for Python</h1>{intro}
<p>The reference of the R package is on <a href="{html.escape(start)}">the other pages of this site</a>.</p>
{chr(10).join(body)}
</div></main></body></html>
"""


def main(folder: str, start: str = "../index.html") -> None:
    """Write the page into the folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "index.html").write_text(page(start), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
