"""What people wait for, measured as whole processes; apart from the tests, since times on a shared machine vary."""
