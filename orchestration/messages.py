"""Makes the messages of dbt, DuckDB and Spark readable for someone who only wants to mend a file."""

import re
from pathlib import Path

_OWN = re.compile(r"Boussole:\s*(.*)", re.DOTALL)
_CALL_STACK = re.compile(r"\n\s*(> in macro|> called by|compiled code at)\b.*", re.DOTALL)
# Spark adds its plan of the query, as a tree, or the call stack of Java.
_QUERY_PLAN = re.compile(r";\s*\n[^\n]*\n[ :]*[+:]- .*?(?=\n\s*\n|\Z)", re.DOTALL)
_JAVA_STACK = re.compile(r"(\n\s*(at [\w.$/]+\(|\.\.\. \d+ more)[^\n]*)+")
_JAVA_CALL = re.compile(r"An error occurred while calling \w+\.\w+\.\n: ")


def clean(message: str) -> str:
    """Returns the message without call stacks and query plans; of a message of ours, only our text."""
    message = _CALL_STACK.sub("", message.strip())
    for noise in (_QUERY_PLAN, _JAVA_STACK, _JAVA_CALL):
        message = noise.sub("", message)
    own = _OWN.search(message)
    text = own.group(1) if own else message
    return "\n".join(line.strip() for line in text.strip().splitlines() if line.strip())


def unreadable_file(message: str, raw_dir: Path) -> str | None:
    """Returns one paragraph about the raw file that could not be read, or None if that is not the trouble.

    Args:
        message: The message of DuckDB, as dbt passes it on.
        raw_dir: The raw folder; a message that names no file of it is about something else.
    """
    named = re.search(re.escape(str(raw_dir)) + r"[^\n\"',;]*", message)
    if not named or not re.search(r"(IO|Invalid Input|Parser|Conversion|Serialization|Invalid) Error", message):
        return None
    file = named.group(0).strip().rstrip(".:")
    try:
        name = str(Path(file).relative_to(raw_dir))
    except ValueError:
        return None
    return f"The raw file {name} cannot be read: {_reason(message)} {_remedy(message)} Nothing was published. ({file})"


def full_disk(message: str) -> str | None:
    """Returns what to do where there was no room to write, or None if that is not the trouble."""
    if not re.search(r"No space left on device|File too large|Disk quota exceeded|Out of Disk", message, re.IGNORECASE):
        return None
    return f"There is no room left on the disk. Free some, then run again; nothing was published. ({clean(message)})"


def _reason(message: str) -> str:
    line = re.search(r"CSV Error on Line: (\d+)", message)
    if line:
        detail = _csv_detail(message)
        return f"line {line.group(1)} is not valid CSV{f' ({detail})' if detail else ''}."
    error = re.search(r"\b[A-Z]\w*(?: \w+)? Error: (.*)", message)
    return (error.group(1) if error else message.splitlines()[0]).strip().rstrip(".") + "."


def _csv_detail(message: str) -> str:
    known = re.search(
        r"(Expected Number of Columns: .*|Value with unterminated quote.*|.*not utf-8 encoded.*)", message
    )
    return known.group(1).strip().rstrip(".") if known else ""


def _remedy(message: str) -> str:
    lowered = message.lower()
    if "not utf-8 encoded" in lowered or "invalid unicode" in lowered:
        return "Save it as UTF-8, then run again."
    if any(word in lowered for word in ("gzip", "parquet", "magic bytes")):
        return "It is damaged or was cut short: copy or export it again, then run again."
    if "permission" in lowered:
        return "Make it readable for the user that runs Boussole, then run again."
    return "Mend that line or export the file again, then run again."
