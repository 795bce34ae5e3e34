"""Parquet read on the caller's own thread.

Arrow's pool may be letting go of memory that Python lent it while the interpreter shuts down; a
thread that then asks for the interpreter ends the process with SIGABRT (pyarrow 26.0.1: 10 of 300
short scripts that read an index on a busy machine).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import acero


def read_table(data: bytes) -> pa.Table:
    """Return the table of a Parquet file; pyarrow.ArrowException if it is damaged."""
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)


def filter_table(table: pa.Table, condition: pc.Expression) -> pa.Table:
    """Return the rows of a table, in order, for which a condition holds.

    Raises
    ------
    pyarrow.ArrowException
        It names a column that isn't there, or compares what can't be compared.
    """
    source = acero.Declaration("table_source", acero.TableSourceNodeOptions(table))
    chosen = acero.Declaration("filter", acero.FilterNodeOptions(condition))
    return acero.Declaration.from_sequence([source, chosen]).to_table(use_threads=False)
