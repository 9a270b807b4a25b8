from odkit.cache.inputs import installed as installed
from odkit.cache.past import Past as Past
from odkit.cache.upkeep import Usage as Usage
from odkit.cache.upkeep import cache_usage as cache_usage
from odkit.cache.upkeep import prune_cache as prune_cache

__all__ = ["Past", "Usage", "cache_usage", "installed", "prune_cache"]
