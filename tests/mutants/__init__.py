"""Mutants: formulas that are wrong on purpose, to show that the tests notice."""
