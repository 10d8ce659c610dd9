# Progress of a fit: a bar if the terminal can redraw a line, otherwise a line at intervals (in a script or a document
# that sets `progress = TRUE`)

shows_progress <- function(progress) {
  if (is.null(progress)) {
    # Under rpy2, for example, interactive() is TRUE without a terminal.
    interactive() && cli::is_dynamic_tty() && !isTRUE(getOption("knitr.in.progress"))
  } else {
    check_flag(progress, "progress")
  }
}

# `report` takes the core's list of epoch, epochs, generator_loss, discriminator_loss and seconds; `done` is called
# once, also if the fit fails.
progress_reporter <- function() {
  if (cli::is_dynamic_tty()) bar_reporter() else line_reporter()
}

bar_reporter <- function() {
  bar <- NULL
  report <- function(state) {
    if (is.null(bar)) {
      bar <<- cli::cli_progress_bar(
        total = state$epochs, clear = TRUE, .auto_close = FALSE, .envir = globalenv(),
        format = paste(
          "{cli::pb_bar}", step_word(state), "{cli::pb_current}/{cli::pb_total} |",
          "{cli::pb_extra$losses} | {cli::pb_eta_str}"
        ),
        extra = list(losses = loss_text(state))
      )
    }
    cli::cli_progress_update(set = state$epoch, extra = list(losses = loss_text(state)), id = bar)
  }
  list(report = report, done = \() if (!is.null(bar)) cli::cli_progress_done(id = bar))
}

line_reporter <- function(share = 0.1) {
  due <- 0
  report <- function(state) {
    if (state$epoch >= due || state$epoch >= state$epochs) {
      due <<- (floor(state$epoch / state$epochs / share) + 1) * share * state$epochs
      message(sprintf(
        "%s %d/%d | %s | %.1f s",
        step_word(state), as.integer(state$epoch), as.integer(state$epochs), loss_text(state), state$seconds
      ))
    }
  }
  list(report = report, done = \() NULL)
}

# G and D, because the full names do not fit into a line of 80 columns beside the bar
loss_text <- function(state) {
  if (is_of_trees(state)) {
    sprintf("held-out loss %.3f", state$discriminator_loss)
  } else {
    sprintf("loss G %.3f, D %.3f", state$generator_loss, state$discriminator_loss)
  }
}

# Without a generator that is trained, an epoch is one tree of the discriminator.
is_of_trees <- function(state) is.nan(state$generator_loss)

step_word <- function(state) if (is_of_trees(state)) "tree" else "epoch"
