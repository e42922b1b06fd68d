"""A publication's files on the disk: written whole or not at all, read with the place of every value."""
