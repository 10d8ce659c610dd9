half <- function(even) faithful[seq_len(nrow(faithful)) %% 2 == even, ]

test_that("an evaluation has a row, a baseline and a sentence for each metric", {
  skip_without_evaluation()
  evaluation <- gan_evaluate(half(0), half(1), target = "waiting")
  table <- as.data.frame(evaluation)
  expect_s3_class(evaluation, "gan_evaluation")
  expect_named(table, c("metric", "column", "value", "baseline", "verdict", "meaning"))
  expect_gte(nrow(table), 8)
  expect_type(table$value, "double")
  expect_type(table$baseline, "double")
  expect_match(table$meaning, "\\.$")
  expect_identical(length(evaluation$verdict), nrow(table))
  expect_true(all(evaluation$verdict %in% c("good", "fair", "poor", "not evaluated")))
  expect_identical(evaluation$counts, list(generated = 136L, real = 136L, holdout = 0L))
})

test_that("distances are those that R computes", {
  skip_without_evaluation()
  synthetic <- half(0)[1:60, ]
  evaluation <- gan_evaluate(synthetic, half(1), holdout = half(0)[61:120, ])
  value <- function(metric, column, field = "value") {
    table <- as.data.frame(evaluation)
    table[[field]][table$metric == metric & table$column == column]
  }
  expected <- suppressWarnings(stats::ks.test(synthetic$waiting, half(1)$waiting)$statistic)
  expect_equal(value("Kolmogorov-Smirnov", "waiting"), unname(expected))
  correlations <- c(cor(synthetic)[1, 2], cor(half(0)[61:120, ])[1, 2]) - cor(half(1))[1, 2]
  expect_equal(value("correlation difference", "eruptions, waiting"), abs(correlations[[1]]))
  expect_equal(value("correlation difference", "eruptions, waiting", "baseline"), abs(correlations[[2]]))
  keys <- lapply(list(synthetic, half(1)), \(rows) do.call(paste, rows))
  expect_equal(value("copied rows", "all columns"), mean(keys[[1]] %in% keys[[2]]))
})

test_that("a fit is sampled with its seed, and R's random state does not change", {
  skip_without_evaluation()
  fit <- table_fit()
  evaluation <- gan_evaluate(fit, faithful)
  expect_identical(evaluation$seed, fit$seed)
  sample <- gan_sample(fit, nrow(faithful), seed = fit$seed)
  expect_identical(as.data.frame(gan_evaluate(sample, faithful, seed = fit$seed)), as.data.frame(evaluation))
  expect_identical(state_after(gan_evaluate(fit, faithful)), state_after(NULL))
  expect_false(identical(gan_evaluate(fit, faithful, seed = 99)$table, evaluation$table))
})

test_that("an evaluation is a plain object that can be saved and read", {
  skip_without_evaluation()
  evaluation <- gan_evaluate(table_fit(), faithful)
  file <- withr::local_tempfile(fileext = ".rds")
  saveRDS(evaluation, file)
  again <- readRDS(file)
  expect_identical(again, evaluation)
  expect_false(any(rapply(unclass(evaluation), \(part) inherits(part, "python.builtin.object"), how = "unlist")))
  expect_identical(format(again), format(evaluation))
})

test_that("printing fits into 80 characters and shows every question", {
  skip_without_evaluation()
  evaluation <- gan_evaluate(half(0), half(1), target = 2)
  lines <- capture.output(result <- withVisible(print(evaluation)))
  expect_false(result$visible)
  expect_lte(max(nchar(lines)), 80)
  expect_match(lines[[1]], "<ganbridge evaluation> 136 generated and 136 real rows", fixed = TRUE)
  expect_match(lines[[3]], "^Verdict: ")
  for (start in c("Does each column", "Do columns depend", "Do whole rows", "Can models be", "Do they avoid")) {
    expect_match(lines, paste0("^", start), all = FALSE)
  }
})

test_that("the summary counts values by question", {
  skip_without_evaluation()
  evaluation <- gan_evaluate(transform(half(0), waiting = waiting + 20), half(1))
  summary <- summary(evaluation)
  expect_s3_class(summary, "data.frame")
  expect_identical(sum(summary$good, summary$fair, summary$poor), sum(evaluation$verdict != "not evaluated"))
  expect_output(print(summary), "within  slightly  clearly")
  expect_lte(max(nchar(format(summary))), 80)
  expect_output(print(summary), "worst: Wasserstein distance (waiting)", fixed = TRUE)
})

test_that("waves and matrices are evaluated", {
  skip_without_evaluation()
  odd <- seq(1, 199, 2)
  evaluation <- gan_evaluate(waves[odd, ], waves[-odd, ], kind = "wave")
  expect_true("spectrum distance" %in% evaluation$table$metric)
  expect_identical(gan_evaluate(wave_fit(), waves[1:60, 1:50])$kind, "wave")
  matrix <- as.matrix(half(0))
  expect_identical(
    gan_evaluate(matrix, as.matrix(half(1)), target = 1)$table,
    gan_evaluate(half(0), half(1), target = 1)$table
  )
  expect_identical(
    gan_evaluate(unname(matrix), unname(as.matrix(half(1))), target = 1)$table$value,
    gan_evaluate(half(0), half(1), target = "eruptions")$table$value
  )
})

test_that("waves of several channels and of different lengths are evaluated", {
  skip_without_evaluation()
  channels <- array(c(waves[1:60, 1:40], 2 * waves[1:60, 1:40]), c(60, 40, 2))
  table <- as.data.frame(gan_evaluate(channels[1:30, , ], channels[31:60, , ], kind = "wave"))
  expect_true("amplitude of channel 2" %in% table$column)
  lengths <- lapply(1:60, \(i) waves[i, seq_len(20 + i %% 20)])
  table <- as.data.frame(gan_evaluate(lengths[1:30], lengths[31:60], kind = "wave"))
  expect_true("length" %in% table$column)
  expect_error(
    gan_evaluate(lengths, lengths, kind = "wave", target = 1), "left out for kind \"wave\"", class = "ganbridge_error"
  )
})

test_that("images are evaluated, with labels and without", {
  skip_without_evaluation()
  labels <- rep(c("left", "right"), 15)
  evaluation <- gan_evaluate(ramps()[30:1, , ], ramps(), target = labels, kind = "image")
  expect_true("Frechet distance, features" %in% evaluation$table$metric)
  again <- gan_evaluate(ramps()[30:1, , ], ramps(), target = factor(labels), kind = "image")
  expect_identical(again$table, evaluation$table)
  of_fit <- gan_evaluate(image_fit(), ramps())
  expect_identical(of_fit$kind, "image")
  meaning <- of_fit$table$meaning[of_fit$table$metric == "Frechet distance, pixels"]
  expect_match(meaning, "no labels were given", fixed = TRUE)
  file <- withr::local_tempfile(fileext = ".html")
  skip_if_not(reticulate::py_module_available("matplotlib"))
  gan_report(image_fit(), ramps(), file, target = labels)
  expect_match(paste(readLines(file), collapse = ""), "Images, real above generated", fixed = TRUE)
})

test_that("factors, texts, logicals, dates and missing values are evaluated by their type", {
  skip_without_evaluation()
  typed <- function(seed) {
    withr::local_seed(seed)
    n <- 150
    data.frame(
      x = ifelse(runif(n) < 0.1, NA, rnorm(n)), k = factor(sample(c("a", "b", NA), n, TRUE)),
      flag = runif(n) < 0.5, text = sample(c("u", "v"), n, TRUE), day = as.Date("2024-01-01") + sample(300, n, TRUE),
      time = as.POSIXct("2024-01-01", tz = "UTC") + runif(n, 0, 1e6), wait = as.difftime(rexp(n), units = "mins")
    )
  }
  real <- typed(1)
  table <- as.data.frame(gan_evaluate(typed(2), real, target = "flag"))
  of <- \(metric) table$column[table$metric == metric]
  expect_setequal(of("Kolmogorov-Smirnov"), c("x", "day", "time", "time (time of day)", "wait"))
  expect_setequal(of("total variation"), c("k", "flag", "text", "day (weekday)"))
  expect_identical(of("same-day difference"), "day, time")
  expect_identical(of("missing share"), "x")
  expect_identical(of("prediction, tree model"), "flag")
  seconds <- transform(real, wait = as.difftime(as.numeric(wait) * 60, units = "secs"))
  expect_equal(gan_evaluate(seconds, real)$table$value, gan_evaluate(real, real)$table$value)
  expect_error(
    gan_evaluate(transform(real, k = 1), real), "must hold categories in column \"k\"", class = "ganbridge_error"
  )
  fit <- gan_fit(real, seed = 1, config = gan_config(steps = 20))
  expect_identical(gan_evaluate(fit, real)$counts$generated, 150L)
})

test_that("an evaluation is drawn, and par() is restored", {
  skip_without_evaluation()
  evaluation <- gan_evaluate(half(0), half(1))
  drawn <- draw_to_file({
    before <- par(no.readonly = TRUE)
    plot(evaluation)
    after <- par(no.readonly = TRUE)
  })
  expect_gt(file.size(drawn), 5000)
  same <- setdiff(names(before), c("usr", "plt", "pin", "fin", "fig", "yaxp", "xaxp", "page"))
  expect_identical(after[same], before[same])
  expect_error(plot(replace(evaluation, "panels", list(list()))), class = "ganbridge_error")
})

test_that("bad arguments are named", {
  skip_without_evaluation()
  called_data <- \(values) structure(list(values), names = "`data`", row.names = 1:2, class = "data.frame")
  fit <- table_fit()
  expect_refusals({
    gan_evaluate(fit, "faithful.csv")
    gan_evaluate(faithful$waiting, faithful)
    gan_evaluate(faithful, faithful, holdout = 3)
    gan_evaluate(faithful["waiting"], faithful)
    gan_evaluate(faithful, as.matrix(faithful))
    gan_evaluate(called_data(c("a", "b")), called_data(1:2))
    gan_evaluate(called_data(I(list(1, 2))), faithful)
    gan_evaluate(faithful, faithful, target = "height")
    gan_evaluate(faithful, faithful, target = 3)
    gan_evaluate(unname(as.matrix(faithful)), unname(as.matrix(faithful)), target = "waiting")
    gan_evaluate(faithful, faithful, seed = -1)
    gan_evaluate(faithful, faithful, kind = "tabel")
    gan_evaluate(faithful, faithful, kind = "image")
    gan_evaluate(ramps(), ramps(), kind = "image", target = 1:3)
    gan_evaluate(ramps(), ramps(), kind = "image", target = c(NA, 1:29))
    gan_evaluate(ramps(), ramps()[, , 1:8], kind = "image")
    gan_evaluate(fit, faithful, kind = "wave")
    gan_evaluate(structure(list(), class = "gan_fit"), faithful)
  })
})

test_that("real names, lost links and broken relations are told in R's words", {
  skip_without_evaluation()
  visits <- function(seed, n = 200) {
    withr::local_seed(seed)
    day <- as.Date("2021-01-01") + sample(1000, n, TRUE)
    data.frame(
      name = sprintf("P%09d", sample(1e9, n)), visit = day,
      stamp = as.POSIXct(day, tz = "UTC") + runif(n, 8, 18) * 3600, size = rnorm(n)
    )
  }
  real <- visits(1)
  made <- transform(visits(2), name = sample(real$name), stamp = sample(stamp))
  table <- as.data.frame(gan_evaluate(made, real, holdout = visits(3)))
  row <- function(metric, column) table[table$metric == metric & table$column == column, ]
  expect_identical(row("copied values", "name")$value, 1)
  expect_identical(row("copied values", "name")$verdict, "poor")
  expect_gt(row("broken relations", "visit is the day of stamp")$value, 0.9)
  expect_identical(row("same-day difference", "visit, stamp")$verdict, "poor")
  expect_identical(row("membership attack, distance", "all columns")$baseline, 0.5)
  expect_false(any(grepl("P[0-9]{9}", table$meaning)))
})
