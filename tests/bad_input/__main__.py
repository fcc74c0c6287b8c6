"""Writes the page of the catalogue (`make bad-input`)."""

from tests.bad_input.catalogue import load
from tests.bad_input.page import DOCUMENT, render
from tests.conftest import REPOSITORY

(REPOSITORY / DOCUMENT).write_text(render(load()), encoding="utf-8")
print(f"written: {DOCUMENT}")
