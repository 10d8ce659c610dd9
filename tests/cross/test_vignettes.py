"""Every vignette and article can be found and built, also without Python, and calls only public functions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "vignettes").glob("*.Rmd"))
ARTICLES = sorted((ROOT / "vignettes" / "articles").glob("*.Rmd"))  # of the site only
VIGNETTES = [*SHIPPED, *ARTICLES]
NAMES = [path.stem for path in VIGNETTES]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def r_chunks(text: str) -> str:
    return "\n".join(re.findall(r"^```\{r[^}]*\}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def known():
    """Exported names of the R package, and its help topics."""
    exports = set(re.findall(r"^export\((\w+)\)$", text_of(ROOT / "NAMESPACE"), flags=re.MULTILINE))
    aliases = re.compile(r"^\\alias\{(.+)\}$", flags=re.MULTILINE)
    topics = {name for page in (ROOT / "man").glob("*.Rd") for name in aliases.findall(text_of(page))}
    return exports, topics


@pytest.fixture(scope="module")
def internal(known):
    """Functions of the R package that users may not call."""
    defined = re.compile(r"^([\w.]+) <- function", flags=re.MULTILINE)
    names = {name for path in (ROOT / "r_wrapper").glob("*.R") for name in defined.findall(text_of(path))}
    return names - known[0]


@pytest.mark.parametrize("path", VIGNETTES, ids=NAMES)
def test_it_has_an_index_entry_and_starts_with_the_guard(path):
    _, head, body = text_of(path).split("---\n", 2)
    title = re.search(r'^title: "(.+)"$', head, flags=re.MULTILINE)
    entry = re.search(r"^  %\\VignetteIndexEntry\{(.+)\}$", head, flags=re.MULTILINE)
    assert title
    assert entry
    assert title[1] == entry[1]
    assert r"%\VignetteEngine{knitr::rmarkdown}" in head
    above = "" if path in SHIPPED else "../"
    assert body.lstrip().startswith(f'```{{r child = "{above}children/_setup.Rmd"}}\n```\n')


@pytest.mark.parametrize("path", VIGNETTES, ids=NAMES)
def test_its_code_calls_no_internal_function(path, known, internal):
    code = re.sub(r"#.*", "", r_chunks(text_of(path)))
    exports, _ = known
    assert "ganbridge:::" not in code
    assert set(re.findall(r"\bganbridge::(\w+)", code)) <= exports
    defined = set(re.findall(r"^\s*([\w.]+) <- function", code, flags=re.MULTILINE))
    # Methods are called by the name of the generic.
    called = set(re.findall(r"(?<![\w.$:])([A-Za-z.][\w.]*)\(", code)) - defined
    assert not called & internal


@pytest.mark.parametrize("path", VIGNETTES, ids=NAMES)
def test_its_text_names_only_help_pages_and_vignettes_that_exist(path, known):
    text = text_of(path)
    exports, topics = known
    assert set(re.findall(r"`\?([\w.]+)`", text)) <= topics
    ours = set(re.findall(r"`((?:gan|plot)_\w+|animate_training|install_ganbridge)\(", text))
    assert ours <= exports
    assert set(re.findall(r'vignette\("(\w+)"', text)) <= {shipped.stem for shipped in SHIPPED}
    assert set(re.findall(r"\]\((\w+)\.html\)", text)) <= set(NAMES)


def test_their_code_parses(rscript, tmp_path):
    for path in VIGNETTES:
        (tmp_path / f"{path.stem}.code").write_text(r_chunks(text_of(path)), encoding="utf-8")
    printed = rscript('for (file in Sys.glob("*.code")) cat(length(parse(file, encoding = "UTF-8")) > 0, "")')
    assert printed.split() == ["TRUE"] * len(VIGNETTES)


def test_without_python_they_are_built_with_a_note(rscript, monkeypatch):
    monkeypatch.setenv("RETICULATE_PYTHON", str(ROOT / "no-such-python"))
    printed = rscript(f"""
        for (file in Sys.glob(file.path({str(ROOT / "vignettes")!r}, c("*.Rmd", "articles/*.Rmd")))) {{
          page <- file.path(getwd(), paste0(basename(file), ".md"))
          knitr::opts_chunk$restore()
          knitr::opts_knit$set(root.dir = dirname(file))
          knitr::knit(file, page, quiet = TRUE, envir = new.env())
          lines <- readLines(page, encoding = "UTF-8")
          noted <- sum(grepl("built without the Python modules that ganbridge needs", lines, fixed = TRUE))
          cat(noted, sum(grepl("^(#>|##) Error", lines)), "")
        }}
    """)
    assert printed.split() == ["1", "0"] * len(VIGNETTES)
