"""The texts of the checks, by subject matter."""
