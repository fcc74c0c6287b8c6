"""The compiled project of the harness, and on which folders each property is tried.

EXAMPLES of them, the same ones in every run; others where FRESH is set.
"""

import os

from hypothesis import HealthCheck, Phase, settings

from tests.harness.conftest import compiled, compiled_as_of  # noqa: F401 - fixtures

settings.register_profile(
    "folders",
    max_examples=int(os.environ.get("EXAMPLES", "3")),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink builds hundreds of warehouses
    deadline=None,  # an example builds one or two warehouses
    derandomize=not os.environ.get("FRESH"),
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("folders")
