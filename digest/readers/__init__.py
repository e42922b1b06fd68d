"""The list of readers: how they come onto it, and with what proof."""
