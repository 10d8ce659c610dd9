# The only file that names reticulate: where Python is found, how it is set up, the version
# handshake, and `call_core()`, the one way to the core.

environment_name <- "r-ganbridge"

# Checked here, because py_require() checks nothing once a Python has been chosen.
python_needs <- c(python = "3.10", torch = "2.6", numpy = "1.26", pandas = "2.0", safetensors = "0.4")

loaded <- new.env(parent = emptyenv())

#' Set up Python for ganbridge
#'
#' Creates a virtual environment called `r-ganbridge` and installs into it what
#' the Python core needs: torch, numpy, pandas and safetensors. ganbridge finds this
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
      stop("no Python of version 3.10 or newer was found. Install one, or name it: install_ganbridge(python = ...)")
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

pip_requirements <- function(modules = setdiff(names(python_needs), "python")) {
  paste0(modules, ">=", python_needs[modules])
}

# The user's own choice always wins over what ganbridge would take.
user_python <- function() {
  named <- get0(".globals", envir = asNamespace("reticulate"), inherits = FALSE)$required_python_version
  if (reticulate::py_available(initialize = FALSE) || nzchar(Sys.getenv("PYTHON_SESSION_INITIALIZED"))) {
    "running"
  } else if (!Sys.getenv("RETICULATE_PYTHON") %in% c("", "managed")) {
    "RETICULATE_PYTHON"
  } else if (nzchar(Sys.getenv("RETICULATE_PYTHON_ENV"))) {
    "RETICULATE_PYTHON_ENV"
  } else if (!is.null(named)) {
    "use_python()"
  }
}

has_own_environment <- function() {
  Sys.getenv("RETICULATE_PYTHON") != "managed" && reticulate::virtualenv_exists(environment_name)
}

choose_python <- function() {
  choice <- user_python()
  if (is.null(choice) && has_own_environment()) {
    reticulate::use_virtualenv(environment_name, required = TRUE)
  } else if (is.null(choice) || choice == "running") {
    reticulate::py_require(pip_requirements(), python_version = ">=3.10")
  }
}

# The Python that a first use would start, found without starting it and without letting
# reticulate download one: `python` is NULL where py_require() would have to provide it.
find_python <- function() {
  choice <- user_python()
  if (is.null(choice) && has_own_environment()) {
    return(list(python = reticulate::virtualenv_python(environment_name), how = "install_ganbridge()"))
  }
  if (Sys.getenv("RETICULATE_PYTHON") == "managed") {
    return(list(python = NULL, how = "py_require()"))
  }
  config <- if (identical(choice, "running") && reticulate::py_available(initialize = FALSE)) {
    reticulate::py_config()
  } else {
    managed <- Sys.getenv("RETICULATE_USE_MANAGED_VENV", unset = NA)
    Sys.setenv(RETICULATE_USE_MANAGED_VENV = "false")
    on.exit(
      if (is.na(managed)) {
        Sys.unsetenv("RETICULATE_USE_MANAGED_VENV")
      } else {
        Sys.setenv(RETICULATE_USE_MANAGED_VENV = managed)
      }
    )
    reticulate::py_discover_config()
  }
  if (is.null(config) || is.null(choice) && identical(config$forced, "PATH")) {
    return(list(python = NULL, how = "py_require()"))
  }
  how <- if (is.null(choice)) config$forced else if (choice == "running") "already running" else choice
  list(python = config$python, how = if (is.null(how)) "reticulate's own search" else how, shared = config$libpython)
}

# Starts Python, and asks it what it has.
running_python <- function() {
  metadata <- reticulate::import("importlib.metadata")
  config <- reticulate::py_config()
  version <- \(name) tryCatch(metadata$version(name), error = \(e) if (reticulate::py_module_available(name)) "?" else NA)
  modules <- setdiff(names(python_needs), "python")
  versions <- c(as.character(config$version), vapply(modules, \(name) as.character(version(name)), ""))
  names(versions) <- c("python", modules)
  list(python = config$python, how = config$forced, versions = versions)
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
    arguments <- c(shQuote(script), setdiff(names(python_needs), "python"))
    lines <- suppressWarnings(system2(found$python, arguments, stdout = TRUE, stderr = FALSE))
    parts <- strsplit(lines, " ", fixed = TRUE)
    parts <- parts[lengths(parts) == 2]
    found$versions[vapply(parts, `[[`, "", 1)] <- vapply(parts, `[[`, "", 2)
  }
  found
}

probe_script <- c(
  "import sys, importlib.metadata as metadata, importlib.util as util",
  "print('python', sys.version.split()[0])",
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
  choose_python()
  found <- tryCatch(running_python(), error = \(e) stop_ganbridge(start_failure(python_message(e))))
  problems <- python_problems(found)
  if (nrow(problems) > 0) {
    stop_ganbridge(problems$problem, " (", found$python, "). Mend it with\n  ", problems$remedy, "\nand restart R.")
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
  paste0("Python could not be started: ", message, "\nganbridge::gan_sitrep() says what was found.")
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
    return(reticulate::py_str(raised))
  }
  lines <- strsplit(conditionMessage(error), "\n", fixed = TRUE)[[1]]
  paste(lines[!grepl("py_last_error", lines, fixed = TRUE)], collapse = "\n")
}

# What the running core says about the torch it uses; NULL while Python is not started.
torch_state <- function() {
  if (!is.null(loaded$core)) call_core("torch_state")
}

reticulate_version <- function() as.character(packageVersion("reticulate"))
