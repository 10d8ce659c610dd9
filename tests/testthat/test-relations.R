# What holds between the columns of a table in every training row holds in every generated one.

related_table <- function(n = 400) {
  i <- seq_len(n)
  city <- (i * 7919) %% 12
  day <- as.Date("2022-01-01") + (i * 104729) %% 900
  a <- round(20 + 10 * sin(i * 12.9898), 1)
  b <- round(9 + 5 * cos(i * 78.233), 1)
  out <- (i * i) %% 7 < 3
  data.frame(
    city = paste0("c", city), country = factor(paste0("L", city %/% 3)), day = day,
    at = as.POSIXct(format(day), tz = "UTC") + 30000 + (i * 331) %% 20000,
    a = a, b = b, `all of it` = round(a + b, 1),
    status = ifelse(out, "out", "in"), left = replace(day + 30, !out, NA),
    check.names = FALSE
  )
}

related_fit <- function() fit_once("related", \() gan_fit(related_table(), seed = 1))

kept_relations <- c(
  "`day` is the day of at", "left = `day` + 30 days", "`all of it` = a + b", "city determines country",
  "left is missing where status = 'in'"
)

expect_related <- function(rows) {
  expect_identical(as.Date(rows$at, tz = "UTC"), rows$day)
  expect_equal(rows[["all of it"]], rows$a + rows$b, tolerance = 1e-9)
  expect_identical(as.character(rows$country), paste0("L", as.integer(sub("c", "", rows$city)) %/% 3))
  expect_identical(is.na(rows$left), rows$status == "in")
  expect_true(all(rows$left - rows$day == 30, na.rm = TRUE))
}

test_that("relations are listed, printed, and hold in samples", {
  fit <- related_fit()
  expect_setequal(fit$relations$words, kept_relations)
  expect_true(all(fit$relations$enforced))
  expect_identical(fit$relations$holds, rep(1, 5))
  expect_identical(fit$relations$columns[[which(fit$relations$kind == "determined")]], c("city", "country"))
  expect_match(format(fit), "always .*city determines country", all = FALSE)
  shown <- gsub(" +", " ", paste(format(summary(fit, n = 100)), collapse = " "))
  for (relation in c("always: ", kept_relations)) expect_match(shown, relation, fixed = TRUE)
  expect_identical(summary(fit, n = 100)$relations, fit$relations)
  rows <- gan_sample(fit, 5000, seed = 1)
  expect_identical(lapply(rows, class), lapply(related_table(), class))
  expect_related(rows)
})

test_that("they hold for what is asked for, and in imputed rows", {
  fit <- related_fit()
  rows <- gan_sample(fit, 20, given = list(country = "L2", `all of it` = gan_range(20, 35)), seed = 1)
  expect_true(all(rows$country == "L2" & rows[["all of it"]] >= 20 & rows[["all of it"]] <= 35))
  expect_related(rows)
  expect_identical(unique(gan_sample(fit, 20, given = list(left = NA), seed = 1)$status), "in")
  holes <- related_table()[1:50, ]
  holes$country[1:10] <- NA
  holes$b[5:15] <- NA
  holes$at[20:30] <- NA
  filled <- gan_impute(fit, holes, m = 1, seed = 1)
  filled <- if (is.data.frame(filled)) filled else filled[[1]]
  expect_related(filled)
  expect_identical(filled$country[1:10], related_table()$country[1:10])
})

test_that("they are added and left out by hand", {
  skip_without_core()
  few <- related_table()[c("city", "country", "a", "b", "all of it")]
  fit_with <- \(...) gan_fit(few, epochs = 1, seed = 1, config = gan_config(...))
  expect_identical(nrow(fit_with(relations = FALSE)$relations), 0L)
  fit <- fit_with(relations = list(FALSE, "b <= `all of it`"))
  expect_identical(fit$relations$words, "b <= `all of it`")
  expect_identical(fit_with(relations = "not city -> country")$relations$words, "`all of it` = a + b")
  expect_snapshot(error = TRUE, {
    fit_with(relations = list("a <= b"))
    fit_with(relations = "a <= c")
  })
})

test_that("errors on relations and roles speak R", {
  skip_without_core()
  rows <- related_table()
  words <- function(...) conditionMessage(expect_error(gan_fit(rows, config = gan_config(...))))
  expect_match(words(relations = 3), 'TRUE, FALSE, or a list of relations, such as list("start <= end")', fixed = TRUE)
  expect_match(words(relations = list("towns -> country")), 'not "towns" in "towns -> country"', fixed = TRUE)
  expect_match(words(roles = 3), 'such as list(id = "identifier")', fixed = TRUE)
  given <- conditionMessage(expect_error(gan_sample(related_fit(), 5, given = list(a = c(10, 20)))))
  expect_match(given, "a gan_range() or gan_levels(), not 2 values", fixed = TRUE)
})
