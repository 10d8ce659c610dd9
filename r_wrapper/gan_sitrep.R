#' Is the Python core available?
#'
#' Tells whether [gan_fit()] can run: a Python was found, and it has the modules that the core
#' needs. It starts no Python in this R process and installs nothing; [gan_sitrep()]
#' reports the details.
#'
#' @param evaluate `TRUE` asks as well whether [gan_evaluate()], [gan_report()] and [animate_training()] can run, which
#'   need further modules.
#' @return `TRUE` or `FALSE`.
#' @examples
#' gan_available()
#' @export
gan_available <- function(evaluate = FALSE) {
  check_flag(evaluate, "evaluate")
  if (evaluate) {
    return(is.null(missing_for_evaluation()))
  }
  !is.null(loaded$core) || isTRUE(tryCatch(nrow(python_problems(probe_python())) == 0, error = \(e) FALSE))
}

#' Report on the Python installation
#'
#' Checks everything that ganbridge needs, each module by importing it in a separate process, and reports one of three
#' states: ready; Python will be downloaded at the first use, with the size and the command; or broken, with the command
#' that mends it. It starts no Python in this R process, installs nothing, and
#' never fails.
#'
#' @return A list of class `gan_sitrep`, invisibly:
#'   \item{state}{`"ready"`, `"download"` or `"broken"`}
#'   \item{problems}{a data.frame of `problem` and `remedy`, without rows if there are none}
#'   \item{missing}{the same for what only [gan_evaluate()], [gan_report()] and [animate_training()] need}
#'   \item{versions}{of R, ganbridge, reticulate, Python and its modules; `NA` if missing}
#'   \item{python, how}{the path of Python, and how it was chosen}
#'   \item{blas}{the library that R uses for matrix products}
#'   \item{gpu}{the name of the GPU that `gan_config(device = "auto")` takes, or `"none"`}
#'   \item{torch}{what the running core reports about its torch; `NULL` before it has started}
#' @examples
#' gan_sitrep()
#' @export
gan_sitrep <- function() {
  python <- tryCatch(
    probe_python(imports = TRUE),
    error = \(e) list(how = c(user_python(), "nothing")[[1]], failure = conditionMessage(e))
  )
  problems <- if (is.null(python$failure)) {
    python_problems(python)
  } else {
    data.frame(problem = python$failure, remedy = own_environment_remedy(python))
  }
  report <- structure(
    list(
      versions = c(
        R = as.character(getRversion()), ganbridge = as.character(packageVersion("ganbridge")),
        reticulate = reticulate_version(), python$versions
      ),
      python = python$path, how = python$how, blas = basename(extSoftVersion()[["BLAS"]]),
      gpu = c(python$gpu, "none")[[1]], torch = tryCatch(torch_state(), error = \(e) NULL),
      state = python_state(python, problems), problems = problems,
      missing = if (nrow(problems) == 0) evaluation_problems(python)
    ),
    class = "gan_sitrep"
  )
  print(report)
  invisible(report)
}

python_state <- function(python, problems) {
  if (nrow(problems) == 0) {
    "ready"
  } else if (is.null(python$path) && is.null(python$failure)) {
    "download"
  } else {
    "broken"
  }
}

#' @export
format.gan_sitrep <- function(x, ...) {
  versions <- ifelse(is.na(x$versions), "missing", x$versions)
  python <- if (is.null(x$python)) "none" else x$python
  torch <- if (is.null(x$torch)) {
    "not loaded yet"
  } else if (x$torch$loaded_by_bridge) {
    "loaded with its own matrix products"
  } else {
    x$torch$note
  }
  problems <- if (nrow(x$problems) == 0) {
    if (NROW(x$missing) > 0) "Fitting and sampling work." else "No problems found."
  } else if (identical(x$state, "download")) {
    c(x$problems$problem, "Set it up now with this command in R:", paste0("  ", x$problems$remedy))
  } else {
    format_problem(x$problems)
  }
  c(
    "ganbridge situation report",
    sprintf("  %-12s %s", names(versions), versions),
    sprintf(
      "  %-12s %s", c("found at", "chosen by", "R's BLAS", "GPU", "torch"), c(python, x$how, x$blas, x$gpu, torch)
    ),
    problems,
    if (NROW(x$missing) > 0) format_problem(x$missing)
  )
}

#' @export
print.gan_sitrep <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}

# Problems that keep the core from running, and the commands that solve them: a data.frame of two columns
python_problems <- function(python) {
  problem <- function(what, remedy) data.frame(problem = what, remedy = remedy)
  if (is.null(python$path)) {
    asked <- Sys.getenv("RETICULATE_PYTHON") == "managed"
    what <- sprintf(
      "No Python was set up. At the first use, reticulate provides one%s: %s, unless they are in its cache.",
      if (asked) ", as RETICULATE_PYTHON=\"managed\" says" else " if you agree", download_size()
    )
    return(problem(what, "ganbridge::install_ganbridge()"))
  }
  version <- python$versions[["python"]]
  if (is.na(version)) {
    return(problem(paste(python$path, "does not run."), own_environment_remedy(python)))
  }
  if (older(version, python_needs[["python"]])) {
    what <- sprintf("Python %s is too old; %s or newer is needed.", version, python_needs[["python"]])
    return(problem(what, own_environment_remedy(python)))
  }
  module_problems(python, core_modules)
}

# Modules that only gan_evaluate(), gan_report() and animate_training() need
evaluation_problems <- function(python) {
  problems <- module_problems(python, evaluation_modules)
  problems$problem <- sprintf("%s gan_evaluate(), gan_report() or animate_training() need it.", problems$problem)
  problems
}

module_problems <- function(python, modules) {
  absent <- modules[is.na(python$versions[modules])]
  installed <- setdiff(modules, absent)
  old <- Filter(\(module) older(python$versions[[module]], python_needs[[module]]), installed)
  broken <- intersect(setdiff(installed, old), names(python$failed))
  what <- c(
    sprintf("The Python module %s is missing.", absent),
    sprintf("The Python module %s is %s; %s or newer is needed.", old, python$versions[old], python_needs[old]),
    sprintf(
      "The Python module %s is installed, but cannot be imported: %s", broken, sub("[.]?$", ".", python$failed[broken])
    )
  )
  if (length(what) == 0) {
    return(data.frame(problem = character(), remedy = character()))
  }
  remedy <- install_remedy(python, c(absent, old, broken), again = length(broken) > 0)
  data.frame(problem = paste(what, collapse = " "), remedy = remedy)
}

format_problem <- function(problems) {
  where <- if (grepl(" -m pip install ", problems$remedy, fixed = TRUE)) "in a shell" else "in R"
  paste0(problems$problem, "\nFix it with this command ", where, ", then restart R:\n  ", problems$remedy)
}

older <- function(version, wanted) {
  number <- regmatches(version, regexpr("^[0-9]+(\\.[0-9]+)*", version))
  length(number) > 0 && numeric_version(number) < numeric_version(wanted)
}

own_environment_remedy <- function(python) {
  unset <- if (python$how %in% c("RETICULATE_PYTHON", "RETICULATE_PYTHON_ENV")) {
    sprintf("Sys.unsetenv(\"%s\"); ", python$how)
  }
  paste0(unset, "ganbridge::install_ganbridge()")
}

install_remedy <- function(python, modules, again = FALSE) {
  # pip refuses to change the Python of an operating system.
  if (isTRUE(python$externally_managed)) {
    return(own_environment_remedy(python))
  }
  if (python$how == "install_ganbridge()") {
    return("ganbridge::install_ganbridge(force = TRUE)")
  }
  requirements <- paste(shQuote(pip_requirements(modules)), collapse = " ")
  command <- if (grepl(" ", python$path, fixed = TRUE)) shQuote(python$path) else python$path
  sprintf("%s -m pip install %s%s", command, if (again) "--force-reinstall " else "", requirements)
}
