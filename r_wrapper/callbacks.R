# What watches a fit while it runs: its progress, and a user's functions

watched_by <- function(progress, callbacks) {
  list(
    reporter = if (shows_progress(progress)) progress_reporter(asked = isTRUE(progress)),
    callbacks = check_functions(callbacks, "callbacks")
  )
}

# Calls a function of the core that trains. An error in a callback reaches Python as one of its own; the condition that
# it was is signalled again at the end.
call_watched <- function(name, arguments, watched) {
  raised <- NULL
  if (!is.null(watched$reporter)) {
    on.exit(watched$reporter$done())
    arguments$progress <- watched$reporter$report
  }
  arguments$callbacks <- lapply(watched$callbacks, \(callback) {
    force(callback)
    \(state) tryCatch(!isFALSE(callback(new_state(state))), error = \(e) {
      raised <<- e
      stop(e)
    })
  })
  tryCatch(call_core_with(name, arguments), error = \(e) stop(if (is.null(raised)) e else raised))
}

# The core's list of a fit after one of its epochs, as a user's function gets it
new_state <- function(state) {
  counts <- c("epoch", "epochs", "step")
  state[counts] <- lapply(state[counts], as.integer)
  state$sample <- \(n) data_from_core(call_core("sample_now", check_count(n, "n")))
  state
}
