"""SOAP under the client: services as their WSDL describes them, transport, what an answer's envelope holds.

Namespace, SOAPAction, qualification and the spelling of the parameters come from the WSDL the endpoint serves; the
packaged one serves while an endpoint serves none.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import zeep
from lxml import etree
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import ConnectTimeout, RequestException
from urllib3.exceptions import MaxRetryError, NewConnectionError
from zeep.exceptions import Error as ZeepError
from zeep.transports import Transport

from icp.bureau.codec import envelope, wsdl
from icp.bureau.codec.packing import Cipher
from icp.bureau.codec.replies import ReplyError
from icp.bureau.codec.xml import parse_text

log = logging.getLogger(__name__)

ANSWER_LIMIT = 160 * 1024 * 1024  # base64 of an encrypted 50 MB file, escaped once more, and some room
CACHE_SECONDS = 24 * 3600.0
FALLBACK_SECONDS = 300.0  # how long the packaged WSDL serves before the endpoint is asked again


class NoReply(Exception):
    """The call ended without an answer we can read; whether the bureau acted on it is not known."""


class NotSent(NoReply):
    """No connection came about, so the bureau can't have acted."""


@dataclass(frozen=True)
class Endpoint:
    """How to reach one bureau and who calls.

    Attributes:
        base_url: address before the services' paths.
        isp_id, user, password: as the bureau issued them.
        cipher: key and offset for encrypted files.
        encrypt: whether uploads are encrypted.
        timeout: seconds to wait for an answer.
    """

    base_url: str
    isp_id: int
    user: str
    password: str = field(repr=False)
    cipher: Cipher | None = field(default=None, repr=False)
    encrypt: bool = False
    timeout: float = 60.0


class _Transport(Transport):
    """HTTP without local files, one connection a call, and a limit to what an answer may hold."""

    def __init__(self, timeout: float) -> None:
        session = requests.Session()
        # A connection kept open may close just as a call leaves, and then nobody knows whether it arrived.
        session.headers["Connection"] = "close"
        super().__init__(timeout=timeout, operation_timeout=timeout, session=session)  # type: ignore[no-untyped-call]

    def load(self, url: str) -> bytes:
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("a WSDL may only refer to http addresses")
        content: bytes = super().load(url)  # type: ignore[no-untyped-call]
        return content

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> Any:
        with self.session.post(
            address, data=message, headers=headers, timeout=self.operation_timeout, stream=True, allow_redirects=False
        ) as response:
            body = io.BytesIO()
            for chunk in response.iter_content(1 << 16):
                if body.tell() + len(chunk) > ANSWER_LIMIT:
                    raise NoReply("the answer is larger than any file may be")
                body.write(chunk)
            return response.status_code, response.headers.get("Content-Type", ""), body.getvalue()


@dataclass(frozen=True)
class Service:
    """A service as its WSDL describes it."""

    client: Any
    proxy: Any
    parameters: dict[str, tuple[str, ...]]
    names: dict[str, str]
    until: float


_cache: dict[tuple[str, str, float], Service] = {}
_cache_lock = Lock()


def forget_wsdl() -> None:
    """Read each WSDL anew at the next call."""
    with _cache_lock:
        _cache.clear()


def service(endpoint: Endpoint, name: str) -> Service:
    """A service of an endpoint; its WSDL is read once a day, and again soon after it couldn't be read."""
    key = (endpoint.base_url, name, endpoint.timeout)
    with _cache_lock:
        found = _cache.get(key)
        if found is None or found.until < time.monotonic():
            found = _cache[key] = _load(endpoint, name)
        return found


def _load(endpoint: Endpoint, name: str) -> Service:
    address = endpoint.base_url.rstrip("/") + wsdl.SERVICES[name]
    settings = zeep.Settings(strict=False, forbid_dtd=True, forbid_entities=True, raw_response=True)
    try:
        client = zeep.Client(f"{address}?wsdl", transport=_Transport(endpoint.timeout), settings=settings)  # type: ignore[no-untyped-call]
        return _described(client, name, address, CACHE_SECONDS)
    except (RequestException, ZeepError, etree.LxmlError, ValueError, LookupError, AttributeError) as error:
        log.warning("the WSDL of %s can't be used (%s); the packaged one serves", name, type(error).__name__)
    packaged = io.BytesIO(wsdl.document(name, address))
    client = zeep.Client(packaged, transport=_Transport(endpoint.timeout), settings=settings)  # type: ignore[no-untyped-call]
    return _described(client, name, address, FALLBACK_SECONDS)


def _described(client: Any, name: str, address: str, keep: float) -> Service:
    wanted = {method for method, service in wsdl.METHODS.items() if service == name}
    for service in client.wsdl.services.values():
        for port in service.ports.values():
            operations = {n.lower(): o for n, o in port.binding._operations.items()}
            if not wanted <= operations.keys():
                continue
            target = _reachable(port.binding_options.get("address", ""), address)
            return Service(
                client=client,
                proxy=client.create_service(str(port.binding.name), target),
                parameters={m: tuple(n for n, _ in operations[m].input.body.type.elements) for m in wanted},
                names={m: operations[m].name for m in wanted},
                until=time.monotonic() + keep,
            )
    raise LookupError(f"the WSDL of {name} lacks a method")


def _reachable(served: str, known: str) -> str:
    """The served address on the host that is known to be the bureau's: passwords go nowhere else."""
    there, here = urlsplit(served), urlsplit(known)
    return urlunsplit((here.scheme, here.netloc, there.path or here.path, there.query, ""))


@contextmanager
def told_apart(method: str) -> Iterator[None]:
    """Turn what goes wrong below SOAP into ``NotSent`` (it can't have arrived) or ``NoReply`` (nobody knows)."""
    try:
        yield
    except ConnectTimeout as error:
        raise NotSent(f"{method}: {type(error).__name__}") from None
    except ConnectionFailed as error:
        reason = error.args[0] if error.args else None
        cause = reason.reason if isinstance(reason, MaxRetryError) else reason
        kind = NotSent if isinstance(cause, NewConnectionError) else NoReply
        raise kind(f"{method}: {type(cause or error).__name__}") from None
    except RequestException as error:
        raise NoReply(f"{method}: {type(error).__name__}") from None
    except (ZeepError, TypeError, ValueError) as error:
        raise NotSent(f"{method}: the call can't be built: {type(error).__name__}: {error}") from None


def inner_document(body: bytes, content_type: str = "") -> str:
    """The text inside a SOAP answer that holds the ``return`` document.

    Args:
        body: the envelope.
        content_type: the answer's; may name the encoding, see ``icp.bureau.codec.envelope``.

    Raises:
        ReplyError: a SOAP fault, or nothing that looks like an answer.
        icp.bureau.codec.xml.XmlError: it can't be decoded or parsed.
    """
    parsed = parse_text(envelope.text(body, content_type), huge=True)
    elements = [element for element in parsed.iter() if isinstance(element.tag, str)]
    names = {etree.QName(element).localname: element for element in elements}
    if "Fault" in names:
        text = " ".join("".join(names["Fault"].itertext()).split())
        raise ReplyError(f"SOAP fault: {text[:300]}")
    found = names.get("return")
    if found is None:
        found = next((e for e in elements if _text(e).strip()), None)
    if found is None:
        raise ReplyError("an empty answer")
    inside = [element for element in found if isinstance(element.tag, str)]
    if inside:  # the inner document came as elements, not as text
        inner = found if etree.QName(inside[0]).localname.lower() == "msg_code" else inside[0]
        text = etree.tostring(inner, encoding="unicode", with_tail=False)
        return str(text)
    return _text(found)


def _text(element: Any) -> str:
    """What stands in an element besides other elements, comments and instructions."""
    return (element.text or "") + "".join(part.tail or "" for part in element)
