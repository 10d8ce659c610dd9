# The only file that uses reticulate: it finds Python, sets it up, compares versions, and calls the core by
# `call_core()`.

environment_name <- "r-ganbridge"

# Checked here, because py_require() checks nothing if another Python was chosen.
python_needs <- c(
  python = "3.10", torch = "2.6", numpy = "1.26", pandas = "2.0", safetensors = "0.4", "scikit-learn" = "1.3",
  jinja2 = "3.0", matplotlib = "3.7", pillow = "9.4"
)
# Always installed, needed only by gan_evaluate(), gan_report() and animate_training()
evaluation_modules <- c("scikit-learn", "jinja2", "matplotlib", "pillow")
core_modules <- setdiff(names(python_needs), c("python", evaluation_modules))
all_modules <- c(core_modules, evaluation_modules)
import_names <- c("scikit-learn" = "sklearn", pillow = "PIL") # of modules that have another name in Python
pyarrow <- "pyarrow>=15" # for files other than CSV
cpu_torch <- "https://download.pytorch.org/whl/cpu" # pip finds builds without CUDA there, and only there

loaded <- new.env(parent = emptyenv())

#' Set up Python for ganbridge
#'
#' Creates a virtual environment called `r-ganbridge` and installs into it what
#' all functions of ganbridge need: torch, numpy, pandas, safetensors and, for
#' [gan_evaluate()], [gan_report()] and [animate_training()], scikit-learn, jinja2, matplotlib and pillow. ganbridge
#' uses this environment automatically, in this session (if Python is not running yet) and in
#' all later ones. A build of torch for the CPU takes about 1 GB of disk with all that it needs, one for NVIDIA GPUs
#' several.
#'
#' @param torch The build of torch: `"cpu"` for processors only, `"cuda"` for NVIDIA GPUs as well, or `"auto"`: on Linux
#'   the latter if there is a driver for such a GPU (`nvidia-smi` is found), and otherwise the former; elsewhere
#'   what pip
#'   installs without options. On Linux, the build for processors is fetched from PyTorch's own index of packages.
#' @param python The path of the Python (>= 3.10) from which the environment is created.
#'   `NULL` takes the newest that reticulate finds.
#' @param pip_options Further options for `pip install`, a character vector. With `torch = "auto"`, they are all that
#'   decides where torch comes from.
#' @param files `TRUE` installs pyarrow, too, for Parquet, Arrow and Feather files (see [gan_fit()]).
#' @param force `TRUE` removes an existing environment of that name first.
#' @return The path of the environment, invisibly. An error of class
#'   `ganbridge_error` if no suitable Python was found or the installation
#'   failed.
#' @seealso [gan_sitrep()] to check the installation.
#' @examples
#' \dontrun{
#' install_ganbridge()
#' }
#' @export
install_ganbridge <- function(python = NULL, pip_options = character(), force = FALSE,
                              torch = c("auto", "cpu", "cuda"), files = FALSE) {
  check_flag(force, "force")
  check_flag(files, "files")
  index <- torch_index(check_choice(torch, "torch", c("auto", "cpu", "cuda")), pip_options)
  result <- tryCatch({
    starter <- if (is.null(python)) reticulate::virtualenv_starter(">=3.10") else check_path(python, "python")
    if (is.null(starter)) {
      stop("no Python of version 3.10 or newer was found. Install one, or pass its path as `python`.")
    }
    reticulate::virtualenv_create(environment_name, python = starter, packages = NULL, force = force)
    if (!is.null(index)) {
      options <- c(pip_options, "--index-url", index)
      reticulate::virtualenv_install(environment_name, pip_requirements("torch"), pip_options = options)
    }
    packages <- c(pip_requirements(), if (files) pyarrow)
    reticulate::virtualenv_install(environment_name, packages, pip_options = pip_options)
  }, error = identity)
  if (inherits(result, "error")) {
    stop_python("install_ganbridge() failed: ", conditionMessage(result))
  }
  path <- dirname(dirname(reticulate::virtualenv_python(environment_name)))
  running <- reticulate::py_available(initialize = FALSE)
  message("ganbridge's Python is ready in ", path, if (running) ". Restart R to use it.")
  invisible(path)
}

# Where torch is installed from before all else, or NULL for where pip looks anyway
torch_index <- function(torch, pip_options, linux = Sys.info()[["sysname"]] == "Linux",
                        gpu = nzchar(Sys.which("nvidia-smi"))) {
  cpu <- torch == "cpu" || torch == "auto" && !gpu && length(pip_options) == 0
  if (cpu && linux) cpu_torch
}

pip_requirements <- function(modules = all_modules) {
  paste0(modules, ">=", python_needs[modules])
}

# How the user chose a Python, which takes precedence over ganbridge's choice; NULL if there is no such choice
user_python <- function() {
  # For reticulate, an empty value is an error.
  if (identical(Sys.getenv("RETICULATE_PYTHON", unset = NA), "")) {
    Sys.unsetenv("RETICULATE_PYTHON")
  }
  if (is_python_running()) {
    "the running process"
  } else if (!Sys.getenv("RETICULATE_PYTHON") %in% c("", "managed")) {
    "RETICULATE_PYTHON"
  } else if (nzchar(Sys.getenv("RETICULATE_PYTHON_ENV"))) {
    "RETICULATE_PYTHON_ENV"
  } else if (startsWith(c(discover_without_download()$forced, "")[[1]], "use_python")) {
    "use_python()"
  }
}

# Also TRUE if R runs inside Python (rpy2), which reticulate does not know at first
is_python_running <- function() {
  host <- sprintf("current_pid=%d:", Sys.getpid())
  reticulate::py_available(initialize = FALSE) ||
    grepl(host, paste0(Sys.getenv("PYTHON_SESSION_INITIALIZED"), ":"), fixed = TRUE)
}

has_own_environment <- function() {
  Sys.getenv("RETICULATE_PYTHON") != "managed" && reticulate::virtualenv_exists(environment_name)
}

# Sets the Python that reticulate starts, and returns how it was chosen
choose_python <- function() {
  choice <- user_python()
  if (is.null(choice) && has_own_environment()) {
    reticulate::use_virtualenv(environment_name, required = TRUE)
    return("install_ganbridge()")
  }
  if (is.null(choice) && is.null(find_python()$path)) {
    check_download()
  }
  if (is.null(choice) || choice == "the running process") {
    reticulate::py_require(pip_requirements(), python_version = ">=3.10")
  }
  if (is.null(choice)) "py_require()" else choice
}

# What reticulate downloads at first use if nothing else was chosen. On Linux these are gigabytes, which nobody gets
# without having been asked.
download_size <- function(linux = Sys.info()[["sysname"]] == "Linux") {
  if (linux) "several gigabytes, because torch comes with CUDA" else "about 1 GB"
}

check_download <- function(asks = interactive(), linux = Sys.info()[["sysname"]] == "Linux") {
  if (Sys.getenv("RETICULATE_PYTHON") == "managed") {
    return(invisible())
  }
  if (!linux) {
    message(
      "reticulate provides Python and its modules now; what is not in its cache is downloaded (",
      download_size(linux), ")."
    )
    return(invisible())
  }
  question <- paste0("No Python was set up. Let reticulate download one with its modules (", download_size(linux), ")?")
  if (!asks || !identical(utils::menu(c("Yes", "No"), title = question), 1L)) {
    stop_python(
      "No Python was set up.\nganbridge::install_ganbridge() sets one up (about 1 GB; with torch = \"cuda\" more).",
      "\nSys.setenv(RETICULATE_PYTHON = \"managed\") lets reticulate provide one instead (", download_size(linux), ")."
    )
  }
}

# The Python that would be started, found without starting it and without letting reticulate download one. `path` is
# NULL if py_require() would have to provide it.
find_python <- function() {
  choice <- user_python()
  if (is.null(choice) && has_own_environment()) {
    return(list(path = reticulate::virtualenv_python(environment_name), how = "install_ganbridge()"))
  }
  config <- if (reticulate::py_available(initialize = FALSE)) {
    reticulate::py_config()
  } else if (Sys.getenv("RETICULATE_PYTHON") != "managed") {
    discover_without_download()
  }
  if (identical(choice, "RETICULATE_PYTHON") && !identical(config$forced, choice)) {
    # It does not run, and reticulate would silently take another one.
    return(list(path = Sys.getenv(choice), how = choice))
  }
  if (is.null(config) || is.null(choice) && identical(config$forced, "PATH")) {
    return(list(path = NULL, how = "py_require()"))
  }
  list(path = config$python, how = c(loaded$how, choice, config$forced, "reticulate")[[1]])
}

discover_without_download <- function() {
  managed <- Sys.getenv("RETICULATE_USE_MANAGED_VENV", unset = NA)
  # reticulate tries several Pythons, and would print each failure.
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

# Starts Python and finds the versions of its modules without importing them, because the core must import torch first
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
  list(path = config$python, how = how, versions = versions)
}

# The same from a separate process, so that no Python is started in this one. imports: whether each module is imported,
# too, which takes seconds; `failed` then has the error of each that cannot be, and `gpu` the name of the GPU that torch
# finds, or "none".
probe_python <- function(imports = FALSE) {
  python <- find_python()
  python$versions <- rep(NA_character_, length(python_needs))
  names(python$versions) <- names(python_needs)
  if (!is.null(python$path)) {
    script <- tempfile(fileext = ".py")
    on.exit(unlink(script))
    writeLines(probe_script, script)
    names <- ifelse(all_modules %in% names(import_names), import_names[all_modules], all_modules)
    call <- c(shQuote(script), if (imports) "import" else "find", paste(all_modules, names, sep = ":"))
    lines <- tryCatch(
      suppressWarnings(system2(python$path, call, stdout = TRUE, stderr = FALSE)),
      error = \(e) character()
    )
    failures <- regmatches(lines, regexec("^failed ([^ ]+) (.*)$", lines))
    failures <- Filter(\(failure) length(failure) == 3, failures)
    python$failed <- stats::setNames(vapply(failures, `[[`, "", 3), vapply(failures, `[[`, "", 2))
    parts <- strsplit(lines, " ", fixed = TRUE)
    parts <- Filter(\(part) length(part) == 2 && part[[1]] %in% names(python_needs), parts)
    python$versions[vapply(parts, `[[`, "", 1)] <- vapply(parts, `[[`, "", 2)
    python$externally_managed <- any(lines == "externally_managed")
    python$gpu <- sub("^gpu ", "", grep("^gpu ", lines, value = TRUE))
  }
  python
}

probe_script <- c(
  "import os, sys, sysconfig, importlib, importlib.metadata as metadata, importlib.util as util",
  "print('python', sys.version.split()[0])",
  "mark = os.path.join(sysconfig.get_path('stdlib'), 'EXTERNALLY-MANAGED')",
  "if sys.prefix == sys.base_prefix and os.path.exists(mark): print('externally_managed')",
  "for entry in sys.argv[2:]:",
  "    name, module = entry.split(':')",
  "    try: print(name, metadata.version(name))",
  "    except metadata.PackageNotFoundError:",
  "        if not util.find_spec(module): continue",
  "        print(name, '?')",
  "    if sys.argv[1] != 'import': continue",
  "    try: importlib.import_module(module)",
  "    except BaseException as problem: print('failed', name, ' '.join(str(problem).split())[:200])",
  "torch = sys.modules.get('torch')",
  "if torch is None: sys.exit()",
  "try: print('gpu', torch.cuda.get_device_name(0) if torch.cuda.is_available() else 'none')",
  "except BaseException: print('gpu none')"
)

# The path of the Python core inside this R package
core_path <- function() system.file("python", package = "ganbridge")

core <- function() {
  if (is.null(loaded$core)) {
    loaded$core <- load_core()
  }
  loaded$core
}

load_core <- function() {
  python <- tryCatch(start_python(), error = \(e) {
    # Without a set-up, nothing was started.
    if (inherits(e, "ganbridge_python_missing")) stop(e)
    stop_python(start_failure(python_message(e)))
  })
  loaded$how <- python$how
  problems <- python_problems(python)
  if (nrow(problems) > 0) {
    # The separate process knows more about the remedy, but may not find the problem.
    probed <- python_problems(probe_python())
    stop_python(format_problem(if (nrow(probed) > 0) probed else problems))
  }
  module <- tryCatch(
    import_uncached("ganbridge.bridge", core_path()),
    error = \(e) stop_python(start_failure(python_message(e)))
  )
  wanted <- as.character(packageVersion("ganbridge"))
  if (!identical(module$version(), wanted)) {
    stop_python(
      "Python has already loaded ganbridge ", module$version(), ", but this R package is ", wanted,
      ". Install the same version for both, and restart R."
    )
  }
  module
}

# Imports without writing compiled modules beside the sources: they lie in R's library, which is not ours to write to.
import_uncached <- function(module, path) {
  reticulate::py_run_string(paste(uncached, collapse = "\n"), local = TRUE)$leave_sources_alone(path)
  reticulate::import_from_path(module, path = path)
}

uncached <- c(
  "def leave_sources_alone(folder):",
  "    import sys",
  "    from importlib.machinery import FileFinder, SOURCE_SUFFIXES, SourceFileLoader",
  "    class Uncached(SourceFileLoader):",
  "        def set_data(self, path, data, *, _mode=0o666): pass",
  "    def finder(path):",
  "        if not path.startswith(folder): raise ImportError(path)",
  "        return FileFinder(path, (Uncached, SOURCE_SUFFIXES))",
  "    sys.path_hooks.insert(0, finder)"
)

start_failure <- function(message, managed = is.null(user_python()) && !has_own_environment()) {
  # reticulate 1.41 and 1.42 download a uv whose environments no longer outlive it.
  outdated <- managed && utils::compareVersion(reticulate_version(), "1.43") < 0
  paste0(
    "Python could not be started: ", message,
    if (outdated) {
      paste0(
        "\nreticulate ", reticulate_version(), " does not work with uv 0.8 and newer, by which it provides Python. ",
        "install.packages(\"reticulate\") updates it."
      )
    },
    "\nganbridge::gan_sitrep() reports what was found, ganbridge::install_ganbridge() sets Python up."
  )
}

# Calls a function of ganbridge.bridge. An error in Python becomes an R error with only Python's message; reticulate
# makes a KeyboardInterrupt an R interrupt, which is not caught.
call_core <- function(name, ...) call_core_with(name, list(...))

# The same with a list of arguments. Each is named in the call and not part of it, as it would be after do.call():
# traceback() prints calls, and would print all data.
call_core_with <- function(name, arguments) {
  run <- core()[[name]] # nolint: object_usage_linter. It is called by name.
  values <- lapply(seq_along(arguments), \(i) bquote(arguments[[.(i)]]))
  names(values) <- names(arguments)
  tryCatch(
    eval(as.call(c(quote(run), values))),
    python.builtin.BaseException = \(e) stop_ganbridge(python_message(e), class = error_class(e))
  )
}

error_class <- function(error) {
  if (inherits(error, c("python.builtin.OSError", "ganbridge.stored.BadFileError"))) {
    "ganbridge_bad_file"
  } else if (inherits(error, c("python.builtin.ValueError", "python.builtin.TypeError"))) {
    "ganbridge_bad_argument"
  } else if (inherits(error, "python.builtin.MemoryError")) {
    "ganbridge_out_of_memory"
  } else if (inherits(error, "python.builtin.ImportError")) {
    "ganbridge_python_missing"
  } else {
    character()
  }
}

stop_python <- function(...) stop_ganbridge(..., class = "ganbridge_python_missing")

python_message <- function(error) {
  raised <- attr(error, "py_object")
  if (!is.null(raised)) {
    return(in_r_words(reticulate::py_str(raised)))
  }
  lines <- strsplit(conditionMessage(error), "\n", fixed = TRUE)[[1]]
  paste(lines[!grepl("py_last_error", lines, fixed = TRUE)], collapse = "\n")
}

# What the running core reports about its torch; NULL if the core has not been loaded
torch_state <- function() {
  if (!is.null(loaded$core)) call_core("torch_state")
}

reticulate_version <- function() as.character(packageVersion("reticulate"))
