# Python writes a table as text and says what each column is in R.
read_parquet <- function(file, as_data_frame = TRUE) {
  text <- tempfile()
  script <- system.file("to_text.py", package = "arrow")
  # R's own libraries are none of Python's.
  failed <- system2(Sys.getenv("PYTHON", "python3"), shQuote(c(script, file, text)), env = "LD_LIBRARY_PATH=")
  if (failed != 0) stop("can't read ", file)
  about <- fromJSON(paste0(text, ".json"))
  if (!as_data_frame) {
    return(list(metadata = as.list(about$metadata)))
  }
  read.table(
    text,
    header = TRUE, sep = "\t", quote = "", comment.char = "", na.strings = "\\N", colClasses = about$classes
  )
}

open_dataset <- function(sources) read_parquet(sources)
