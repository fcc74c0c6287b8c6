"""An independent calculation of every mart, in plain Python, from the raw files.

It is written from the specification of the KPIs and the raw contract alone and shares no code with the warehouse:
own parsing, own choice of versions, `zoneinfo` for time zones, exact decimals.  When the warehouse and this oracle
agree on every row and column, two readings of one specification agree.  `compute` reads a raw folder into a `World`
of events; a module per family of KPIs calculates from it; `marts` lays them out; `diff` compares; `findings` lists
the mistakes of the warehouse that are known and not mended yet.
"""

from .compute import Result, compute

__all__ = ["Result", "compute"]
