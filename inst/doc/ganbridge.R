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

## ----attach, eval = TRUE------------------------------------------------------
library(ganbridge)

## ----air, eval = TRUE---------------------------------------------------------
air <- data.frame(
  date = as.Date(sprintf("1973-%d-%d", airquality$Month, airquality$Day)),
  month = factor(month.abb[airquality$Month], month.abb[5:9], ordered = TRUE),
  ozone = airquality$Ozone,   # parts per billion
  sun = airquality$Solar.R,   # langleys, 8 to 12 o'clock
  wind = airquality$Wind,     # miles per hour
  temp = airquality$Temp      # degrees Fahrenheit
)
str(air)
colSums(is.na(air))

## ----fit-table----------------------------------------------------------------
fit <- gan_fit(air, seed = 1)
new <- gan_sample(fit, 1000, seed = 2)
str(new)

## ----missing------------------------------------------------------------------
round(rbind(real = colMeans(is.na(air)), generated = colMeans(is.na(new))), 2)

## ----print--------------------------------------------------------------------
fit

## ----compare, fig.height = 6, fig.alt = "The distribution of each column, real in grey and generated in blue"----
plot_compare(fit, air)

## ----pairs, fig.height = 6.5, fig.alt = "Scatter plots of pairs of columns, real beside generated rows"----
plot_compare(fit, air, by = "pair", columns = c("date", "ozone", "wind", "temp"))

## ----has-sklearn, include = FALSE, eval = TRUE--------------------------------
invisible(capture.output(report <- gan_sitrep()))
can_evaluate <- has_core && NROW(report$missing) == 0 # scikit-learn

## ----evaluate, eval = can_evaluate--------------------------------------------
evaluation <- gan_evaluate(fit, air, target = "ozone")
summary(evaluation)
head(as.data.frame(evaluation)[c("metric", "column", "value", "baseline")], 4)

## ----report, eval = can_evaluate----------------------------------------------
gan_report(fit, air, file.path(tempdir(), "air.html"), target = "ozone")

## ----waves, eval = TRUE, fig.alt = "Twelve waves of two families in small panels"----
dim(waves)
plot_waves(waves)

## ----fit-waves, fig.alt = "Real waves in grey above generated waves in blue"----
sines <- gan_fit(waves, kind = "wave", seed = 1)
plot(sines, real = waves)

## ----families-----------------------------------------------------------------
fast <- function(waves) apply(waves, 1, max) > 2
c(real = mean(fast(waves)), generated = mean(fast(gan_sample(sines, 1000, seed = 2))))

## ----diagnosis----------------------------------------------------------------
c(fit$diagnosis, sines$diagnosis)

## ----given--------------------------------------------------------------------
hot <- gan_sample(fit, 500, seed = 3, given = list(temp = gan_range(85, 97)))
rbind(all = colMeans(new[c("ozone", "wind")], na.rm = TRUE), hot = colMeans(hot[c("ozone", "wind")], na.rm = TRUE))

## ----save---------------------------------------------------------------------
file <- tempfile(fileext = ".gan")
gan_save(fit, file)
again <- gan_load(file)
identical(gan_sample(again, 5, seed = 3), gan_sample(fit, 5, seed = 3))

