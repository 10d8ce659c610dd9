#' Is the Python core there?
#'
#' Says whether [gan_fit()] can run: a Python was found, and it has what the core
#' needs. It starts no Python in this R process and installs nothing; [gan_sitrep()]
#' says more.
#'
#' @return `TRUE` or `FALSE`.
#' @examples
#' gan_available()
#' @export
gan_available <- function() {
  !is.null(loaded$core) || isTRUE(tryCatch(nrow(python_problems(probe_python())) == 0, error = \(e) FALSE))
}

#' What was found, what is missing, and the command that mends it
#'
#' Looks at everything that ganbridge needs and reports it. It starts no Python in
#' this R process, installs nothing, and never fails.
#'
#' @return A list of class `gan_sitrep`, invisibly: `versions` (of R, ganbridge,
#'   reticulate, Python and its modules; `NA` where missing), `python` (its
#'   path), `how` (how that Python was chosen), `blas` (the library that R does its matrix
#'   products with), `torch` (what the running core says about its torch, `NULL`
#'   before it has started) and `problems` (a data.frame with columns
#'   `problem` and `remedy`, without rows when all is well).
#' @examples
#' gan_sitrep()
#' @export
gan_sitrep <- function() {
  found <- tryCatch(probe_python(), error = \(e) list(how = "nothing", failure = conditionMessage(e)))
  problems <- if (is.null(found$failure)) {
    python_problems(found)
  } else {
    data.frame(problem = found$failure, remedy = own_environment_remedy(found))
  }
  report <- structure(
    list(
      versions = c(
        R = as.character(getRversion()), ganbridge = as.character(packageVersion("ganbridge")),
        reticulate = reticulate_version(), found$versions
      ),
      python = found$python, how = found$how, blas = basename(extSoftVersion()[["BLAS"]]),
      torch = tryCatch(torch_state(), error = \(e) NULL), problems = problems
    ),
    class = "gan_sitrep"
  )
  print(report)
  invisible(report)
}

#' @export
format.gan_sitrep <- function(x, ...) {
  versions <- ifelse(is.na(x$versions), "missing", x$versions)
  python <- if (is.null(x$python)) "none" else x$python
  torch <- if (is.null(x$torch)) "not loaded yet" else x$torch$note
  problems <- if (nrow(x$problems) == 0) {
    "All is well."
  } else {
    paste0(x$problems$problem, "\nMend it with:\n  ", x$problems$remedy, "\nand restart R.")
  }
  c(
    "ganbridge situation report",
    sprintf("  %-12s %s", names(versions), versions),
    sprintf("  %-12s %s", c("found at", "chosen by", "R's BLAS", "torch"), c(python, x$how, x$blas, torch)),
    problems
  )
}

#' @export
print.gan_sitrep <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

# What is in the way, and the command that mends it: a data.frame of two columns.
python_problems <- function(found) {
  problem <- function(what, remedy) data.frame(problem = what, remedy = remedy)
  if (is.null(found$python)) {
    what <- "No Python was chosen; reticulate would download one at the first use."
    return(problem(what, "ganbridge::install_ganbridge()"))
  }
  version <- found$versions[["python"]]
  if (is.na(version)) {
    return(problem(paste(found$python, "does not run."), own_environment_remedy(found)))
  }
  if (older(version, python_needs[["python"]])) {
    what <- sprintf("Python %s is too old; %s or newer is needed.", version, python_needs[["python"]])
    return(problem(what, own_environment_remedy(found)))
  }
  modules <- setdiff(names(python_needs), "python")
  absent <- modules[is.na(found$versions[modules])]
  old <- Filter(\(module) older(found$versions[[module]], python_needs[[module]]), setdiff(modules, absent))
  what <- c(
    sprintf("The Python module %s is missing.", absent),
    sprintf("The Python module %s is %s; %s or newer is needed.", old, found$versions[old], python_needs[old])
  )
  if (length(what) == 0) {
    return(data.frame(problem = character(), remedy = character()))
  }
  problem(paste(what, collapse = " "), install_remedy(found, c(absent, old)))
}

older <- function(version, wanted) {
  number <- regmatches(version, regexpr("^[0-9]+(\\.[0-9]+)*", version))
  length(number) > 0 && numeric_version(number) < numeric_version(wanted)
}

own_environment_remedy <- function(found) {
  unset <- if (found$how %in% c("RETICULATE_PYTHON", "RETICULATE_PYTHON_ENV")) {
    sprintf("Sys.unsetenv(\"%s\"); ", found$how)
  }
  paste0(unset, "ganbridge::install_ganbridge()")
}

install_remedy <- function(found, modules) {
  if (found$how == "install_ganbridge()") {
    return("ganbridge::install_ganbridge(force = TRUE)")
  }
  requirements <- paste(shQuote(pip_requirements(modules)), collapse = " ")
  sprintf("%s -m pip install %s", found$python, requirements)
}
