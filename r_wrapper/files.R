# Tables that are not in R's memory: paths of files, and objects of arrow and duckdb, which are passed to the core as
# files.

# One text is a path; several are if each looks like one, because a column of text is not.
is_paths <- function(data) {
  plain <- is.character(data) && !is.object(data) && is.null(dim(data)) && length(data) > 0 && !anyNA(data)
  plain && (length(data) == 1 || all(grepl("[./\\\\*]", data)))
}

files_to_core <- function(paths) list(container = "files", paths = as.list(path.expand(enc2utf8(paths))))

# The rows of files as a data.frame, and all other data as they are
rows_of <- function(data) {
  paths <- if (is_paths(data)) data else if (is_source(data)) files_of_source(data)
  if (is.null(paths)) data else data_from_core(call_core("read_files", as.list(path.expand(enc2utf8(paths)))))
}

# Classes of arrow and duckdb whose rows arrow or duckdb itself writes to a file
source_classes <- c("Dataset", "arrow_dplyr_query", "ArrowTabular", "RecordBatchReader", "tbl_duckdb_connection")

is_source <- function(data) inherits(data, source_classes)

# The paths of files with the rows of such an object: its own files, if it is no more than these, and otherwise a new
# one in R's temporary folder.
files_of_source <- function(data) {
  files <- if (inherits(data, "FileSystemDataset")) data$files
  if (length(files) > 0 && !any(grepl("=", dirname(files), fixed = TRUE))) { # a folder named year=2024 is a column
    return(files)
  }
  file <- tempfile("ganbridge-", fileext = ".parquet")
  if (inherits(data, "tbl_duckdb_connection")) {
    connection <- exported("dbplyr", "remote_con")(data)
    quoted <- exported("DBI", "dbQuoteString")(connection, file)
    query <- sprintf("COPY (%s) TO %s (FORMAT PARQUET)", exported("dbplyr", "sql_render")(data), quoted)
    exported("DBI", "dbExecute")(connection, query)
  } else {
    exported("arrow", "write_dataset")(data, file, format = "parquet") # a folder
  }
  file
}

# A function of a package that only those need who have its objects
exported <- function(package, name) {
  if (!requireNamespace(package, quietly = TRUE)) {
    stop_ganbridge("`data` must be read by the package ", package, ". Install it: install.packages(\"", package, "\").")
  }
  getExportedValue(package, name)
}
