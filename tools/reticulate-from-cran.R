# Installs reticulate into .r-lib from CRAN. Fails fast if CRAN cannot be reached.
if (getOption("repos")[["CRAN"]] == "@CRAN@") {
  chooseCRANmirror(graphics = FALSE, ind = 1L, local.only = TRUE)
}
options(timeout = 15)
offered <- suppressWarnings(available.packages())
if (!"reticulate" %in% rownames(offered)) {
  quit(status = 1L)
}
options(timeout = 300)
install.packages("reticulate", lib = ".r-lib", available = offered, INSTALL_opts = "--no-docs", quiet = TRUE)
