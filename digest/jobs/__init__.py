"""The jobs: each composes stages and reads like a sentence."""
