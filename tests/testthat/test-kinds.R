test_that("all kinds except tables have all parts", {
  fields <- names(kind_parts("wave"))
  for (kind in setdiff(kind_names, "table")) {
    parts <- kind_parts(kind)
    expect_named(parts, fields, info = kind)
    for (name in setdiff(fields, c("rows", "column", "has_rate"))) expect_true(is.function(parts[[name]]), info = name)
  }
  expect_identical(vapply(kind_names, has_rate, NA), c(table = FALSE, wave = TRUE, image = FALSE))
})

test_that("a kind without its function is refused by name", {
  expect_error(kind_parts("sound"), "^kind_sound\\(\\) must be defined in kinds.R", class = "ganbridge_error")
})
