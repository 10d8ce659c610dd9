# Waves drawn with ggplot2: new waves, also beside real ones, and those of each epoch

# Twelve generated waves, or eight real and eight generated ones; if channels have strips, six, or three each, in a row
gg_waves <- function(new, rate, real = NULL) {
  waves <- wave_list(new(12))
  strips <- wave_scales(c(waves, real))$strips
  count <- if (is.null(real)) 12 else min(8, length(real))
  if (strips) count <- min(count, if (is.null(real)) 6 else 3)
  sides <- c(if (!is.null(real)) list(real = real[seq_len(count)]), list(generated = waves[seq_len(count)]))
  columns <- if (count > 4 && count %% 2 == 0) count / 2 else count # real and generated waves are never in the same row
  titles <- lapply(names(sides), \(side) paste(if (is.null(real)) "wave" else side, seq_len(count)))
  data <- long_sides(sides, titles, rate)
  gg_lines(data, c(waves, real), rate, sides = !is.null(real), columns = if (!is.null(real)) columns)
}

# One panel per epoch, and one for real waves if they are given
gg_wave_trace <- function(trace, real = NULL) {
  shown <- spread_early(length(trace$epoch), 12)
  samples <- lapply(trace$samples[shown], \(sample) head(kind_wave()$as_samples(sample), 12))
  real <- head(real, 12)
  sides <- c(samples, if (length(real)) list(real))
  names(sides) <- c(rep("generated", length(samples)), if (length(real)) "real")
  data <- long_sides(sides, c(as.character(epoch_label(trace$epoch, shown)), "real"), trace$rate)
  gg_lines(data, unlist(sides, recursive = FALSE), trace$rate, 0.4, sides = length(real) > 0)
}

solid_key <- function() ggplot2::guide_legend(override.aes = list(alpha = 1, linewidth = 1))

# A data.frame of all points of lists of waves, which are named "real" or "generated". `titles` has the titles of the
# panels: for each list one, or one per wave.
long_sides <- function(sides, titles, rate) {
  parts <- lapply(seq_along(sides), \(k) {
    data <- long_waves(sides[[k]], rate)
    cbind(data, panel = rep_len(titles[[k]], length(sides[[k]]))[data$wave], side = names(sides)[[k]])
  })
  data <- do.call(rbind, parts)
  data$panel <- factor(data$panel, unique(data$panel))
  data
}

# Each channel has a colour, or a row of panels if the channels differ widely or are many; otherwise real waves are grey
# and generated ones blue.
gg_lines <- function(data, waves, rate, alpha = 1, sides = FALSE, columns = NULL) {
  channels <- ncol(waves[[1]])
  strips <- channels > 1 && wave_scales(waves)$strips
  key <- channels > 1 && !strips
  data$colour <- if (key) data$channel else data$side
  colours <- if (key) unname(ink$channels) else c(real = ink$real, generated = ink$generated)
  line <- ggplot2::aes(
    .data$at, .data$value, group = interaction(.data$wave, .data$channel), colour = .data$colour
  )
  panels <- if (strips) {
    ggplot2::facet_grid(channel ~ panel, scales = "free_y", labeller = ggplot2::label_wrap_gen(10))
  } else {
    ggplot2::facet_wrap("panel", ncol = columns)
  }
  ggplot2::ggplot(data, line) + ggplot2::geom_line(alpha = alpha) + panels +
    ggplot2::scale_colour_manual(values = colours, guide = if (key) solid_key() else "none") +
    ggplot2::scale_x_continuous(n.breaks = if (strips) 3 else 4) +
    ggplot2::labs(x = wave_axis(2, rate)$label, y = "value") + gg_look() +
    ggplot2::theme(panel.spacing.x = ggplot2::unit(1.2, "lines")) +
    # Titles of narrow panels take two lines.
    (if (strips) ggplot2::theme(strip.text.x = ggplot2::element_text(size = ggplot2::rel(0.7))))
}

long_waves <- function(waves, rate) {
  at <- wave_axis(2, rate)$at
  names <- channel_names(waves)
  do.call(rbind, lapply(seq_along(waves), \(i) {
    wave <- waves[[i]]
    data.frame(wave = i, at = at(nrow(wave))[row(wave)], channel = factor(names[col(wave)], names), value = c(wave))
  }))
}
