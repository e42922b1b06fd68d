"""Tools with verdicts become comparisons: how well two go together, which pairs make the best issue, and its answer."""
