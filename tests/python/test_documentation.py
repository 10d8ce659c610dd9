"""The reference has every public name and no dead link; README, vignettes and help pages refer to what exists."""

from __future__ import annotations

import doctest
import importlib.util
import inspect
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

import ganbridge

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {path.stem for path in (ROOT / "vignettes").glob("*.Rmd")}  # with the R package; the others on its site
VIGNETTES = {
    path.stem: path.read_text(encoding="utf-8")
    for folder in ("vignettes", "vignettes/articles")
    for path in (ROOT / folder).glob("*.Rmd")
}
PAGES = {
    **{name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", "NEWS.md")},
    **{f"vignettes/{name}.Rmd": text for name, text in VIGNETTES.items()},
    **{f"r_wrapper/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "r_wrapper").glob("*.R")},
}


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text('<a href="python/index.html#Config">Python</a>', encoding="utf-8")
    tool("python_reference").main(str(folder / "python"))
    return folder


def test_the_reference_has_no_dead_link(reference):
    assert tool("check_links").dead_links(reference) == []
    assert tool("check_links").foreign_loads(reference) == []


def test_the_reference_holds_every_public_name_once(reference):
    page = (reference / "python" / "index.html").read_text(encoding="utf-8")
    shown = re.findall(r'<section id="(\w+)">', page)
    assert sorted(shown) == sorted(name for name in ganbridge.__all__ if not name.startswith("__"))


def test_the_reference_explains_every_argument(reference):
    page = (reference / "python" / "index.html").read_text(encoding="utf-8")
    sections = dict(re.findall(r'<section id="(\w+)">(.*?)</section>', page, flags=re.DOTALL))
    for name in ganbridge.__all__:
        thing = getattr(ganbridge, name)
        if inspect.isfunction(thing) and len(inspect.signature(thing).parameters) > 1:
            explained = set(re.findall(r"<dt><code>(.*?)</code>", sections[name]))
            wanted = set(inspect.signature(thing).parameters)
            assert wanted <= {word for entry in explained for word in entry.split(", ")}, name


@pytest.mark.parametrize("name", [name for name in ganbridge.__all__ if not name.startswith("__")])
def test_every_public_name_has_an_example_that_runs(name, tmp_path, monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    thing = getattr(ganbridge, name)
    example = doctest.DocTestParser().get_doctest(inspect.getdoc(thing), {}, name, None, None)
    assert example.examples
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert not said, "".join(said)


def test_every_help_page_of_r_has_an_example():
    pages = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "man").glob("*.Rd")}
    assert [name for name, text in pages.items() if "\\examples{" not in text] == []


def test_dead_links_are_detected(tmp_path):
    page = (
        '<p id="here"><a href="#here">a</a><a href="#there">b</a><a href="gone.html">c</a><a href="https://x.y">d</a>'
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    found = tool("check_links").dead_links(tmp_path)
    assert found == ["page.html: #there has no such anchor", "page.html: gone.html does not exist"]


def test_external_resources_are_detected(tmp_path):
    page = '<link href="https://x.y/a.css"><script src="//x.y/b.js"></script><img src="c.png"><img src="data:,A">'
    (tmp_path / "page.html").write_text(f'{page}<a href="https://x.y">d</a>', encoding="utf-8")
    (tmp_path / "style.css").write_text(
        "a{background:url('https://x.y/e.png')}b{background:url(f.png)}", encoding="utf-8"
    )
    assert tool("check_links").foreign_loads(tmp_path) == [
        "page.html: loads https://x.y/a.css",
        "page.html: loads //x.y/b.js",
        "style.css: loads https://x.y/e.png",
    ]


def test_the_site_can_be_searched_without_other_hosts(tmp_path):
    page = (
        "<html><head><title>Waves • ganbridge</title></head><body><nav>Menu</nav><h1>Waves</h1><p>Two families.</p>"
        '<div id="collapse"><h2>Mode collapse</h2><p>One family only.</p></div></body></html>'
    )
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "waves.html").write_text(page, encoding="utf-8")
    tool("site_search").main(str(tmp_path))
    entries = json.loads((tmp_path / "search-index.js").read_text(encoding="utf-8")[len("window.siteIndex=") : -2])
    assert entries == [
        ["articles/waves.html", "", "Waves", "", "Two families."],
        ["articles/waves.html", "collapse", "Waves", "Mode collapse", "One family only."],
    ]
    assert '<script src="../search.js" data-root="../">' in (tmp_path / "articles" / "waves.html").read_text()
    assert tool("check_links").dead_links(tmp_path) == []
    assert tool("check_links").foreign_loads(tmp_path) == []


def test_links_between_files_are_valid():
    for name, text in PAGES.items():
        if name.endswith(".md"):
            for target in re.findall(r"\]\(([^)#\s]+)", text):
                assert "://" in target or (ROOT / target).exists(), f"{name}: {target}"


def test_vignettes_that_are_named_exist():
    named = {(name, vignette) for name, text in PAGES.items() for vignette in re.findall(r'vignette\("(\w+)"', text)}
    assert {vignette for _, vignette in named} <= SHIPPED, named


def test_help_pages_that_vignettes_name_exist():
    exports = set(re.findall(r"^export\((\w+)\)", (ROOT / "NAMESPACE").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for name, text in VIGNETTES.items():
        called = set(re.findall(r"\b((?:gan|plot)_\w+|install_ganbridge|animate_training|read_idx)\(", text))
        unknown = called - exports - set(re.findall(r"^(\w+) <- function", text, flags=re.MULTILINE))
        assert unknown <= set(ganbridge.__all__), (name, unknown)


def test_every_export_and_vignette_is_on_the_site():
    site = (ROOT / "_pkgdown.yml").read_text(encoding="utf-8")
    topics = {path.stem for path in (ROOT / "man").glob("*.Rd")}
    assert {topic for topic in topics if not re.search(rf"(?<![\w.]){re.escape(topic)}(?![\w.])", site)} == set()
    assert {vignette for vignette in VIGNETTES if not re.search(rf"\b{vignette}\b", site)} == set()


def test_every_vignette_has_the_note_on_missing_python():
    for name, text in VIGNETTES.items():
        assert f'```{{r child = "{"" if name in SHIPPED else "../"}children/_setup.Rmd"}}' in text, name


def test_three_vignettes_ship_and_are_prebuilt():
    """pak and remotes build no vignettes, and install those that `make vignettes` wrote."""
    assert sorted(SHIPPED) == ["ganbridge", "python", "trust"]
    for name in SHIPPED:
        page = (ROOT / "inst" / "doc" / f"{name}.html").read_text(encoding="utf-8")
        assert "built without the Python modules" not in page
    assert (ROOT / "build" / "vignette.rds").exists()
