## ----setup, include = FALSE---------------------------------------------------
has_core <- ganbridge::gan_available()
knitr::opts_chunk$set(
  eval = has_core, collapse = TRUE, comment = "#>", dpi = 80,
  fig.width = 8, fig.height = 5, out.width = "100%", fig.retina = 1
)

## ----note, echo = FALSE, results = "asis", eval = !has_core-------------------
#  cat(
#    "> **This copy was built without the Python modules that ganbridge needs.**",
#    "> The code below is therefore shown without its results. `gan_sitrep()` reports what is missing, and",
#    "> `install_ganbridge()` installs it.",
#    sep = "\n"
#  )

## ----has-sklearn, include = FALSE, eval = TRUE--------------------------------
invisible(capture.output(report <- ganbridge::gan_sitrep()))
without_sklearn <- has_core && NROW(report$missing) > 0
has_core <- has_core && !without_sklearn
knitr::opts_chunk$set(eval = has_core)

## ----note-sklearn, echo = FALSE, results = "asis", eval = without_sklearn-----
#  cat(
#    "> **This copy was built without scikit-learn**, which evaluation needs.",
#    "> The code is therefore shown without its results.",
#    sep = "\n"
#  )

## ----attach, eval = TRUE------------------------------------------------------
library(ganbridge)

## ----split, eval = TRUE-------------------------------------------------------
set.seed(1)
held <- sample(nrow(quakes), 300)
holdout <- quakes[held, ]
train <- quakes[-held, ]

## ----fit----------------------------------------------------------------------
fit <- gan_fit(train, seed = 1)

## ----pairs, fig.height = 6, fig.alt = "Scatter plots of real and generated earthquakes, for pairs of columns"----
plot_compare(fit, train, by = "pair", columns = c("lat", "long", "depth", "stations"))

## ----evaluate-----------------------------------------------------------------
evaluation <- gan_evaluate(fit, train, holdout = holdout, target = "stations")
summary(evaluation)

## ----plot, fig.height = 7, fig.alt = "The metrics of the evaluation beside their baselines"----
plot(evaluation)

## ----table--------------------------------------------------------------------
table <- as.data.frame(evaluation)
shown <- c(
  "sliced Wasserstein", "coverage", "pMSE ratio", "AUC, tree model", "prediction, linear model"
)
writeLines(strwrap(table$meaning[table$metric %in% shown], 80, exdent = 2))

## ----fakes--------------------------------------------------------------------
copies <- train[sample(nrow(train), replace = TRUE), ]

noisy <- copies
for (name in names(train)) {
  values <- jitter(copies[[name]], amount = .02 * sd(train[[name]]))
  digits <- c(lat = 2, long = 2, depth = 0, mag = 1, stations = 0)[[name]]
  noisy[[name]] <- as(round(values, digits), class(train[[name]]))
}

shuffled <- as.data.frame(lapply(train, sample))

evaluate <- function(rows) {
  gan_evaluate(rows, train, holdout = holdout, target = "stations", seed = 1)
}
all <- list(
  fit = evaluation, copies = evaluate(copies), "noisy copies" = evaluate(noisy),
  shuffled = evaluate(shuffled)
)

## ----verdicts-----------------------------------------------------------------
questions <- c("columns", "pairs", "rows", "use", "privacy")
good <- sapply(all, \(e) tapply(e$verdict == "good", factor(e$question, questions), mean))
round(100 * t(good))

## ----privacy------------------------------------------------------------------
privacy <- sapply(all, \(e) e$table$value[e$question == "privacy"])
rownames(privacy) <- evaluation$table$metric[evaluation$question == "privacy"]
baseline <- evaluation$table$baseline[evaluation$question == "privacy"]
round(cbind(privacy, "real rows" = baseline), 3)

## ----holds--------------------------------------------------------------------
people <- data.frame(
  id = sprintf("P%04d", sample(9999, 400)), income = round(exp(rnorm(400, 10, 0.6))),
  job = sample(c("cook", "nurse"), 400, TRUE)
)
people$income[[1]] <- 1e7
of_people <- gan_fit(people, seed = 1)
new_people <- gan_sample(of_people, 20000, seed = 1)
c(real = max(people$income), generated = max(new_people$income))

## ----identifiers--------------------------------------------------------------
head(new_people, 3)
any(new_people$id %in% people$id)

## ----report, eval = FALSE-----------------------------------------------------
#  gan_report(fit, train, "report.html", holdout = holdout, target = "stations") # as one page

