"""The bureau's wire format, interface V.3.0: sign-in values, packing, XML, replies, schemas and WSDL texts.

Shared by the gateway and the loopback bureau. It knows nothing of filings, settings or the database.
"""

from __future__ import annotations

VERSION = "V.3.0"
"""The interface's edition, as the attribute ``version`` names it."""

XML_LIMIT = 50 * 1024 * 1024
"""The largest data file, in bytes of XML before compression (code 18 beyond)."""

RECORD_LIMIT = 1000
"""The most records one data file may hold, over all its groups."""

NO_ENCRYPTION, AES_CBC = 0, 1
MD5 = 0
ZIP = 0
