# Strength, exits and their causes in a run, and what differs in a second one:
#
#   Rscript strength.R RUN [RUN2 [PICTURE]]
#
# Needs arrow, dplyr and jsonlite; ggplot2 for the picture. RUN2 is paired with
# RUN by replicate, so it must have the same seed and as many replicates.
# Everyone in the tables is simulated; nothing here is a forecast.

suppressPackageStartupMessages({
  library(arrow)
  library(dplyr)
})

file_of <- function(run, table) file.path(run, paste0(table, ".parquet"))

# The unit of a column, from what the file says about itself.
unit_of <- function(run, table, column) {
  about <- read_parquet(file_of(run, table), as_data_frame = FALSE)$metadata$allegiance.columns
  columns <- jsonlite::fromJSON(about)
  columns$unit[columns$name == column]
}

# Median over replicates, and the interval that holds nine in ten of them.
over_replicates <- function(table, value, ...) {
  table |>
    group_by(...) |>
    summarise(
      median = median({{ value }}), low = quantile({{ value }}, 0.05), high = quantile({{ value }}, 0.95),
      .groups = "drop"
    )
}

show <- function(heading, table) {
  cat("\n", heading, "\n", sep = "")
  print(as.data.frame(table), row.names = FALSE, digits = 6)
}

members <- function(run) {
  open_dataset(file_of(run, "groups")) |>
    select(replicate, day, date, group, n_members) |>
    collect()
}

at_the_end <- function(run) members(run) |> filter(day == max(day)) |> select(replicate, group, n_members)

# Exits of each replicate by cause; a replicate without a cause has 0 of it. Who is turned away where he
# defected to has a second row, without a cause: one exit.
exits_by_cause <- function(run, n_replicates) {
  turns <- open_dataset(file_of(run, "allegiance")) |>
    filter(kind %in% c("desertion", "defection", "departure"), !is.na(cause)) |>
    select(replicate, cause) |>
    collect()
  expand.grid(replicate = seq_len(n_replicates) - 1L, cause = unique(turns$cause), stringsAsFactors = FALSE) |>
    left_join(count(turns, replicate, cause), by = c("replicate", "cause")) |>
    mutate(n = coalesce(n, 0L))
}

# The second run less the first, replicate by replicate, with a 95% interval of the mean.
paired <- function(first, second) {
  inner_join(at_the_end(first), at_the_end(second), by = c("replicate", "group"), suffix = c("_first", "_second")) |>
    mutate(difference = n_members_second - n_members_first) |>
    group_by(group) |>
    summarise(mean = mean(difference), error = sd(difference) / sqrt(n()), pairs = n(), .groups = "drop") |>
    mutate(low = mean - qt(0.975, pairs - 1) * error, high = mean + qt(0.975, pairs - 1) * error)
}

draw <- function(runs, picture) {
  if (!requireNamespace("ggplot2", quietly = TRUE)) {
    return(cat("\nno picture: ggplot2 isn't installed\n"))
  }
  bands <- lapply(runs, function(run) mutate(over_replicates(members(run), n_members, group, date), run = basename(run)))
  plot <- ggplot2::ggplot(bind_rows(bands), ggplot2::aes(date, median, ymin = low, ymax = high, linetype = group)) +
    ggplot2::geom_ribbon(alpha = 0.2) +
    ggplot2::geom_line() +
    ggplot2::facet_wrap("run") +
    ggplot2::labs(
      title = "Strength by group, median and nine in ten replicates", subtitle = "Simulated, not a forecast",
      x = NULL, y = paste0("active members (", unit_of(runs[1], "groups", "n_members"), ")")
    ) +
    ggplot2::theme_minimal()
  ggplot2::ggsave(picture, plot, width = 8, height = 4, dpi = 100)
}

words <- commandArgs(trailingOnly = TRUE)
if (length(words) < 1) stop("usage: Rscript strength.R RUN [RUN2 [PICTURE]]", call. = FALSE)
runs <- head(words, 2)
about <- lapply(runs, function(run) jsonlite::fromJSON(file.path(run, "run.json")))
first <- about[[1]]
cat(first$scenario_title, ": ", first$n_replicates, " replicates, seed ", first$seed, "\n", sep = "")
cat(sub("^[^.]*[.] ", "", first$about), "\n", sep = "")

unit <- unit_of(runs[1], "groups", "n_members")
show(paste0("active members at the end (", unit, ")"), over_replicates(at_the_end(runs[1]), n_members, group))
show("exits by cause (persons)", over_replicates(exits_by_cause(runs[1], first$n_replicates), n, cause))

if (length(runs) == 2) {
  second <- about[[2]]
  if (first$seed != second$seed || first$n_replicates != second$n_replicates) {
    stop("the runs can't be paired: they need the same seed and as many replicates", call. = FALSE)
  }
  show(paste0("members at the end, second run less first (", unit, "), mean and 95% interval"), paired(runs[1], runs[2]))
}
if (length(words) == 3) draw(runs, words[3])
