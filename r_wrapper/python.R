# The only file that names reticulate: where Python is found, how it is set up, the version
# handshake, and `call_core()`, the one way to the core.

environment_name <- "r-ganbridge"

# Checked here, because py_require() checks nothing once a Python has been chosen.
python_needs <- c(
  python = "3.10", torch = "2.6", numpy = "1.26", pandas = "2.0", safetensors = "0.4", "scikit-learn" = "1.3",
  jinja2 = "3.0"
)
evaluation_modules <- c("scikit-learn", "jinja2") # installed with the rest; only gan_evaluate() and gan_report() need them
core_modules <- setdiff(names(python_needs), c("python", evaluation_modules))
all_modules <- c(core_modules, evaluation_modules)

loaded <- new.env(parent = emptyenv())

#' Set up Python for ganbridge
#'
#' Creates a virtual environment called `r-ganbridge` and installs into it what
#' the Python core needs: torch, numpy, pandas, safetensors and, for
#' [gan_evaluate()] and [gan_report()], scikit-learn and jinja2. ganbridge finds this
#' environment by itself, in this session (if Python is not running yet) and in
#' all later ones.
#'
#' On Linux, pip's own choice of torch is a build for NVIDIA cards, which is
#' several gigabytes large. Where a CPU is enough, pass the options that PyTorch's
#' installation page gives for the CPU build as `pip_options`.
#'
#' @param python The path of the Python (>= 3.10) that the environment is made
#'   with. `NULL` takes the newest that reticulate finds.
#' @param pip_options Further options for `pip install`, a character vector.
#' @param force `TRUE` removes an environment of that name first.
#' @return The path of the environment, invisibly. An error of class
#'   `ganbridge_error` if no suitable Python was found or the installation
#'   failed.
#' @seealso [gan_sitrep()] to see what is there.
#' @examples
#' \dontrun{
#' install_ganbridge()
#' }
#' @export
install_ganbridge <- function(python = NULL, pip_options = character(), force = FALSE) {
  check_flag(force, "force")
  packages <- pip_requirements()
  done <- tryCatch({
    starter <- if (is.null(python)) reticulate::virtualenv_starter(">=3.10") else check_path(python, "python")
    if (is.null(starter)) {
      stop("no Python of version 3.10 or newer was found. Install one, or name it by `python`.")
    }
    reticulate::virtualenv_create(environment_name, python = starter, packages = NULL, force = force)
    reticulate::virtualenv_install(environment_name, packages, pip_options = pip_options)
  }, error = identity)
  if (inherits(done, "error")) {
    stop_ganbridge("install_ganbridge() failed: ", conditionMessage(done))
  }
  path <- dirname(dirname(reticulate::virtualenv_python(environment_name)))
  running <- reticulate::py_available(initialize = FALSE)
  message("ganbridge's Python is ready in ", path, if (running) ". Restart R to use it.")
  invisible(path)
}

pip_requirements <- function(modules = all_modules) {
  paste0(modules, ">=", python_needs[modules])
}

# The user's own choice always wins over what ganbridge would take.
user_python <- function() {
  # Set to nothing, it would be an error for reticulate.
  if (identical(Sys.getenv("RETICULATE_PYTHON", unset = NA), "")) {
    Sys.unsetenv("RETICULATE_PYTHON")
  }
  named <- get0(".globals", envir = asNamespace("reticulate"), inherits = FALSE)$required_python_version
  if (is_python_running()) {
    "the running process"
  } else if (!Sys.getenv("RETICULATE_PYTHON") %in% c("", "managed")) {
    "RETICULATE_PYTHON"
  } else if (nzchar(Sys.getenv("RETICULATE_PYTHON_ENV"))) {
    "RETICULATE_PYTHON_ENV"
  } else if (!is.null(named)) {
    "use_python()"
  }
}

# Also where R runs inside Python (rpy2), which reticulate has not been told of yet.
is_python_running <- function() {
  host <- sprintf("current_pid=%d:", Sys.getpid())
  reticulate::py_available(initialize = FALSE) ||
    grepl(host, paste0(Sys.getenv("PYTHON_SESSION_INITIALIZED"), ":"), fixed = TRUE)
}

has_own_environment <- function() {
  Sys.getenv("RETICULATE_PYTHON") != "managed" && reticulate::virtualenv_exists(environment_name)
}

# Tells reticulate which Python to start, and returns how it was chosen.
choose_python <- function() {
  choice <- user_python()
  if (is.null(choice) && has_own_environment()) {
    reticulate::use_virtualenv(environment_name, required = TRUE)
    return("install_ganbridge()")
  }
  if (is.null(choice) || choice == "the running process") {
    reticulate::py_require(pip_requirements(), python_version = ">=3.10")
  }
  if (is.null(choice)) "py_require()" else choice
}

# The Python that a first use would start, found without starting it and without letting
# reticulate download one: `python` is NULL where py_require() would have to provide it.
find_python <- function() {
  choice <- user_python()
  if (is.null(choice) && has_own_environment()) {
    return(list(python = reticulate::virtualenv_python(environment_name), how = "install_ganbridge()"))
  }
  config <- if (reticulate::py_available(initialize = FALSE)) {
    reticulate::py_config()
  } else if (Sys.getenv("RETICULATE_PYTHON") != "managed") {
    discover_without_download()
  }
  if (identical(choice, "RETICULATE_PYTHON") && !identical(config$forced, choice)) {
    # It does not run, and reticulate would take another one without a word.
    return(list(python = Sys.getenv(choice), how = choice))
  }
  if (is.null(config) || is.null(choice) && identical(config$forced, "PATH")) {
    return(list(python = NULL, how = "py_require()"))
  }
  list(python = config$python, how = c(loaded$how, choice, config$forced, "reticulate")[[1]])
}

discover_without_download <- function() {
  managed <- Sys.getenv("RETICULATE_USE_MANAGED_VENV", unset = NA)
  # reticulate tries one Python after the other, and would print each failure.
  quiet <- options(try.outFile = nullfile())
  on.exit({
    options(quiet)
    if (is.na(managed)) {
      Sys.unsetenv("RETICULATE_USE_MANAGED_VENV")
    } else {
      Sys.setenv(RETICULATE_USE_MANAGED_VENV = managed)
    }
  })
  Sys.setenv(RETICULATE_USE_MANAGED_VENV = "false")
  config <- suppressWarnings(reticulate::py_discover_config())
  if (is.list(config)) config
}

# Starts Python, and asks it what it has. It imports nothing: torch has to come in by the core.
start_python <- function() {
  how <- choose_python()
  metadata <- reticulate::import("importlib.metadata")
  finder <- reticulate::import("importlib.util")
  version <- function(name) {
    tryCatch(metadata$version(name), error = \(e) if (is.null(finder$find_spec(name))) NA_character_ else "?")
  }
  config <- reticulate::py_config()
  if (how == "py_require()" && !isTRUE(config$ephemeral)) {
    how <- c(config$forced, "reticulate")[[1]]
  }
  versions <- c(python = as.character(config$version), vapply(all_modules, version, ""))
  list(python = config$python, how = how, versions = versions)
}

# Asks another process, so that Python stays unstarted in this one.
probe_python <- function() {
  found <- find_python()
  found$versions <- rep(NA_character_, length(python_needs))
  names(found$versions) <- names(python_needs)
  if (!is.null(found$python)) {
    script <- tempfile(fileext = ".py")
    on.exit(unlink(script))
    writeLines(probe_script, script)
    call <- c(shQuote(script), all_modules)
    lines <- tryCatch(
      suppressWarnings(system2(found$python, call, stdout = TRUE, stderr = FALSE)),
      error = \(e) character()
    )
    parts <- strsplit(lines, " ", fixed = TRUE)
    parts <- Filter(\(part) length(part) == 2 && part[[1]] %in% names(python_needs), parts)
    found$versions[vapply(parts, `[[`, "", 1)] <- vapply(parts, `[[`, "", 2)
    found$sealed <- any(lines == "sealed")
  }
  found
}

probe_script <- c(
  "import os, sys, sysconfig, importlib.metadata as metadata, importlib.util as util",
  "print('python', sys.version.split()[0])",
  "mark = os.path.join(sysconfig.get_path('stdlib'), 'EXTERNALLY-MANAGED')",
  "if sys.prefix == sys.base_prefix and os.path.exists(mark): print('sealed')",
  "for name in sys.argv[1:]:",
  "    try: print(name, metadata.version(name))",
  "    except metadata.PackageNotFoundError:",
  "        if util.find_spec(name): print(name, '?')"
)

# Where the Python core lies that this R package carries.
core_path <- function() system.file("python", package = "ganbridge")

core <- function() {
  if (is.null(loaded$core)) {
    loaded$core <- load_core()
  }
  loaded$core
}

load_core <- function() {
  found <- tryCatch(start_python(), error = \(e) stop_ganbridge(start_failure(python_message(e))))
  loaded$how <- found$how
  problems <- python_problems(found)
  if (nrow(problems) > 0) {
    # The other process knows more about how to mend it; this one knows that there is a problem.
    probed <- python_problems(probe_python())
    stop_ganbridge(format_problem(if (nrow(probed) > 0) probed else problems))
  }
  module <- tryCatch(
    reticulate::import_from_path("ganbridge.bridge", path = core_path()),
    error = \(e) stop_ganbridge(start_failure(python_message(e)))
  )
  wanted <- as.character(packageVersion("ganbridge"))
  if (!identical(module$version(), wanted)) {
    stop_ganbridge(
      "Python has already loaded ganbridge ", module$version(), ", but this R package is ", wanted,
      ". Install the same version for both, and restart R."
    )
  }
  module
}

start_failure <- function(message) {
  paste0(
    "Python could not be started: ", message,
    "\nganbridge::gan_sitrep() says what was found, ganbridge::install_ganbridge() sets Python up."
  )
}

# Calls a function of ganbridge.bridge. An error from Python becomes an R error with Python's
# message alone; a KeyboardInterrupt is an R interrupt already and passes through.
call_core <- function(name, ...) {
  run <- core()[[name]]
  tryCatch(run(...), python.builtin.BaseException = \(e) stop_ganbridge(python_message(e)))
}

python_message <- function(error) {
  raised <- attr(error, "py_object")
  if (!is.null(raised)) {
    return(in_r_words(reticulate::py_str(raised)))
  }
  lines <- strsplit(conditionMessage(error), "\n", fixed = TRUE)[[1]]
  paste(lines[!grepl("py_last_error", lines, fixed = TRUE)], collapse = "\n")
}

# What the running core says about the torch it uses; NULL while Python is not started.
torch_state <- function() {
  if (!is.null(loaded$core)) call_core("torch_state")
}

reticulate_version <- function() as.character(packageVersion("reticulate"))
