"""The compiled project of the harness, and how many folders each property is tried on (EXAMPLES)."""

import os

from hypothesis import HealthCheck, Phase, settings

from tests.harness.conftest import compiled, compiled_as_of  # noqa: F401 - fixtures

settings.register_profile(
    "folders",
    max_examples=int(os.environ.get("EXAMPLES", "3")),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink builds hundreds of warehouses
    deadline=None,  # an example builds one or two warehouses
    derandomize="EXAMPLES" not in os.environ,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("folders")
