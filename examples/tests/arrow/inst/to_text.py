"""Writes a Parquet file as text for R, and beside it what its columns are: to_text.py FILE TEXT"""

import json
import sys

import pyarrow.parquet
import pyarrow.types as kinds

CLASSES = [
    (kinds.is_boolean, "logical"),
    (kinds.is_integer, "integer"),
    (kinds.is_floating, "numeric"),
    (kinds.is_date, "Date"),
    (kinds.is_string, "character"),
]

file, text = sys.argv[1:]
table = pyarrow.parquet.read_table(file)
classes = [next(word for is_it, word in CLASSES if is_it(field.type)) for field in table.schema]
metadata = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
with open(f"{text}.json", "w", encoding="utf-8") as about:
    json.dump({"classes": classes, "metadata": metadata}, about)


def cell(value):
    if value is None:
        return "\\N"
    word = str(value).upper() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)
    if "\t" in word or "\n" in word:
        sys.exit(f"{file} holds a text that doesn't fit into a line: {word!r}")
    return word


with open(text, "w", encoding="utf-8") as lines:
    lines.write("\t".join(table.column_names) + "\n")
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        lines.write("\t".join(map(cell, row)) + "\n")
