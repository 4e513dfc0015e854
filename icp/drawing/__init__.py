"""How the fields of a filing are drawn and read back; hosts and reviewers see the same controls."""
