"""Dead links of the HTML files in a folder: relative links to missing files, and to missing anchors.

Also resources that pages load from other hosts: scripts, styles, images. Links to other hosts are allowed.

Usage: python tools/check_links.py FOLDER
"""

from __future__ import annotations

import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect links, pictures, scripts and styles; ids and names."""
        for key, value in attrs:
            if key in ("href", "src") and value is not None and (tag, key) != ("base", "href"):
                self.links.append(value)
                if key == "src" or tag == "link":
                    self.loaded.append(value)
            elif value and (key == "id" or (key, tag) == ("name", "a")):
                self.places.add(value)


@cache
def parsed(path: Path) -> Page:
    """The page in a file."""
    return Page(path.read_text(encoding="utf-8"))


def dead_links(folder: Path) -> list[str]:
    """Messages about dead links within the folder."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        for link in parsed(path).links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue  # another site, or data inside the page
            target = path if not parts.path else path.parent / unquote(parts.path)
            if parts.path.startswith("/"):
                found.append(f"{path.relative_to(folder)}: {link} starts at the root of a server")
                continue
            if target.is_dir():
                target = target / "index.html"
            place = unquote(parts.fragment)
            if not target.is_file():
                found.append(f"{path.relative_to(folder)}: {link} does not exist")
            elif place and place != "top" and target.suffix == ".html" and place not in parsed(target).places:
                found.append(f"{path.relative_to(folder)}: {link} has no such anchor")
    return found


def foreign_loads(folder: Path) -> list[str]:
    """Messages about resources that pages and styles load from other hosts."""
    found = []
    for path in sorted(folder.rglob("*.html")):
        loaded = [link for link in parsed(path).loaded if not link.startswith("data:")]
        found += [
            f"{path.relative_to(folder)}: loads {link}"
            for link in loaded
            if urlsplit(link).scheme or urlsplit(link).netloc
        ]
    for path in sorted(folder.rglob("*.css")):
        links = re.findall(r"(?:url\(|@import )[\"']?((?:https?:)?//[^\"')\s]+)", path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(folder)}: loads {link}" for link in links]
    return found


if __name__ == "__main__":
    site = Path(sys.argv[1]).resolve()
    dead, foreign = dead_links(site), foreign_loads(site)
    pages = len(list(site.rglob("*.html")))
    print("\n".join([*dead, *foreign, f"{pages} pages, {len(dead)} dead links, {len(foreign)} loads from elsewhere"]))
    sys.exit(bool(dead or foreign))
