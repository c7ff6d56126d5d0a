# The peers of `cargo xtask measure estimate`: the same work on the same table, with the CPU seconds of the call alone.
# Arguments: what, table, folder of R packages. Packages (GPL) are run beside Tumen and never part of it.
arguments <- commandArgs(TRUE)
what <- arguments[1]
.libPaths(c(arguments[3], .libPaths()))
table <- as.matrix(read.csv(arguments[2]))
lists <- ncol(table) - 1
timed <- function(call) {
  time <- system.time(result <- call)
  cat(sprintf("cpu %.4f\n", time[["user.self"]] + time[["sys.self"]]))
  result
}
if (what == "stepwise") {
  suppressMessages(library(SparseMSE))
  r <- timed(estimatepopulation(table, nboot = 200, pthresh = 0.02))
  cat("result", r$popest, r$BCaquantiles[c(1, 8)], "\n")
} else if (what == "bic") {
  suppressMessages(library(MultipleSystemsEstimation))
  r <- timed(estimate_population_bic(table, nboot = 100, maxorder = 3, ntopmodels = if (lists == 4) 20 else 100))
  last <- r$BCaquantiles[nrow(r$BCaquantiles), ]
  cat("result", r$popest, last[c(1, length(last))], "\n")
} else if (what == "dga") {
  suppressMessages(library(dga))
  X <- array(0, rep(2, lists))
  for (i in seq_len(nrow(table))) {
    at <- matrix(table[i, 1:lists] + 1, 1)
    X[at] <- X[at] + table[i, lists + 1]
  }
  data(list = paste0("graphs", lists))
  graphs <- get(paste0("graphs", lists))
  weights <- timed(bma.cr(X, 0:as.integer(arguments[4]), 2^-lists, graphs))
  below <- cumsum(colSums(weights)) / sum(weights)
  cat("result", sapply(c(.5, .025, .975), function(p) which(below >= p)[1] - 1) + sum(X), "\n")
} else if (what == "lcmcr") {
  suppressMessages(library(LCMCR))
  data <- as.data.frame(table)
  for (j in 1:lists) data[[j]] <- factor(data[[j]], levels = c(0, 1))
  names(data)[lists + 1] <- "Freq"
  data <- data[data$Freq > 0, ]
  draws <- timed({
    sampler <- lcmCR(captures = data, tabular = TRUE, in_list_label = "1", not_in_list_label = "0", K = 10,
                     a_alpha = 0.25, b_alpha = 0.25, seed = 1, buffer_size = 5000, thinning = 20, verbose = FALSE)
    lcmCR_PostSampl(sampler, burnin = 10000, samples = 5000, thinning = 20, output = FALSE)
  })
  cat("result", quantile(draws, c(.5, .025, .975)), "\n")
}
