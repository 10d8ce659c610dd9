# Fits in several processes at once have the bits of one alone

small <- gan_config(generator_hidden = 4, discriminator_hidden = 4, steps = 10, batch_size = 20)

# Samples of networks and of a mixture
both <- function(seed) {
  networks <- gan_fit(as.matrix(faithful)[1:40, ], seed = seed, config = small)
  mixture <- gan_fit(data.frame(k = rep(c("p", "q", "r"), 20)), seed = seed)
  list(gan_sample(networks, 10, seed = 1), gan_sample(mixture, 10, seed = 1))
}

test_that("forked processes have the bits of a fit alone", {
  skip_on_cran()
  skip_on_os("windows")
  skip_without_core()
  alone <- both(1) # Python and torch are loaded before the fork, as in a session
  jobs <- lapply(1:3, \(i) parallel::mcparallel(both(1)))
  # parallel::mclapply() would wait for ever if one of them never ended.
  found <- list()
  until <- Sys.time() + 300
  while (length(found) < length(jobs) && Sys.time() < until) {
    open <- jobs[!vapply(jobs, \(job) as.character(job$pid) %in% names(found), NA)]
    ended <- parallel::mccollect(open, wait = FALSE, timeout = 5)
    found <- c(found, Filter(Negate(is.null), ended))
  }
  expect_length(found, 3)
  for (samples in found) {
    expect_identical(samples, alone)
  }
})

test_that("processes of a cluster have the bits of a fit alone", {
  skip_on_cran()
  skip_without_core()
  cluster <- parallel::makePSOCKcluster(1)
  on.exit(parallel::stopCluster(cluster))
  parallel::clusterExport(cluster, c("small", "both"), environment(both))
  parallel::clusterCall(cluster, .libPaths, .libPaths())
  found <- parallel::clusterEvalQ(cluster, {
    library(ganbridge)
    both(1)
  })
  expect_identical(found[[1]], both(1))
})
