"""An issue and its folder: what was collected for it, what editors wrote, what the build froze, who approved it."""
