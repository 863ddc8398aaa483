# Questions to scenarios and runs.

compare_wars <- function(a = "one-village", b = NULL, set = NULL, set_b = NULL, outcomes = NULL, replicates = 100,
                         threads = NULL) {
  found <- allegiance_json("compare", a, b, "--quiet",
                           options_of(set = changes_of(set), set_b = changes_of(set_b), outcome = outcomes,
                                      replicates = replicates, threads = threads))
  rows <- found$differences
  of <- function(name) if (is.null(rows$difference[[name]])) rep(NA_real_, nrow(rows)) else rows$difference[[name]]
  interval <- of("interval")
  end <- function(name) if (is.data.frame(interval)) interval[[name]] else rep(NA_real_, nrow(rows))
  data.frame(outcome = rows$outcome, unit = rows$unit, n_pairs = of("n_pairs"), mean_first = of("mean_first"),
             mean_second = of("mean_second"), difference = of("mean"), low = end("low"), high = end("high"))
}

sensitivity_of <- function(design, out = NULL, threads = NULL) {
  allegiance_json("sensitivity", design, "--quiet", options_of(out = out, threads = threads))
}

story <- function(run, person = NULL, replicate = NULL, pick = NULL, place = NULL, beside = FALSE) {
  answer(allegiance("story", folder_of(run),
                    options_of(person = person, replicate = replicate, pick = pick, place = place, beside = beside)))
}

parameters <- function() allegiance_json("parameters")

scenarios <- function() allegiance_json("scenarios")
