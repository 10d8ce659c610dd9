#' Draw the losses of both networks over the epochs, and the scores
#'
#' Thin lines are the losses of each epoch, thick ones their trend. A loss says little about the quality of the
#' sample, but one that diverges shows that the training failed. If scores were computed during training (0 is perfect),
#' they are drawn in a second panel, with the epoch that was kept. A table whose prior is a mixture has no generator
#' that is trained: the loss is that of the discriminator on held-out rows, after each of its trees.
#'
#' @param fit A fit made by [gan_fit()].
#' @return `fit`, invisibly. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [plot_waves()], [plot.gan_fit()]
#' @examplesIf ganbridge::gan_available()
#' plot_losses(gan_fit(faithful, epochs = 20, seed = 1))
#' @export
plot_losses <- function(fit) {
  history <- check_fit(fit)$history
  losses <- cbind(history$generator_loss, history$discriminator_loss)
  shown <- is.finite(losses)
  if (!any(shown)) {
    stop_argument("`fit` must hold at least one finite loss to draw, not none.")
  }
  scored <- is.finite(history$score)
  # A plot of one panel does not change the layout of the page, so that it can be one of several plots.
  alone <- identical(par("mfrow"), c(1L, 1L))
  old <- if (any(scored) && alone) open_losses_and_scores() else open_single()
  on.exit(par(old))
  draw_losses(history$epoch, losses, shown, !any(scored) || !alone)
  if (any(scored) && alone) draw_scores(history$epoch, history$score, scored, fit$kept)
  invisible(fit)
}

open_losses_and_scores <- function() {
  old <- par("mfrow", "oma", "cex")
  par(mfrow = c(2, 1), oma = c(0, 0, 0, 0), cex = 0.9)
  c(old, open_single())
}

draw_losses <- function(epoch, losses, shown, labelled) {
  left_margin(format(pretty(losses[shown]))) # diverging losses have long tick labels
  if (!labelled) par(mar = replace(par("mar"), 1, 2))
  of_trees <- !any(shown[, 1])
  open_panel(
    range(epoch), range(losses[shown]),
    xlab = if (labelled) if (of_trees) "tree" else "epoch",
    ylab = if (of_trees) "loss of held-out rows" else "loss"
  )
  colours <- c(ink$generated, ink$discriminator)
  many <- length(epoch) > 30
  thin <- if (many) adjustcolor(colours, 0.35) else colours
  for (k in 1:2) {
    x <- epoch[shown[, k]]
    y <- losses[shown[, k], k]
    lines(x, y, type = if (length(x) == 1) "p" else "l", pch = 16, col = thin[[k]], lwd = if (many) 0.8 else 1.6)
  }
  if (many) draw_trends(epoch, losses, shown, colours)
  drawn <- if (of_trees) 2 else 1:2
  draw_key(c("generator", "discriminator")[drawn], colours[drawn])
}

draw_trends <- function(epoch, losses, shown, colours) {
  for (k in 1:2) {
    x <- epoch[shown[, k]]
    if (length(x) > 1) {
      lines(lowess(x, losses[shown[, k], k], f = max(0.1, 12 / length(x))), col = colours[[k]], lwd = 2)
    }
  }
}

# The axis starts at zero, the best score, so that a small change looks small.
draw_scores <- function(epoch, score, scored, kept) {
  open_panel(range(epoch), c(0, max(score[scored])), xlab = "epoch", ylab = "score, 0 is perfect")
  if (!is.null(kept) && kept >= epoch[[1]] && kept <= epoch[[length(epoch)]]) {
    abline(v = kept, lty = 3, col = "grey35")
    mtext(paste("kept:", epoch_title(kept)), 3, line = 0.35, adj = 1, col = "grey35", cex = par("cex"))
  }
  lines(epoch[scored], score[scored], type = "o", pch = 16, cex = 0.6, col = ink$score)
}
