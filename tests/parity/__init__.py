"""Whether two engines make the same warehouse."""
