#' Draw the losses of both networks over the epochs
#'
#' The thin lines are the losses as they were, the thick ones follow their trend. What matters
#' is that neither network's loss runs away; a loss says little about the quality of the
#' sample.
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
    stop_ganbridge("`fit` must hold at least one finite loss to draw, not none.")
  }
  old <- open_single()
  on.exit(par(old))
  open_panel(range(history$epoch), range(losses[shown]), xlab = "epoch", ylab = "loss")
  colours <- c(ink$generated, ink$discriminator)
  many <- length(history$epoch) > 30
  thin <- if (many) adjustcolor(colours, 0.35) else colours
  for (k in 1:2) {
    x <- history$epoch[shown[, k]]
    y <- losses[shown[, k], k]
    lines(x, y, type = if (length(x) == 1) "p" else "l", pch = 16, col = thin[[k]], lwd = if (many) 0.8 else 1.6)
  }
  if (many) draw_trends(history$epoch, losses, shown, colours)
  draw_key(c("generator", "discriminator"), colours)
  invisible(fit)
}

draw_trends <- function(epoch, losses, shown, colours) {
  for (k in 1:2) {
    x <- epoch[shown[, k]]
    if (length(x) > 1) {
      lines(lowess(x, losses[shown[, k], k], f = max(0.1, 12 / length(x))), col = colours[[k]], lwd = 2)
    }
  }
}
