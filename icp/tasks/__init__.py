"""Work items with a deadline that stand beside filings: what the bureau asks for, and what follows from a filing."""
