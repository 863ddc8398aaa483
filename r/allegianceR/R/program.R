# The program of the command line: where it is, and how it is called.

#' The program's path: the option allegiance.program, the variable ALLEGIANCE_PROGRAM, or the search path.
allegiance_program <- function() {
  found <- getOption("allegiance.program", Sys.getenv("ALLEGIANCE_PROGRAM", Sys.which("allegiance")))
  if (!nzchar(found) || !file.exists(found)) {
    stop("the program allegiance isn't on the search path; install it, or name its file with ",
         "options(allegiance.program = ...)", call. = FALSE)
  }
  found <- normalizePath(found)
  if (!identical(checked$program, found)) {
    said <- suppressWarnings(system2(found, "--version", stdout = TRUE, stderr = FALSE))
    version <- sub("^allegiance ([0-9.]+).*$", "\\1", said[1])
    if (!identical(version, as.character(packageVersion("allegianceR")))) {
      stop(found, " isn't Allegiance ", packageVersion("allegianceR"), ", as this package is: ", said[1], call. = FALSE)
    }
    checked$program <- found
  }
  found
}

# The program that was found to have the right version.
checked <- new.env(parent = emptyenv())

# What allegiance() asks of it, word by word; standard output, or an error with what the program says.
allegiance <- function(...) {
  words <- as.character(unlist(list(...)))
  told <- tempfile("allegiance-")
  on.exit(unlink(told))
  out <- suppressWarnings(system2(allegiance_program(), shQuote(words), stdout = TRUE, stderr = told))
  code <- attr(out, "status")
  if (!is.null(code) && code != 0) {
    message <- sub("^error: ", "", paste(readLines(told, warn = FALSE), collapse = "\n"))
    stop(structure(class = c("allegiance_error", "error", "condition"),
                   list(message = message, call = NULL, exit_code = code)))
  }
  Encoding(out) <- "UTF-8"
  out
}

allegiance_json <- function(...) {
  fromJSON(paste(allegiance(..., "--format", "json"), collapse = "\n"), simplifyVector = TRUE)
}

# Options as the command line takes them: --name value for each value that isn't NULL, --name alone for TRUE.
options_of <- function(...) {
  given <- list(...)
  words <- character()
  for (name in names(given)) {
    value <- given[[name]]
    if (is.null(value) || identical(value, FALSE)) next
    flag <- paste0("--", gsub("_", "-", name))
    words <- c(words, if (isTRUE(value)) flag else as.vector(rbind(flag, as_words(value))))
  }
  words
}

# Numbers with all of their digits, as the program reads them.
as_words <- function(values) {
  if (is.numeric(values)) vapply(values, format, "", digits = 17, scientific = FALSE, trim = TRUE) else as.character(values)
}

# Changes c(key = value) as key=value.
changes_of <- function(set) {
  if (is.null(set)) return(NULL)
  set <- as.list(set)
  if (is.null(names(set)) || any(!nzchar(names(set)))) {
    stop("changes need the names of their keys, such as set = list(days = 30)", call. = FALSE)
  }
  words <- function(value) if (is.logical(value)) tolower(as.character(value)) else as_words(value)
  paste0(names(set), "=", vapply(set, words, ""))
}
