"""The heart: filings, their states, drafts, revisions, marks."""
