# The golden file that both languages reproduce: tests/shared/columns.json, made by columns.py beside it.

golden_columns <- function() {
  file <- testthat::test_path("..", "shared", "columns.json")
  skip_if_not(file.exists(file), "no golden file")
  jsonlite::fromJSON(file, simplifyVector = FALSE)
}

# As reticulate hands it over.
as_crossed <- function(column) {
  column$values <- array(as.double(unlist(column$values)))
  column["missing"] <- list(if (!is.null(column$missing)) array(unlist(column$missing)))
  column
}

test_that("R makes of every column what the golden file has, and the column of that", {
  for (entry in golden_columns()) {
    column <- as_crossed(entry$column)
    values <- eval(parse(text = entry$r, encoding = "UTF-8"))
    sent <- column_to_core(values, column$name)
    gone <- as.vector(if (is.null(column$missing)) FALSE else column$missing)
    expect_identical(is.na(as.vector(sent$values)), rep_len(gone, length(values)), label = column$name)
    sent$values[is.na(sent$values)] <- 0
    if (column$type == "text") {
      # The codes of missing texts are anything.
      column$values[gone] <- 0
    }
    expect_equal(sent[names(column)], column, label = column$name)
    expect_identical(column_from_core(column), values, label = column$name)
  }
})
