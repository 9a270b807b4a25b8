from odkit.cache.inputs import READ_BESIDE as READ_BESIDE
from odkit.cache.inputs import Inputs as Inputs
from odkit.cache.inputs import installed as installed
from odkit.cache.inputs import stage_inputs as stage_inputs
from odkit.cache.past import Past as Past
from odkit.cache.past import summary as summary
from odkit.cache.record import was_built as was_built
from odkit.cache.upkeep import Usage as Usage
from odkit.cache.upkeep import cache_usage as cache_usage
from odkit.cache.upkeep import prune_cache as prune_cache

__all__ = [
    "READ_BESIDE",
    "Inputs",
    "Past",
    "Usage",
    "cache_usage",
    "installed",
    "prune_cache",
    "stage_inputs",
    "summary",
]
