"""Names and texts as DuckDB's SQL writes them."""


def quoted(name: str) -> str:
    """Returns a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Returns a text as a literal."""
    return "'" + text.replace("'", "''") + "'"
