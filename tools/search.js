// The search of the site: a box in the navigation, and the sections that hold all words, best first. No other host is asked.
(function () {
  "use strict";
  var MOST = 12;
  var root = document.currentScript.getAttribute("data-root");
  var index = window.siteIndex; // [page, anchor, title, heading, text] of each section, by tools/site_search.py

  function wordsOf(text) {
    return text.toLowerCase().split(/[^\p{L}\p{N}_.]+/u).filter(Boolean);
  }

  function score(section, words) {
    var title = section[2].toLowerCase(), heading = section[3].toLowerCase(), text = section[4].toLowerCase();
    var sum = 0;
    for (var i = 0; i < words.length; i++) {
      var word = words[i];
      var found = 8 * (title === word) + 4 * title.includes(word) + 3 * heading.includes(word);
      found += Math.min(3, text.split(word).length - 1);
      if (!found) return 0;
      sum += found;
    }
    return sum;
  }

  function search(query) {
    var words = wordsOf(query);
    if (!words.length) return [];
    return index
      .map(function (section) { return [score(section, words), section]; })
      .filter(function (pair) { return pair[0] > 0; })
      .sort(function (a, b) { return b[0] - a[0]; })
      .slice(0, MOST)
      .map(function (pair) { return pair[1]; });
  }

  function around(text, word) {
    var at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
    return (at ? "... " : "") + text.slice(at, at + 110);
  }

  function show(list, query) {
    list.textContent = "";
    var found = search(query);
    found.forEach(function (section) {
      var item = document.createElement("li"), link = document.createElement("a"), text = document.createElement("small");
      link.href = root + section[0] + (section[1] ? "#" + section[1] : "");
      link.textContent = section[2] + (section[3] && section[3] !== section[2] ? ": " + section[3] : "");
      text.textContent = around(section[4], wordsOf(query)[0]);
      item.append(link, document.createElement("br"), text);
      list.append(item);
    });
    if (query.trim() && !found.length) list.append("Nothing found.");
    list.hidden = !query.trim();
  }

  var box = document.createElement("div"), input = document.createElement("input"), list = document.createElement("ul");
  box.style.position = "relative";
  input.type = "search";
  input.placeholder = "Search";
  input.setAttribute("aria-label", "Search this site");
  input.className = "form-control";
  list.id = "search-results";
  list.style.cssText =
    "position:absolute;right:0;z-index:1050;width:min(32rem,92vw);max-height:70vh;overflow-y:auto;margin:0;padding:.5rem 1rem;" +
    "list-style:none;background:Canvas;color:CanvasText;border:1px solid GrayText;border-radius:.4rem";
  list.hidden = true;
  box.append(input, list);
  (document.getElementById("navbar") || document.querySelector("nav") || document.body).append(box);

  input.addEventListener("input", function () { show(list, input.value); });
  input.addEventListener("keydown", function (event) {
    var first = list.querySelector("a");
    if (event.key === "Enter" && first) window.location.href = first.href;
    if (event.key === "Escape") { input.value = ""; show(list, ""); }
  });
  var asked = new URLSearchParams(window.location.search).get("q");
  if (asked) { input.value = asked; show(list, asked); }
})();
