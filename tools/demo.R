# Fits waves and a data set of R with default settings, and writes plots and samples to demo/.
# `make demo` runs it from the repository root.

library(ganbridge)

dir.create("demo", showWarnings = FALSE)
written <- character()

write_plot <- function(name, what, draw, width = 1600, height = 1100) {
  png(file.path("demo", name), width, height, res = 140)
  print(draw())
  invisible(dev.off())
  written[[name]] <<- what
}

write_sample <- function(name, what, sample) {
  write.csv(sample, file.path("demo", name), row.names = FALSE)
  written[[name]] <<- what
}

cat("200 waves of 250 points, of two families\n\n")
train <- get_training_data(n = 200, m = 250, shape = list(a = c(1, 3), p = c(2, 10)), seed = 1)
waves_fit <- gan_fit(train, kind = "wave", seed = 1, trace = 10)
print(waves_fit)
cat("\n")
print(summary(waves_fit))
write_plot("waves.png", "real waves above generated ones", \() ggplot2::autoplot(waves_fit, real = train))
write_plot("waves-trace.png", "the same generated waves during training", \() plot_waves(waves_fit$trace))
write_plot("waves-losses.png", "the losses of both networks", \() plot_losses(waves_fit), 1200, 800)
write_sample("waves.csv", "100 generated waves, one in each row", gan_sample(waves_fit, 100, seed = 2))

cat("\n272 eruptions of the Old Faithful geyser\n\n")
faithful_fit <- gan_fit(faithful, seed = 1)
print(faithful_fit)
cat("\n")
print(summary(faithful_fit))
write_plot(
  "faithful.png", "generated eruptions in front of the real ones",
  \() ggplot2::autoplot(faithful_fit, real = faithful), 1100, 1000
)
write_plot("faithful-losses.png", "the losses of both networks", \() plot_losses(faithful_fit), 1200, 800)
write_sample("faithful.csv", "272 generated eruptions", gan_sample(faithful_fit, 272, seed = 2))

cat("\nWritten into demo/:\n", sprintf("  %-22s %s\n", names(written), written), sep = "")
