"""The search index of the site, in the site itself: search-index.js, and search.js that reads it, in every page.

Each section (a heading with an id, and what follows it) is one entry. Usage: python tools/site_search.py FOLDER
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path

MOST = 1500  # characters of a section
SKIPPED = {"script", "style", "nav", "header", "footer", "form", "head"}
SOURCE = Path(__file__).with_name("search.js")


class Sections(HTMLParser):
    """The title of a page, and its sections: [anchor, heading, text]."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.title = ""
        self.found: list[list[str]] = [["", "", ""]]
        self._skipped = 0
        self._within = ""
        self._anchor = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start a section at a heading; an id of what encloses the heading counts as its own."""
        given = dict(attrs)
        self._skipped += tag in SKIPPED
        if tag in ("section", "div") and given.get("id"):
            self._anchor = given["id"] or ""
        if tag in ("title", "h1", "h2", "h3"):
            self._within = tag
        if tag in ("h2", "h3") and not self._skipped:
            self.found.append([given.get("id") or self._anchor, "", ""])

    def handle_endtag(self, tag: str) -> None:
        """Leave a heading, or what is skipped."""
        self._skipped -= tag in SKIPPED
        if tag == self._within:
            self._within = ""

    def handle_data(self, data: str) -> None:
        """Add text to the title, a heading or a section."""
        if self._within == "title":
            self.title += data
        elif not self._skipped and self._within != "h1":
            self.found[-1][1 if self._within in ("h2", "h3") else 2] += data


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def index_of(folder: Path) -> list[list[str]]:
    """[page, anchor, title, heading, text] of every section of every page."""
    entries = []
    for path in sorted(folder.rglob("*.html")):
        if path.name == "404.html":
            continue
        page = Sections(path.read_text(encoding="utf-8"))
        title = _plain(re.sub(r" [•·|] .*", "", _plain(page.title)))
        for anchor, heading, text in page.found:
            if _plain(heading) or _plain(text):
                name = path.relative_to(folder).as_posix()
                entries.append([name, anchor, title, _plain(heading), _plain(text)[:MOST]])
    return entries


def main(site: str) -> None:
    """Write the index and the script, and name both in every page."""
    folder = Path(site)
    entries = json.dumps(index_of(folder), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    (folder / "search-index.js").write_text(f"window.siteIndex={entries};\n", encoding="utf-8")
    shutil.copy(SOURCE, folder / "search.js")
    for path in folder.rglob("*.html"):
        root = "../" * (len(path.relative_to(folder).parts) - 1)
        scripts = (
            f'<script src="{root}search-index.js"></script><script src="{root}search.js" data-root="{root}"></script>'
        )
        page = path.read_text(encoding="utf-8")
        path.write_text(page.replace("</body>", f"{scripts}</body>"), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
