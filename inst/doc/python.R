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

## ----fit-r--------------------------------------------------------------------
fit <- gan_fit(faithful, epochs = 2000, seed = 1)
new <- gan_sample(fit, 1000, seed = 2)
head(new, 3)

## ----same---------------------------------------------------------------------
identical(reticulate::py_eval("new['eruptions'].tolist()"), new$eruptions)

## ----save-r-------------------------------------------------------------------
file <- file.path(tempdir(), "geyser.gan")
gan_save(fit, file)

## ----load-r-------------------------------------------------------------------
gan_sample(gan_load(file), 3, seed = 3)

## ----bridge-fit---------------------------------------------------------------
gb <- reticulate::import("ganbridge.bridge")

columns <- lapply(names(faithful), function(name) {
  list(name = name, type = "double", values = as.array(as.double(faithful[[name]])))
})
result <- gb$fit(
  list(container = "data.frame", columns = columns),
  epochs = 20L, seed = 1L, config = list(batch_size = 64L)
)
names(result)
class(result$model)

## ----bridge-sample------------------------------------------------------------
new <- gb$sample(result$model, 3L, seed = 2L)
names <- vapply(new$columns, `[[`, "", "name")
as.data.frame(lapply(setNames(new$columns, names), `[[`, "values"))

## ----bridge-wave--------------------------------------------------------------
train <- gb$make_waves(
  20L, 50L, amplitude = list(1, 3), cycles = list(2, 10), noise = 0.05, seed = 1L
)
result <- gb$fit(
  list(container = "matrix", values = train$values, type = "double", names = NULL),
  kind = "wave", epochs = 20L, seed = 1L
)
dim(gb$sample(result$model, 3L, seed = 2L)$values)
tail(data.frame(lapply(result$history, as.vector)), 2)

