"""``python -m odkit``."""

from odkit.cli import main

if __name__ == "__main__":
    main()
