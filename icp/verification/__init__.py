"""The check in person, per website and principal: photo, papers seen, verdicts, signed form."""
