#' Settings of a fit
#'
#' Every field that is left `NULL` is chosen from the data, and is visible in
#' `fit$config` after the fit. If an `objective` is set, fields that are left
#' `NULL` have the values of the original GAN instead: no packing, no penalty, no
#' averaging, no noise, no dropout, constant learning rates and the last state of
#' the networks.
#'
#' `activation`, `dropout`, `optimizer` and `betas` take one value for both
#' networks, or `list(generator = , discriminator = )`.
#'
#' @eval defaults_section()
#' @param prior What rows and waves are drawn from: `"mixture"`, a mixture of distributions that is fitted to them (in
#'   tables the draws are kept with the odds of a discriminator, and moved by a network if `refine` says so), or
#'   `"normal"`, normal
#'   noise on which the generator's network acts. `NULL` means the mixture for tables and waves from 50 rows on if
#'   neither `epochs`, `trace` or `condition` nor a setting of networks asks for them; images always have networks.
#' @param network `"dense"` or `"convolutional"`: the type of both networks. The default is convolutional for images and
#'   dense for waves. Convolutional networks are trained on the points of waves, not on their components, and need waves
#'   of equal length; they cannot be used for tables.
#' @param generator_hidden,discriminator_hidden Widths of the hidden layers, for
#'   example `c(64, 64)`. `integer(0)` means none. For a convolutional network: the number of channels of each hidden
#'   layer, each of which halves (in the generator: doubles) height and width of images, and quarters (or
#'   quadruples) the length of waves.
#' @param activation `"relu"`, `"leaky_relu"`, `"tanh"`, `"linear"`, `"sigmoid"`, `"elu"`,
#'   `"gelu"`, `"silu"` or `"softplus"`; one for all hidden layers or one for each.
#' @param leaky_slope Slope of `"leaky_relu"` below zero.
#' @param output_activation The activation of the generator's output, one of the same names.
#' @param dropout Share of hidden units that are dropped during training, from 0 to below 1.
#' @param latent_dim Number of latent variables that the generator starts from.
#' @param objective `"non_saturating"`, `"minimax"`, `"focal"`,
#'   `"least_squares"`, `"hinge"`, `"wasserstein_gp"` or `"relativistic"`: the adversarial
#'   objective.
#' @param focal_gamma The exponent of `"focal"`.
#' @param gradient_penalty Weight of the penalty of `"wasserstein_gp"`.
#' @param r1,r2 Weights of the zero-centred gradient penalties on real and on
#'   generated rows: one number, or `c(start, end)`, which falls geometrically.
#' @param label_noise Upper limit of the uniform noise from 0 that is added to the labels.
#' @param pack Number of rows that the discriminator sees at once (Lin et al., 2018, *PacGAN*).
#' @param optimizer `"adam"` or `"rmsprop"`.
#' @param generator_lr,discriminator_lr Learning rates.
#' @param lr_schedule How both learning rates fall towards 0 over the fit: `"constant"` (they do
#'   not), `"linear"` or `"cosine"`.
#' @param betas The two decay rates of Adam, for example `c(.5, .999)`.
#' @param rho The decay rate of RMSprop.
#' @param eps The small number in the denominator of the optimizer.
#' @param batch_size Rows in a mini-batch, a multiple of `pack`; or `"all"`.
#' @param discriminator_steps,generator_steps Updates of each network in one round.
#' @param steps Updates of the generator in all, if [gan_fit()] has no `epochs`.
#' @param ema Decay of the moving average of the generator's weights, from 0 (none) to below 1.
#' @param keep `"last"` or `"best"`: the last generator, or the best one by its score.
#' @param members Number of independent GANs trained side by side, of which the best is kept.
#' @param scaling How columns or waves are put on a common scale: `"auto"`, `"standard"` (mean 0, sd
#'   1), `"range"` (from -1 to 1, always used for images), `"none"`, and others that `"auto"` may choose
#'   (`"quantile"` for tables). A named list sets it for some columns of a table: `list(income = "standard")`.
#' @param calibration `TRUE` or `FALSE`: whether, after the training, the values of each generated column are mapped to
#'   the distribution of the real column.
#' @param range_margin How far generated values may leave the range of the data, as a share of that
#'   range; with 0, they stay within it.
#' @param k Number of rows that share each value of the training data that a fit keeps (quantiles, ends of ranges), or
#'   whose mean it is, so that neither samples nor files show a value that only a few rows have. By default 10; with
#'   fewer than 300 rows a thirtieth of them, at least 2; below 20 rows 1, with which values are kept as they are.
#' @param relations What must hold between columns of a table in every generated row. `TRUE`, the default, finds it in
#'   the training rows: a column that others determine, columns in an order, sums of columns with any factors up to
#'   rounding (`total = 1.19 * net + shipping`), parts of the calendar (the month of a date, whether it is a weekend),
#'   the days, hours or full years between dates, dates that are the days of times, categories of which only some
#'   combinations occur, values that are missing exactly where another column has a level. What is found is no chance:
#'   the probability that no row breaks it, if the columns were independent, is at most .001, divided by the number of
#'   candidates. For two numbers in an order this is not enough, because a length is larger than a width in every row,
#'   too: their differences must also end abruptly at zero, that is, many rows must lie close to it. Numbers that keep
#'   an order with room to spare can be given by hand. Columns that follow from others are computed.
#'   Also, dates and times are modelled by season, day of the week and time of day where these matter. `FALSE` does none
#'   of it. A list of strings adds relations by hand, which every row must keep: `"start <= end"`,
#'   `"min <= mean <= max"`, `"total = a + b"`, `"left = right + 30 days"`, `"f = 1.8 * c + 32"`, `"city -> country"`,
#'   `"make, model -> engine"`, `"date is the day of stamp"`, `"the month of day determines month"`,
#'   `"nights = days from admission to discharge"` (also `elapsed hours`, `full years`),
#'   `"kind and use occur in combinations"`, `"left is missing where status = 'active'"`; names of several words stand
#'   in backticks. `"not city -> country"` leaves out one that is found, and `FALSE` in the list all of them.
#' @param roles What columns of a data.frame are, as a named list: `list(id = "identifier")`. Values of an
#'   `"identifier"` (texts or whole numbers that name rows) are not learned: samples have made-up ones of the same
#'   pattern. Columns with a text of its own in nearly every row, and whole numbers that only number rows, are
#'   recognised, with a message. `"category"` (texts, levels) and `"number"` learn the column as it is, with its levels
#'   in the model; `"drop"` leaves it out.
#' @param refine Whether a network moves the numbers of draws from a table's mixture, trained adversarially against a
#'   discriminator. `NULL` means that held-out rows decide: it is trained if the table has 2,000 rows or more, at least
#'   half of its columns, and two, are numbers, and a discriminator's network can tell draws from held-out rows; and it
#'   stays if boosted trees tell held-out rows from its rows less well than from the draws. Printing the fit says what
#'   came of it. `TRUE` keeps it in any case, `FALSE` does not try.
#' @param device Where networks are trained: `"cpu"`, `"cuda"`, `"cuda:1"`, `"mps"`, or `"auto"`, which is an NVIDIA or
#'   AMD GPU if torch finds one, and else the processor. Mixtures are always fitted on the processor. A fit prints
#'   where its networks were trained if that was not the processor; its model works on machines without that device,
#'   too.
#' @param roles What columns of a data.frame are, as a named list: `list(id = "identifier")`. Values of an
#'   `"identifier"` (texts or whole numbers that name rows) are not learned: samples have made-up ones of the same
#'   pattern. Columns with a text of its own in nearly every row, and whole numbers that only number rows, are
#'   recognised, with a message. `"category"` (texts, levels) and `"number"` learn the column as it is, with its levels
#'   in the model; `"drop"` leaves it out.
#' @param minutes Minutes after which the training stops; [gan_continue()] goes on. Such a fit is not reproducible: with
#'   the same seed, a machine that is faster or less busy stops elsewhere. A message says so. 0 means as long as it
#'   takes. The mixture of a fit without networks is always fitted to its end; only the trees of its discriminator stop.
#' @param device Where networks are trained: `"cpu"`, `"cuda"`, `"cuda:1"`, `"mps"`, or `"auto"`, which is an NVIDIA or
#'   AMD GPU if torch finds one, and else the processor. Mixtures are always fitted on the processor. A fit prints
#'   where its networks were trained if that was not the processor; its model works on machines without that device,
#'   too.
#' @param threads Number of CPU threads. Results are bit-identical only for the same number.
#' @return A list of class `gan_config` with one element, of the name of the argument, for each setting that is not
#'   `NULL`. Their values are checked by [gan_fit()], before any training; only values that cannot be
#'   passed to Python unchanged (`NA`, a factor, a function) are an error of class
#'   `ganbridge_error` here.
#' @seealso [gan_fit()]
#' @examples
#' gan_config(generator_hidden = c(16, 32), batch_size = "all")
#'
#' # The two networks may differ:
#' gan_config(dropout = list(generator = 0, discriminator = .3))
#'
#' # What must hold in every row:
#' gan_config(relations = list("start <= end", "total = a + b"))
#' @export
gan_config <- function(prior = NULL, network = NULL, generator_hidden = NULL, discriminator_hidden = NULL,
                       activation = NULL, leaky_slope = NULL, output_activation = NULL, dropout = NULL,
                       latent_dim = NULL, objective = NULL, focal_gamma = NULL,
                       gradient_penalty = NULL, r1 = NULL, r2 = NULL, label_noise = NULL,
                       pack = NULL, optimizer = NULL, generator_lr = NULL,
                       discriminator_lr = NULL, lr_schedule = NULL, betas = NULL, rho = NULL,
                       eps = NULL, batch_size = NULL, discriminator_steps = NULL,
                       generator_steps = NULL, steps = NULL, ema = NULL, keep = NULL,
                       members = NULL, scaling = NULL, calibration = NULL,
                       range_margin = NULL, k = NULL, relations = NULL, roles = NULL, refine = NULL, minutes = NULL,
                       device = NULL, threads = NULL) {
  fields <- mget(names(formals()))
  fields <- fields[!vapply(fields, is.null, NA)]
  for (name in names(fields)) {
    check_field(fields[[name]], name)
  }
  new_gan_config(fields)
}

# The section "Defaults" of the help page, in roxygen's markdown: computed by the core whenever `make docs` runs
defaults_section <- function() {
  defaults <- call_core("default_settings")
  defaults$`with \`objective\`` <- call_core("default_settings", objective = "non_saturating")[[1]]
  rows <- vapply(setdiff(names(formals(gan_config)), c("prior", "relations", "roles", "refine")), \(name) {
    values <- vapply(defaults, \(settings) format_field(settings[[name]]), "")
    paste0("| `", name, "` | ", paste(values, collapse = " | "), " |")
  }, "")
  c(
    "@section Defaults:",
    "The defaults of networks, for a table of 1,000 rows that take 5 numbers each, 200 waves of 2 components, 1,000",
    "images of 28 x 28 pixels, and for the table with an `objective`. Many depend on the data: `fit$config` has those",
    "of a fit. Fits without networks use `scaling`, `range_margin`, `k`, `relations`, `roles`, `device` and `threads`",
    "only; the defaults of `prior`, `relations`, `roles` and `refine` are explained with these arguments.", "",
    paste0("| setting | ", paste(names(defaults), collapse = " | "), " |"),
    paste0("|", strrep(" --- |", length(defaults) + 1)), rows
  )
}

new_gan_config <- function(fields) structure(fields, class = "gan_config")

# Refuses only what the conversion to Python would change; values are checked there.
check_field <- function(value, name) {
  plain <- is.list(value) && !is.object(value) || is.atomic(value) && !is.factor(value)
  if (!plain) {
    stop_wanted(name, "plain numbers, strings or a list of them", value)
  }
  if (is.list(value)) {
    parts <- if (is.null(names(value))) sprintf("[[%d]]", seq_along(value)) else paste0("$", names(value))
    for (i in seq_along(value)) {
      check_field(value[[i]], paste0(name, parts[[i]]))
    }
  } else if (anyNA(value)) {
    stop_wanted(name, "free of missing values", value, "Leave it out, or set it to NULL, to have it chosen.")
  }
}

# In Python, a vector becomes a list, a named list a dict, and a single value a scalar.
config_to_core <- function(config) {
  if (!inherits(config, "gan_config")) {
    stop_wanted("config", "made by gan_config()", config, "Write config = gan_config(...).")
  }
  set <- !vapply(config, is.null, NA) # the settings of a fit without networks have none of them
  fields <- lapply(unclass(config)[set], field_to_core)
  for (name in intersect(c("generator_hidden", "discriminator_hidden"), names(fields))) {
    fields[[name]] <- as.list(fields[[name]])
  }
  fields[!vapply(fields, is.null, NA)]
}

field_to_core <- function(value) {
  if (is.list(value) || !is.null(names(value))) {
    lapply(as.list(value), field_to_core)
  } else if (length(value) == 1) {
    if (is_count(value)) as.integer(value) else value
  } else if (!is.null(value)) {
    lapply(value, field_to_core)
  }
}

is_count <- function(value) {
  is.double(value) && is_whole(value, -seed_limit, seed_limit)
}

#' @export
format.gan_config <- function(x, ...) {
  set <- x[!vapply(x, is.null, NA)]
  if (length(set) == 0) {
    return("gan_config: every field is chosen from the data")
  }
  values <- vapply(set, format_field, "")
  c(
    "gan_config",
    sprintf("  %-*s %s", max(nchar(names(set))), names(set), values)
  )
}

format_field <- function(value) {
  if (is.list(value) && !is.null(names(value))) {
    paste(names(value), "=", vapply(value, format_field, ""), collapse = ", ")
  } else if (length(value) == 0) {
    "none"
  } else {
    value <- unlist(value)
    paste(if (is.numeric(value)) vapply(value, format, "", digits = 6) else value, collapse = " ")
  }
}

#' @export
print.gan_config <- function(x, ...) {
  cat(format(x), sep = "\n")
  invisible(x)
}
