"""The bureau's six methods: typed values in, typed replies out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from icp.bureau import wire
from icp.bureau.codec import MD5, ZIP, auth, replies, wsdl
from icp.bureau.codec.packing import Packed
from icp.bureau.codec.replies import Reply, ReplyError, StatusInfo
from icp.bureau.codec.xml import XmlError
from icp.bureau.wire import Endpoint, NoReply, NotSent, forget_wsdl

DOWNLOAD_CODES = frozenset({0, 1, 2, 3})


class Refused(Exception):
    """The bureau answered with a code that isn't success.

    Attributes:
        code: method-call code.
        message: the bureau's own text.
        reply: the whole reply (code 14 lists missing numbers).
    """

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"code {reply.code}: {reply.message}")
        self.code, self.message, self.reply = reply.code, reply.message, reply


@dataclass(frozen=True)
class Previous:
    """The last file the bureau took from us; sequence 0 before the first."""

    sequence: int
    hash_b64: str
    file_name: str


class Bureau:
    """One account's view of one bureau."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def upload(self, packed: Packed, sequence: int) -> Reply:
        """Hand over one data file (isp_upload).

        Raises:
            Refused: any code but 0; 14 lists the missing numbers in ``reply.missing``.
            NoReply: not known whether it was taken.
        """
        return self._expect(
            {0},
            "isp_upload",
            beianInfo=packed.data_b64,
            beianInfoHash=packed.hash_b64,
            dataSequence=sequence,
            encryptAlgorithm=packed.encrypt_algorithm,
            hashAlgorithm=MD5,
            compressionFormat=ZIP,
        )

    def download(self) -> Reply:
        """Fetch the next waiting file (isp_download); the reply has no file when none waits.

        Raises:
            Refused, NoReply.
        """
        return self._expect(DOWNLOAD_CODES, "isp_download", hashAlgorithm=MD5)

    def acknowledge(self, file_name: str) -> Reply:
        """Tell the bureau that a file is safe with us (isp_downloadack).

        Raises:
            Refused, NoReply.
        """
        return self._expect({0}, "isp_downloadack", hashAlgorithm=MD5, fileName=file_name)

    def previous_upload(self) -> Previous:
        """The last file the bureau took from us (isp_querypreviousupload).

        Raises:
            Refused, NoReply.
        """
        file = self._expect(DOWNLOAD_CODES, "isp_querypreviousupload", hashAlgorithm=MD5).file
        if file is None:
            return Previous(0, "", "")
        return Previous(file.data_sequence or 0, "".join(file.hash_b64.split()), file.name)

    def query_status(self, kind: int, condition: str) -> StatusInfo | None:
        """Whether a domain (kind 0) or the holder of a document (1 to 11) is on record (isp_querybeianstatus).

        Raises:
            Refused, NoReply.
        """
        reply = self._expect(
            {0}, "isp_querybeianstatus", hashAlgorithm=MD5, queryConditionType=kind, queryCondition=condition
        )
        return reply.status

    def verify_filing_password(self, number: str, password: str) -> bool:
        """Whether a filing password is right (isp_verifybamm); attempts are limited by the bureau (code 22).

        Raises:
            Refused, NoReply.
        """
        reply = self._expect({0}, "isp_verifybamm", hashAlgorithm=MD5, baxh=number, bamm=password)
        if reply.verified is None:
            raise NoReply("the answer says neither right nor wrong")
        return reply.verified

    def _expect(self, codes: set[int] | frozenset[int], method: str, **values: Any) -> Reply:
        reply = self._call(method, values)
        if reply.code not in codes:
            raise Refused(reply)
        return reply

    def _call(self, method: str, values: dict[str, Any]) -> Reply:
        rand = auth.rand_val()
        values = {
            "ispId": self.endpoint.isp_id,
            "userName": self.endpoint.user,
            "randVal": rand,
            "pwdHash": auth.password_hash(self.endpoint.password, rand),
            **values,
        }
        with wire.told_apart(method):
            service = wire.service(self.endpoint, wsdl.METHODS[method])
            arguments = _arguments(service.parameters[method], _in_order(method, values))
            status, kind, body = getattr(service.proxy, service.names[method])(**arguments)
        try:
            return replies.parse(wire.inner_document(body, kind))
        except (ReplyError, XmlError) as error:
            raise NoReply(f"{method}: HTTP {status} {kind}: {error}") from None


ORDER = {
    "isp_upload": [
        "beianInfo",
        "beianInfoHash",
        "dataSequence",
        "encryptAlgorithm",
        "hashAlgorithm",
        "compressionFormat",
    ],
    "isp_download": ["hashAlgorithm"],
    "isp_downloadack": ["hashAlgorithm", "fileName"],
    "isp_querypreviousupload": ["hashAlgorithm"],
    "isp_querybeianstatus": ["hashAlgorithm", "queryConditionType", "queryCondition"],
    "isp_verifybamm": ["hashAlgorithm", "baxh", "bamm"],
}
"""The parameters after the four of the sign-in, in the order of the interface."""


def _in_order(method: str, values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in ["ispId", "userName", "randVal", "pwdHash", *ORDER[method]]}


def _arguments(parameters: tuple[str, ...], values: dict[str, Any]) -> dict[str, Any]:
    """Values by the WSDL's own parameter names: matched without regard to case, or by place when it names them
    ``arg0`` and so on."""
    spelled = {name.lower(): name for name in parameters}
    if all(name.lower() in spelled for name in values):
        return {spelled[name.lower()]: value for name, value in values.items()}
    if len(parameters) == len(values):
        return dict(zip(parameters, values.values(), strict=True))
    raise ValueError(f"the WSDL's parameters {', '.join(parameters)} aren't those of the interface")


__all__ = ["Bureau", "Endpoint", "NoReply", "NotSent", "Previous", "Refused", "forget_wsdl"]
