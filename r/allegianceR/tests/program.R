# With the program and, where it is there, arrow; without the program there is nothing to test.
library(allegianceR)

fails <- function(expression, what) {
  found <- tryCatch({ expression; "nothing" }, error = conditionMessage)
  if (!grepl(what, found)) stop("expected '", what, "', found: ", found)
}

if (!nzchar(Sys.getenv("ALLEGIANCE_PROGRAM", Sys.which("allegiance")))) {
  cat("skipped: the program allegiance isn't here\n")
} else {
  folder <- tempfile("wars with spaces ")
  dir.create(folder)
  setwd(folder)

  first <- simulate_war("one-village", out = "first", replicates = 3, days = 20)
  stopifnot(inherits(first, "allegiance_run"), first$manifest$n_replicates == 3, first$manifest$n_days == 20)
  stopifnot(identical(open_run("first")$manifest$digest, first$manifest$digest))
  stopifnot(any(grepl("One village", capture.output(print(first)))))

  # The same seed and changes give the same bytes, another theory others.
  same <- simulate_war("one-village", out = "same", replicates = 3, set = list(days = 20))
  other <- simulate_war("one-village", out = "other", replicates = 3, days = 20, theory = "constant")
  stopifnot(identical(same$manifest$digest, first$manifest$digest))
  stopifnot(!identical(other$manifest$digest, first$manifest$digest))
  stopifnot(any(grepl("digests", verify_run(first)$text)))

  # Numbers keep their digits.
  fine <- simulate_war("one-village", out = "fine", days = 5, set = list(groups.isis.brutality = 0.1 + 0.2))
  stopifnot(any(grepl("0.30000000000000004", fine$manifest$changes, fixed = TRUE)))

  # Equal pay changes nothing; other pay gives a difference in every row, paired by replicate.
  found <- compare_wars("one-village", set = list(days = 20), set_b = list(groups.isis.brutality = 0.95),
                        outcomes = c("groups.isis.members_end", "deaths_civilians"), replicates = 6)
  stopifnot(identical(found$outcome, c("groups.isis.members_end", "deaths_civilians")), all(found$n_pairs == 6))
  stopifnot(isTRUE(all.equal(found$difference, found$mean_second - found$mean_first)))

  known <- parameters()
  stopifnot("joining.per_month" %in% known$parameter, "one-village" %in% scenarios()$id)
  stopifnot(length(story(first, pick = "stayer", replicate = 0)$text) > 3)

  fails(simulate_war("no-such-war", out = "x"), "no-such-war")
  fails(simulate_war("one-village", out = "first"), "first")
  fails(open_run("nowhere"), "no run.json")
  fails(run_table(first, "nothing"), "has no table nothing")
  fails(simulate_war("one-village", out = "x", set = list(30)), "names of their keys")
  stopifnot(!file.exists("x"))

  if (requireNamespace("arrow", quietly = TRUE)) {
    groups <- run_table(first, "groups", columns = c("replicate", "n_members"))
    stopifnot(nrow(groups) == first$manifest$tables$groups$n_rows, identical(names(groups), c("replicate", "n_members")))
  } else {
    cat("not tested: arrow isn't here to read tables\n")
    fails(run_table(first, "groups"), "package arrow reads")
  }
}
