"""WSDL texts of the three services: SOAP 1.1, document/literal, wrapped.

The interface leaves namespace, SOAPAction and qualification open; those here are our own. A client takes them from
what an endpoint serves and falls back on these only when an endpoint serves none.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

ADDRESS = "http://address.invalid/"
"""Stands for the endpoint's address in the packaged texts."""

SERVICES = {
    "upDownLoad": "/ISPWebService/upDownLoad",
    "queryBeianStatus": "/BeianStatusWebService/queryBeianStatus",
    "verifyBamm": "/BeianStatusWebService/verifyBamm",
}
"""Service → its path on the bureau's host."""

METHODS = {
    "isp_upload": "upDownLoad",
    "isp_download": "upDownLoad",
    "isp_downloadack": "upDownLoad",
    "isp_querypreviousupload": "upDownLoad",
    "isp_querybeianstatus": "queryBeianStatus",
    "isp_verifybamm": "verifyBamm",
}
"""Method → the service that offers it."""

NAMESPACE = "http://webservice.isp.beian/"


@cache
def _text(service: str) -> str:
    return (Path(__file__).parent / f"{service}.wsdl").read_text(encoding="utf-8")


def document(service: str, address: str) -> bytes:
    """The WSDL of a service with the address under which it is served, in UTF-8.

    Raises:
        KeyError: no such service.
    """
    if service not in SERVICES:
        raise KeyError(service)
    return _text(service).replace(ADDRESS, escape(address, {'"': "&quot;"})).encode()
