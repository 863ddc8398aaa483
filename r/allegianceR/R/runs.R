# Runs: simulated, opened, read.

simulate_war <- function(scenario = "one-village", out, replicates = 1, seed = NULL, days = NULL, theory = NULL,
                         set = NULL, threads = NULL, overwrite = FALSE, resume = FALSE) {
  allegiance("run", scenario, "--out", out, "--quiet",
             options_of(replicates = replicates, seed = seed, days = days, theory = theory, set = changes_of(set),
                        threads = threads, overwrite = overwrite, resume = resume))
  open_run(out)
}

open_run <- function(folder) {
  file <- file.path(folder, "run.json")
  if (!file.exists(file)) stop(folder, " holds no finished run: there is no run.json in it", call. = FALSE)
  structure(class = "allegiance_run",
            list(folder = folder, manifest = fromJSON(file, simplifyVector = TRUE),
                 summary = readLines(file.path(folder, "summary.txt"), encoding = "UTF-8")))
}

print.allegiance_run <- function(x, ...) {
  cat(x$summary, sep = "\n")
  invisible(x)
}

run_table <- function(run, table, columns = NULL) {
  known <- names(run$manifest$tables)
  if (!table %in% known) {
    stop("the run has no table ", table, "; its tables are ", paste(known, collapse = ", "), call. = FALSE)
  }
  if (!requireNamespace("arrow", quietly = TRUE)) {
    stop("tables are Parquet files, which the package arrow reads; install it", call. = FALSE)
  }
  file <- file.path(run$folder, run$manifest$tables[[table]]$file)
  found <- as.data.frame(arrow::read_parquet(file))
  if (is.null(columns)) found else found[, columns, drop = FALSE]
}

verify_run <- function(run) answer(allegiance("verify", folder_of(run)))

folder_of <- function(run) if (inherits(run, "allegiance_run")) run$folder else run

answer <- function(lines) structure(class = "allegiance_answer", list(text = lines))

print.allegiance_answer <- function(x, ...) {
  cat(x$text, sep = "\n")
  invisible(x)
}
