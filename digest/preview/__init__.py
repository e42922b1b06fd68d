"""The editors' application: every issue as its readers will see it, on this machine only; it changes nothing."""
