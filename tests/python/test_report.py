"""The HTML page: complete, self-contained, escaped, reproducible, and rendered by a browser."""

import base64
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config, evaluate, fit, report
from ganbridge.evaluation.digits import share_of_most
from ganbridge.evaluation.metrics import classifiers
from ganbridge.plot.draw.parts import parts_of

RNG = np.random.default_rng(4)
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
VOID = {"meta", "img", "br", "hr", "link", "input"}


def people(n):
    height = RNG.normal(170.0, 9.0, n).round(1)
    return pd.DataFrame({"height": height, "weight & <b>": (height - 100.0 + RNG.normal(0, 8, n)).round(1)})


REAL, HOLDOUT = people(120), people(60)
WAVES = ganbridge.make_waves(80, 60, seed=1)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "TREES", 8)
        table = fit(REAL, seed=1, config=Config(steps=60))
        report(table, REAL, folder / "table.html", holdout=HOLDOUT, target="height")
        report(table, REAL, folder / "again.html", holdout=HOLDOUT, target="height")
        report(fit(WAVES, kind="wave", seed=2, config=Config(steps=40)), WAVES, folder / "wave.html")
        images, labels = RNG.integers(0, 200, (60, 8, 8)).astype(np.uint8), [0, 1, 2] * 20
        small = Config(steps=10, generator_hidden=(4, 4), discriminator_hidden=(4, 4), batch_size=10)
        report(fit(images, kind="image", seed=2, config=small), images, folder / "image.html", target=labels)
        channels = np.stack([WAVES, WAVES**2], 2)
        report(fit(channels, kind="wave", seed=2, config=Config(steps=20)), channels, folder / "channels.html")
        report(fit(REAL[["height"]], seed=1, config=Config(steps=20)), REAL[["height"]], folder / "column.html")
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_templates_are_package_data():
    core = Path(ganbridge.__file__).parent
    pyproject = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"package-data\]\nganbridge = \[(.*?)\]", pyproject)[1]
    installed = {path for pattern in re.findall(r'"(.*?)"', listed) for path in core.glob(pattern)}
    others = {path for path in core.rglob("*.*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
    assert others == installed
    assert {"report.html", "report.css", "report.js", "notebook.html", "verdict.html"} <= {path.name for path in others}


class Structure(HTMLParser):
    """Tags that are opened and closed in order, attributes of images and of their parts, the text, and scripts."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.images, self.parts, self.text, self.scripts = [], [], [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))
        if ("class", "part") in attrs:
            self.parts.append(dict(attrs)["title"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        elif self.open and self.open[-1] != "style":
            self.text.append(data)


@pytest.mark.parametrize("name", ["table", "wave", "channels", "image", "column"])
def test_a_page_is_well_formed_and_self_contained(pages, name):
    page = pages[name]
    structure = Structure(page)
    assert structure.open == []
    (script,) = structure.scripts
    assert "<script>" in page  # without attributes, such as where it is loaded from
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none';img-src data:;style-src 'unsafe-inline';script-src 'sha256-{allowed}'\"" in page
    assert not re.search(r"https?://|url\(|@import|<link|\bon\w+=", page)
    assert 'name="viewport" content="width=device-width' in page
    assert "prefers-color-scheme:dark" in page
    assert len(structure.images) == {"table": 4, "wave": 3, "channels": 3, "image": 3, "column": 3}[name]
    for image in structure.images:
        assert image["src"].startswith("data:image/png;base64,")
        assert image["alt"]
    assert page.count("<table") == page.count('<div class="box"><table')  # each table scrolls in a separate box


def test_every_section_and_every_plot_exists(pages):
    text = " ".join(Structure(pages["table"]).text)
    for title in ("In short", "What was trained", "Plots", "Does each column", "Do columns depend", "Do whole rows"):
        assert title in text
    for title in (
        "Can models be trained",
        "Do they avoid disclosing training rows?",
        "All settings",
        "discriminator_lr",
    ):
        assert title in text
    assert "120 generated and 120 real rows, 60 held out" in text
    gan = fit(REAL, seed=1, config=Config(steps=60))
    for name, words in gan.facts(whole=True):
        assert name in text
        assert words in text, name
    for finding in gan.diagnosis:
        assert finding in text
    metrics = set(evaluate(gan, REAL, holdout=HOLDOUT, target="height").to_frame()["metric"])
    assert all(metric in text for metric in metrics)
    assert "Can models be" not in " ".join(Structure(pages["wave"]).text)


def test_pages_say_that_they_show_real_rows(pages):
    assert "show real rows beside the generated ones, some of them at their own values" in pages["table"]
    assert "show real waves beside" in pages["wave"]


def test_names_are_escaped(pages):
    assert "<b>" not in pages["table"]
    assert "weight &amp; &lt;b&gt;" in pages["table"]


def test_the_same_arguments_give_the_same_bytes(pages):
    assert pages["table"] == pages["again"]


def test_the_path_is_checked_first(tmp_path, monkeypatch):
    gan = fit(REAL, seed=1, config=Config(steps=5))
    monkeypatch.setattr(
        "ganbridge.evaluation.reporting.evaluate_fit", lambda *_, **__: pytest.fail("evaluated before the error")
    )
    with pytest.raises(OSError, match="`file` must lie in a folder that exists"):
        report(gan, REAL, tmp_path / "nowhere" / "report.html")
    with pytest.raises(TypeError, match="`fit` must be a fit made by"):
        report(REAL, REAL, tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []


def in_browser(page, tmp_path):
    """Measures of the page in a browser, with the width of a phone and of a desktop, and what it does when used."""
    frames = "".join(
        f'<iframe width="{width}" height="900" srcdoc="{html.escape(page)}"></iframe>' for width in (390, 1400)
    )
    script = """
        const used = (view, inside) => {
          const table = inside.querySelector(".findings"), button = table.querySelectorAll("th button")[3];
          const values = () => [...table.tBodies[0].rows].map(row => Number(row.cells[3].dataset.value));
          const orders = [values()];
          for (let i = 0; i < 3; i++) {
            button.click();
            orders.push(values());
          }
          const choice = table.parentElement.previousElementSibling.querySelector("select");
          const phone = choice.getBoundingClientRect().width > 0;
          choice.selectedIndex = 4;
          choice.dispatchEvent(new view.Event("change"));
          orders.push(values());
          const part = inside.querySelector(".part"), box = part?.getBoundingClientRect();
          const tip = inside.querySelector("#tip");
          const words = part?.title, before = tip.hidden;
          const at = { bubbles: true, clientX: box?.x, clientY: 300 };
          part?.dispatchEvent(new view.PointerEvent("pointermove", at));
          const tipped = tip.getBoundingClientRect();
          const shown = { words: tip.textContent, hidden: tip.hidden, left: tipped.left, right: tipped.right };
          inside.body.dispatchEvent(new view.PointerEvent("pointermove", at));
          return { orders, phone, words, before, shown, after: tip.hidden, title: part?.hasAttribute("title") };
        };
        addEventListener("load", () => {
          const found = [...document.querySelectorAll("iframe")].map(frame => {
            const inside = frame.contentDocument, root = inside.documentElement;
            return {
              images: [...inside.images].map(image => [image.naturalWidth, image.getBoundingClientRect().width]),
              overflow: root.scrollWidth - root.clientWidth,
              tables: [...inside.querySelectorAll(".box")].map(box => box.scrollWidth - box.clientWidth),
              size: parseFloat(frame.contentWindow.getComputedStyle(inside.body).fontSize),
              ...used(frame.contentWindow, inside),
            };
          });
          document.getElementById("found").textContent = JSON.stringify(found);
        });
    """
    wrapper = tmp_path / "wrapper.html"
    wrapper.write_text(f'<!DOCTYPE html><pre id="found"></pre>{frames}<script>{script}</script>', encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    command += ["--virtual-time-budget=10000", "--dump-dom", wrapper.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)[1]))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium was found; tools/setup-system.sh chromium installs it")
@pytest.mark.parametrize("name", ["table", "wave"])
def test_a_browser_shows_every_plot_and_no_page_scrolls_sideways(pages, name, tmp_path):
    phone, desktop = in_browser(pages[name], tmp_path)
    for seen in (phone, desktop):
        assert len(seen["images"]) == len(Structure(pages[name]).images)
        for natural, shown in seen["images"]:
            assert natural > 300
            assert shown > 300
        assert seen["overflow"] <= 0
        assert seen["size"] >= 16
    assert phone["tables"][0] <= 0  # how many values are clearly worse is seen without scrolling
    assert max(desktop["tables"][:2]) <= 0


@pytest.mark.skipif(BROWSER is None, reason="no Chromium was found; tools/setup-system.sh chromium installs it")
@pytest.mark.parametrize("name", ["table", "wave"])
def test_a_table_that_is_too_wide_scrolls_in_its_box(pages, name, tmp_path):
    cell = '<td class="question">'
    assert cell in pages[name]
    phone, _ = in_browser(pages[name].replace(cell, cell + 60 * "wide", 1), tmp_path)
    assert phone["tables"][0] > 0
    assert phone["overflow"] <= 0


@pytest.mark.skipif(BROWSER is None, reason="no Chromium was found; tools/setup-system.sh chromium installs it")
def test_tables_are_sorted_and_plots_tell_what_lies_under_the_pointer(pages, tmp_path):
    for seen, width in zip(in_browser(pages["table"], tmp_path), (390, 1400), strict=True):
        first, rising, falling, again, chosen = seen["orders"]
        assert len(first) > 1
        assert rising == sorted(first)
        assert falling == chosen == sorted(first, reverse=True)
        assert again == first
        assert seen["phone"] == (width == 390)  # rows without a head are sorted by a choice
        assert seen["before"]
        assert seen["after"]
        assert seen["words"].startswith("height ")
        assert seen["shown"]["words"] == seen["words"]
        assert not seen["shown"]["hidden"]
        assert not seen["title"]  # or the browser would show the same words, too
        assert 0 <= seen["shown"]["left"] <= seen["shown"]["right"] <= width


def test_plots_have_words_without_a_script(pages):
    parts = Structure(pages["table"]).parts
    assert any(re.fullmatch(r"height \S+ to \S+: real \S+%, generated \S+%", words) for words in parts)
    assert any(re.fullmatch(r"epoch \S+: generator \S+, discriminator \S+", words) for words in parts)
    assert any(re.search(r": \S+, real beside real \S+$", words) for words in parts)
    shares = [float(words.split("real ")[1].split("%")[0]) for words in parts if words.startswith("height ")]
    assert sum(shares) == pytest.approx(100.0, abs=0.5)


def test_parts_lie_where_the_plot_shows_them():
    levels = pd.DataFrame({"level": pd.Categorical(["a"] * 60 + ["b"] * 40), "x": np.arange(100.0)})
    figure = ganbridge.plot_compare(levels, levels)
    figure.savefig(io.BytesIO(), dpi=50)
    boxes = {part.words: part for part in parts_of(figure)}
    a, b = (boxes[f"level {name}: real {share}%, generated {share}%"] for name, share in (("a", 60), ("b", 40)))
    assert a.top < b.top
    assert a.left == b.left
    assert all(part.left >= 0 and part.left + part.width <= 100.1 for part in boxes.values())
    pairs = ganbridge.plot_compare(levels[:65], levels, by="pair")
    pairs.savefig(io.BytesIO(), dpi=50)
    words = [part.words for part in parts_of(pairs)]
    assert "level a, real: x lower quartile 14.75, median 29.5, upper quartile 44.25" in words
    assert not any(word.startswith("level b, generated") for word in words)  # five rows: their quartiles are values


def test_relations_and_identifiers_are_listed(tmp_path):
    rng = np.random.default_rng(1)
    a, b = rng.gamma(2.0, 10.0, (2, 120)).round(1)
    names = {f"id{i}": [f"P{number}" for number in rng.choice(10**6, 120, replace=False)] for i in range(4)}
    data = pd.DataFrame({**names, "a": a, "b": b, "total": (a + b).round(1)})
    gan = fit(data, seed=1)
    assert [relation["words"] for relation in gan.relations] == ["total = a + b"]
    report(gan, data, tmp_path / "report.html")
    text = " ".join(" ".join(Structure((tmp_path / "report.html").read_text(encoding="utf-8")).text).split())
    assert "total = a + b 100% always" in text
    assert all(words in text for words in gan.identifiers.words())
    assert len(gan.identifiers.words()) == 4
    assert share_of_most(0.9999) == "99.9%"
