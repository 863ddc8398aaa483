"""Tables: Arrow streams that any library takes without a copy."""

from __future__ import annotations

import dataclasses
from typing import Any

from allegiance import _html, _native


@dataclasses.dataclass(frozen=True)
class Column:
    """What one column of a table holds."""

    name: str
    type: str
    unit: str
    meaning: str


class Table:
    """A table of a run.

    Hand it to ``polars.DataFrame``, ``pyarrow.table``, ``duckdb.sql`` or
    anything else that takes ``__arrow_c_stream__``; the memory is shared.
    """

    __slots__ = ("_native", "name")

    def __init__(self, native: _native.Table, name: str):
        self._native = native
        self.name = name

    def __len__(self) -> int:
        return len(self._native)

    @property
    def columns(self) -> list[Column]:
        """Name, type, unit and meaning of each column."""
        return [Column(*about) for about in self._native.columns()]

    @property
    def metadata(self) -> dict[str, str]:
        """What the table says about itself, as its Parquet file would."""
        return self._native.metadata

    def replicate(self, replicate: int) -> Table:
        """The rows of one replicate."""
        return Table(self._native.replicate(replicate), self.name)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self._native.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> Any:
        return self._native.__arrow_c_schema__()

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``."""
        import polars

        return polars.DataFrame(self)

    def to_pyarrow(self) -> Any:
        """A ``pyarrow.Table``."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``, by way of pyarrow."""
        return self.to_pyarrow().to_pandas()

    def to_xarray(self, index: list[str]) -> Any:
        """An ``xarray.Dataset`` over the columns that tell rows apart."""
        return self.to_pandas().set_index(index).to_xarray()

    def __repr__(self) -> str:
        return f"<Table {self.name}: {len(self):,} rows; {', '.join(self._native.column_names)}>"

    def _repr_html_(self) -> str:
        about = _html.paragraphs(f"Table {self.name}, {len(self):,} rows")
        rows = [(column.name, column.type, column.unit, column.meaning) for column in self.columns]
        return about + _html.table(("column", "type", "unit", "meaning"), rows)
