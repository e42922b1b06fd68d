"""The one way to the web: limits, safe addresses, one clear line when something fails."""
