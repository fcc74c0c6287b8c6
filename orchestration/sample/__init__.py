"""Deterministic sample data: a B2B company that never existed, and the dirt of a real CRM export."""

from orchestration.sample.generator import GENERATOR_VERSION, Manifest, generate

__all__ = ["GENERATOR_VERSION", "Manifest", "generate"]
