# The R part of the site, into site/: help with the output of its examples, and all vignettes with their results.
options(pkgdown.internet = FALSE) # otherwise pkgdown queries CRAN, and waits for it

package <- pkgdown::as_pkgdown(".")
unlink(package$dst_path, recursive = TRUE)
pkgdown::init_site(package)
pkgdown::build_home(package, preview = FALSE)
pkgdown::build_reference(package, preview = FALSE)
pkgdown::build_articles(package, preview = FALSE)
pkgdown::build_news(package, preview = FALSE)

# Links of the README and CONTRIBUTING to files of the repository, and the pages of the site that replace them
moved <- c(
  "python_pkg/ganbridge/config\\.py" = "python/index.html#Config",
  "vignettes/(articles/)?([a-z]+)\\.Rmd" = "articles/\\2.html",
  "NEWS\\.(html|md)" = "news/index.html",
  "CITATION\\.cff" = "authors.html"
)
for (file in file.path(package$dst_path, c("index.html", "CONTRIBUTING.html"))) {
  page <- readLines(file, encoding = "UTF-8")
  for (link in names(moved)) {
    page <- gsub(sprintf("href=\"%s\"", link), sprintf("href=\"%s\"", moved[[link]]), page)
  }
  writeLines(page, file, useBytes = TRUE)
}

# Pages of pkgdown load scripts and icons from other hosts, for its own script and its search. All of these are removed.
# The table of contents, which such a script generates, is generated here, and tools/site_search.py adds a search, so
# that the site can be read and searched offline.
foreign <- paste(
  "//script[starts-with(@src, 'http') or starts-with(@src, 'file:') or contains(@src, 'pkgdown.js')]",
  "//head/link[@rel = 'stylesheet' and starts-with(@href, 'http')]",
  "//head/comment()", # what old browsers would load
  "//form[@role = 'search']",
  sep = " | "
)
contents_of <- function(headings) {
  link <- function(heading) {
    words <- htmltools::htmlEscape(trimws(xml2::xml_text(heading)))
    sprintf("<li><a class=\"nav-link\" href=\"#%s\">%s</a></li>", xml2::xml_attr(heading, "id"), words)
  }
  xml2::read_xml(sprintf("<ul class=\"nav flex-column\">%s</ul>", paste(vapply(headings, link, ""), collapse = "")))
}
for (file in list.files(package$dst_path, "[.]html$", recursive = TRUE, full.names = TRUE)) {
  page <- xml2::read_html(file, encoding = "UTF-8")
  xml2::xml_remove(xml2::xml_find_all(page, foreign))
  # pandoc converts the alternative text of the README's figure to a caption.
  for (caption in xml2::xml_find_all(page, "//main//img[@alt = '']/following-sibling::*[@class = 'caption']")) {
    xml2::xml_set_attr(xml2::xml_find_first(caption, "preceding-sibling::img[1]"), "alt", xml2::xml_text(caption))
    xml2::xml_remove(caption)
  }
  headings <- xml2::xml_find_all(page, "//main//h2[@id]")
  for (place in xml2::xml_find_all(page, "//nav[@id = 'toc']")) {
    if (length(headings)) xml2::xml_add_child(place, contents_of(headings))
  }
  xml2::write_html(page, file, format = FALSE)
}
