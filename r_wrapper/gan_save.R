#' Save a fit in a file that R and Python read
#'
#' The file is in the safetensors format, with a checksum over every byte. Python's
#' `ganbridge.load()` reads it, and [gan_load()] reads what Python's
#' `FittedGan.save()` writes. Loading runs no code from the file.
#'
#' @section What a file reveals:
#' A fit, in a file or by `saveRDS()`, holds no row of the training data, but what it holds comes from them:
#'
#' - names and types of columns, the number of rows, shares of missing values;
#' - of numbers, dates and times: quantiles and ends, each shared by at least `k` rows or a mean of as many (see
#'   [gan_config()]; below 20 rows `k` is 1, and values are kept as they are), the decimals, mean and standard
#'   deviation; of counts up to 24 the levels, of which those that fewer than `k` rows reach count as the last one that
#'   `k` rows reach; of a scale of up to 11 levels in equal distances (grades 1 to 5) all levels, however rare;
#' - all levels that occur, each with its share, also those of single rows (`summary()` names columns that have such);
#'   texts of which nearly every row has its own are identifiers, of which only the pattern is kept;
#' - how columns depend on each other, as the parameters of a mixture or of networks, which a few rows that differ from
#'   all others can influence;
#' - with `condition`, up to 10,000 rows of the conditions alone, whose numbers are blurred among `k` rows;
#' - with a trace, generated rows; and the seed and settings;
#' - of an unfinished fit (see [gan_continue()]), the state of its training, and 16 bits of a hash of the data. They are
#'   no longer there once it is finished.
#'
#' None of this is a proof: a fit is not differentially private. `vignette("trust")` has more.
#'
#' @param fit A fit made by [gan_fit()].
#' @param file Path of the file. An existing file is replaced.
#' @return `gan_save()` returns `file`, invisibly; `gan_load()` returns a fit, as [gan_fit()]
#'   does. A file that is damaged, that was not written by ganbridge or that was written by a newer
#'   version is an error of class `ganbridge_error`, as is a file that cannot be read or written.
#' @examplesIf ganbridge::gan_available()
#' fit <- gan_fit(faithful, epochs = 5, seed = 1)
#' file <- tempfile(fileext = ".gan")
#' gan_save(fit, file)
#' again <- gan_load(file)
#' identical(gan_sample(fit, 3, seed = 1), gan_sample(again, 3, seed = 1))
#' @export
gan_save <- function(fit, file) {
  check_fit(fit)
  write_whole(file_bytes(fit), check_file(file))
  invisible(file)
}

#' @rdname gan_save
#' @export
gan_load <- function(file) {
  path <- check_path(file, "file")
  if (!file.exists(path) || dir.exists(path)) {
    stop_wanted("file", "a file that exists", file, stop = stop_file)
  }
  result <- tryCatch(
    call_core("describe", readBin(path, "raw", file.size(path))),
    ganbridge_bad_file = \(e) stop_file("`file` could not be loaded: ", conditionMessage(e))
  )
  new_gan_fit(result)
}

# What a file holds: the model, its trace and the state of its training. Fits of 0.1.0 have all in `model`.
file_bytes <- function(fit) if (is.null(fit$whole)) fit$model else fit$whole

# The full path of a file to write, whose folder must exist
check_file <- function(file) {
  path <- check_path(file, "file")
  if (!dir.exists(dirname(path))) {
    stop_wanted("file", "in a folder that exists", file, "Create the folder first.", stop = stop_file)
  }
  path
}

# Written to a temporary file in the same folder and renamed, so that an existing file survives if the disk is full
write_whole <- function(bytes, path) {
  force(bytes) # an error in their computation is none of the file
  part <- tempfile("part-", tmpdir = dirname(path))
  on.exit(unlink(part))
  written <- tryCatch({
    writeBin(bytes, part)
    file.rename(part, path)
  }, error = \(e) FALSE, warning = \(w) FALSE)
  if (!written) {
    stop_file("`file` could not be written: ", path)
  }
}

stop_file <- function(...) stop_ganbridge(..., class = "ganbridge_bad_file")
