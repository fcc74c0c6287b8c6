"""Great Expectations at the two borders of the warehouse: raw tables in, published marts out.

dbt's tests judge rows and the layers between. What is checked here is what only a border can see: a whole table
against its contract, against the previous build, and against the calendar. Everything runs as SQL in DuckDB.
"""
