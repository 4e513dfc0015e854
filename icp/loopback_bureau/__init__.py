"""The loopback bureau: a stand-in for a provincial bureau, for development, demonstration and tests.

A separate program with a database of its own. It serves the bureau's three SOAP services (interface V.3.0), checks and
decides what is uploaded, mails number and password to the host, keeps the registry that status queries read, and
misbehaves on request. It shares only the codec and the code tables with the gateway, and answers this machine alone.
"""
