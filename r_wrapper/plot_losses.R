#' Draw the losses of both networks over the epochs, and the scores
#'
#' Thin lines are the losses of each epoch, thick ones their trend. A loss says little about the quality of the
#' sample, but one that diverges shows that the training failed. If scores were computed during training (0 is perfect),
#' they are drawn in a second panel, with the epoch that was kept. A table whose prior is a mixture has no generator
#' that is trained: the loss is that of the discriminator on held-out rows, after each of its trees.
#'
#' @param fit A fit made by [gan_fit()].
#' @return A ggplot object. Bad arguments are an error of class `ganbridge_error`.
#' @seealso [plot_waves()], [plot.gan_fit()]
#' @examplesIf ganbridge::gan_available()
#' plot_losses(gan_fit(faithful, epochs = 20, seed = 1))
#' @export
plot_losses <- function(fit) {
  history <- check_fit(fit)$history
  losses <- loss_rows(history)
  if (nrow(losses) == 0) {
    stop_argument("`fit` must hold at least one finite loss to draw, not none.")
  }
  of_trees <- !any(losses$network == "generator")
  words <- c(if (of_trees) "loss of held-out rows" else "loss", "score, 0 is perfect")
  scored <- is.finite(history$score)
  losses$panel <- factor(words[[1]], words)
  scores <- data.frame(epoch = history$epoch, value = history$score, panel = factor(words[[2]], words))[scored, ]
  smooth <- nrow(history) >= trend_from
  line <- ggplot2::aes(.data$epoch, .data$value, colour = .data$network)
  networks <- c("generator", "discriminator")
  ggplot2::ggplot(losses, ggplot2::aes(.data$epoch, .data$value)) +
    (if (nrow(history) > 1) {
      ggplot2::geom_line(line, alpha = if (smooth) 0.35 else 1, linewidth = if (smooth) 0.3 else 0.6)
    } else {
      ggplot2::geom_point(line)
    }) +
    (if (smooth) ggplot2::geom_line(ggplot2::aes(y = .data$trend, colour = .data$network), linewidth = 0.8)) +
    score_layers(fit, scores) +
    (if (any(scored)) ggplot2::facet_wrap("panel", ncol = 1, scales = "free_y")) +
    ggplot2::scale_colour_manual(values = source_colours[networks], breaks = intersect(networks, losses$network)) +
    ggplot2::guides(colour = ggplot2::guide_legend(override.aes = list(alpha = 1, linewidth = 1))) +
    ggplot2::labs(x = if (of_trees) "tree" else "epoch", y = if (!any(scored)) words[[1]]) + theme_gan()
}

trend_from <- 30 # epochs

# Epoch, network, loss and its trend: finite losses of both networks
loss_rows <- function(history) {
  bind(lapply(c("generator", "discriminator"), \(network) {
    value <- history[[paste0(network, "_loss")]]
    shown <- is.finite(value)
    value <- value[shown]
    trend <- moving_mean(value, length(value) %/% 15)
    data.frame(epoch = history$epoch[shown], network = rep(network, length(value)), value = value, trend = trend)
  }))
}

# Means over at most `reach` neighbours on each side, over fewer towards the ends, as in the core
moving_mean <- function(values, reach) {
  index <- seq_along(values)
  reaches <- pmin(reach, index - 1, length(values) - index)
  total <- c(0, cumsum(values))
  (total[index + reaches + 1] - total[index - reaches]) / (2 * reaches + 1)
}

# The axis of scores starts at zero, the best one, so that a small change looks small; a line marks the epoch kept.
score_layers <- function(fit, scores) {
  kept <- fit$kept
  epochs <- range(fit$history$epoch)
  if (nrow(scores) == 0) {
    return(NULL)
  }
  marked <- kept >= epochs[[1]] && kept <= epochs[[2]]
  mark <- data.frame(epoch = kept, value = 0, panel = scores$panel[[1]], label = paste("kept:", epoch_title(kept)))
  left <- kept > mean(epochs)
  list(
    ggplot2::geom_line(data = scores, colour = ink$score),
    ggplot2::geom_point(data = scores, colour = ink$score, size = 1),
    ggplot2::geom_blank(data = replace(scores[1, ], "value", 0)),
    if (marked) ggplot2::geom_vline(ggplot2::aes(xintercept = .data$epoch), mark, linetype = 3, colour = "grey35"),
    if (marked) {
      ggplot2::geom_text(
        ggplot2::aes(label = .data$label), mark, # below the scores, which are rarely near zero
        hjust = if (left) 1.05 else -0.05, vjust = -0.4, size = 2.8, colour = "grey35"
      )
    }
  )
}
