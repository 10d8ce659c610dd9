# Runs lintr on all R code, with the rules in .lintr (tests have different ones); fails if it finds anything.
found <- unlist(lapply(c("r_wrapper", "tests/testthat", "tools", "data-raw", "vignettes"), \(folder) {
  lapply(lintr::lint_dir(folder, relative_path = FALSE), \(lint) {
    path <- substring(lint$filename, nchar(normalizePath(".")) + 2)
    sprintf("%s:%d: %s [%s]", path, lint$line_number, lint$message, lint$linter)
  })
}))
writeLines(c(found, if (is.null(found)) "lintr: nothing found"))
quit(status = length(found) > 0)
