# Progress of a fit: a bar if the terminal can redraw a line, otherwise a line every ten seconds (in a console that
# can't, or in a script or a document that sets `progress = TRUE`)

shows_progress <- function(progress) {
  if (is.null(progress)) {
    interactive() && !isTRUE(getOption("knitr.in.progress"))
  } else {
    check_flag(progress, "progress")
  }
}

# `report` takes the core's list of epoch, epochs, losses, seconds, unit and share (done of the whole); `done` is called
# once, also if the fit fails.
progress_reporter <- function(asked = FALSE) {
  if (cli::is_dynamic_tty()) bar_reporter() else line_reporter(asked)
}

bar_reporter <- function() {
  bar <- NULL
  report <- function(state) {
    if (is.null(bar)) {
      bar <<- cli::cli_progress_bar(
        total = bar_parts, clear = TRUE, .auto_close = FALSE, .envir = globalenv(),
        format = paste(
          "{cli::pb_bar} {cli::pb_eta_str} |", # the end may be cut off
          "{cli::pb_extra$step} | {cli::pb_extra$losses}"
        ),
        extra = bar_words(state)
      )
    }
    # The core reports now and then; cli would draw only if its own clock has ticked since, too.
    cli::cli_progress_update(
      set = round(bar_parts * state$share), extra = bar_words(state), id = bar,
      force = state$seconds >= getOption("cli.progress_show_after", 2)
    )
  }
  list(report = report, done = \() if (!is.null(bar)) cli::cli_progress_done(id = bar))
}

bar_parts <- 1000

bar_words <- function(state) list(step = step_text(state), losses = loss_text(state))

# asked: whether the user has asked for progress, and gets a first and a last line, too, of a fit of any length
line_reporter <- function(asked = TRUE, seconds = 10) {
  due <- if (asked) 0 else seconds
  shown <- asked
  report <- function(state) {
    if (state$seconds >= due || state$share >= 1 && shown) {
      due <<- state$seconds + seconds
      shown <<- TRUE
      message(sprintf("%s | %s | %.1f s | %s", step_text(state), loss_text(state), state$seconds, left_text(state)))
    }
  }
  list(report = report, done = \() NULL)
}

left_text <- function(state) {
  left <- state$seconds * (1 / max(state$share, 1e-3) - 1)
  paste(if (left < 100) sprintf("%.0f s", left) else sprintf("%.0f min", left / 60), "left")
}

# G and D, because the full names do not fit into a line of 80 columns beside the bar
loss_text <- function(state) {
  if (state$unit == "mixture") {
    "held-out likelihood"
  } else if (state$unit == "step") {
    "network on the draws"
  } else if (state$unit == "tree") {
    sprintf("held-out loss %.3f", state$discriminator_loss)
  } else {
    sprintf("loss G %.3f, D %.3f", state$generator_loss, state$discriminator_loss)
  }
}

# An epoch; for a table without networks a mixture that is tried, a step of a network on its draws, or a tree of the
# discriminator
step_text <- function(state) sprintf("%s %d/%d", state$unit, as.integer(state$epoch), as.integer(state$epochs))
