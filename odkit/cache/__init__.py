"""What earlier runs did: results of stages by the digest of their inputs, and a record of each package in build/.

It saves work and is never believed: an entry that does not keep its own digest, or a package whose files are not
those of its record, is as good as none. All of it may be deleted at any time.
"""

from odkit.cache.inputs import installed
from odkit.cache.past import Past
from odkit.cache.upkeep import Usage, cache_usage, prune_cache

__all__ = ["Past", "Usage", "cache_usage", "installed", "prune_cache"]
