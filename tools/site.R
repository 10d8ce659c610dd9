# The R part of the site, into site/: help with the output of its examples, and every vignette, really run.
options(pkgdown.internet = FALSE) # pkgdown would ask CRAN, and wait for it

package <- pkgdown::as_pkgdown(".")
unlink(package$dst_path, recursive = TRUE)
pkgdown::init_site(package)
pkgdown::build_home(package, preview = FALSE)
pkgdown::build_reference(package, preview = FALSE)
pkgdown::build_articles(package, preview = FALSE)
pkgdown::build_news(package, preview = FALSE)
pkgdown::build_search(package)

# What the README and CONTRIBUTING link to in the repository has its own place here.
moved <- c(
  "python_pkg/ganbridge/config\\.py" = "python/index.html#Config",
  "vignettes/([a-z]+)\\.Rmd" = "articles/\\1.html",
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
