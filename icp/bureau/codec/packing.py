"""Packing a data file for the wire and unpacking it again.

XML → zip with one entry, whose name is the file's name → MD5 over the zip (always unencrypted) → AES-CBC with PKCS#7
padding when the algorithm number says so → base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from icp.bureau.codec import AES_CBC, MD5, NO_ENCRYPTION, XML_LIMIT, ZIP

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.]{0,127}")
"""Letters and digits, as the interface wants them; the bureau's own names hold ``_`` and end in ``.xml`` as well."""

FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same XML packs to the same bytes, and so to the same hash
BLOCK_BITS = 128


class PackingError(Exception):
    """A data file can't be unpacked.

    Attributes:
        code: the method-call code that says so: 6 decryption, 7 hash, 8 zip, 9 encryption algorithm, 10 hash
            algorithm, 11 compression format, 17 number of files, 18 size.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Cipher:
    """AES in CBC mode; key and initial vector are 16 characters each, used byte for byte."""

    key: str
    iv: str

    def __post_init__(self) -> None:
        if len(self.key.encode()) != 16 or len(self.iv.encode()) != 16:
            raise ValueError("key and offset have 16 characters each")

    def _cipher(self) -> BlockCipher[modes.CBC]:
        return BlockCipher(algorithms.AES(self.key.encode()), modes.CBC(self.iv.encode()))

    def encrypt(self, plain: bytes) -> bytes:
        """Pad and encrypt."""
        padder = padding.PKCS7(BLOCK_BITS).padder()
        encryptor = self._cipher().encryptor()
        return encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()

    def decrypt(self, secret: bytes) -> bytes:
        """Decrypt and take the padding off.

        Raises:
            ValueError: the length or the padding is wrong: another key, or damaged.
        """
        decryptor = self._cipher().decryptor()
        padded = decryptor.update(secret) + decryptor.finalize()
        unpadder = padding.PKCS7(BLOCK_BITS).unpadder()
        return unpadder.update(padded) + unpadder.finalize()


@dataclass(frozen=True)
class Packed:
    """A data file ready for the wire: ``beianInfo`` and ``beianInfoHash``, both base64."""

    data_b64: str
    hash_b64: str
    encrypt_algorithm: int


@dataclass(frozen=True)
class Unpacked:
    """A data file as it came: the name of the zip's entry and the XML's bytes."""

    name: str
    xml: bytes


def md5_b64(data: bytes) -> str:
    """base64 of the MD5's 16 bytes: the form of every hash on this wire."""
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode("ascii")


def zip_one(xml_bytes: bytes, file_name: str) -> bytes:
    """A zip archive with ``xml_bytes`` as its only entry.

    Raises:
        ValueError: the name isn't letters, digits, ``_`` and ``.`` in at most 128 bytes.
    """
    if not NAME.fullmatch(file_name):
        raise ValueError(f"not a name for the wire: {file_name!r}")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(file_name, FIXED_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, xml_bytes)
    return buffer.getvalue()


def pack_zip(zipped: bytes, encrypt: Cipher | None) -> Packed:
    """Wrap a zip archive that exists already, for instance one from the archive of sent files."""
    body = encrypt.encrypt(zipped) if encrypt else zipped
    algorithm = AES_CBC if encrypt else NO_ENCRYPTION
    return Packed(base64.b64encode(body).decode("ascii"), md5_b64(zipped), algorithm)


def pack(xml_bytes: bytes, file_name: str, *, encrypt: Cipher | None = None) -> Packed:
    """Pack a data file.

    Args:
        xml_bytes: the XML in GBK, at most ``XML_LIMIT`` bytes.
        file_name: name of the only entry, e.g. ``20300101083000_1.xml``.
        encrypt: the account's key and offset, or None for algorithm 0.

    Raises:
        PackingError: code 18, larger than the interface takes.
    """
    if len(xml_bytes) > XML_LIMIT:
        raise PackingError(18, "the data file is larger than 50 MB")
    return pack_zip(zip_one(xml_bytes, file_name), encrypt)


def unpack(
    data_b64: str,
    hash_b64: str,
    *,
    encrypt_algorithm: int,
    hash_algorithm: int,
    compression_format: int,
    cipher: Cipher | None,
    file_name: str | None = None,
) -> Unpacked:
    """Unpack a data file, checking each layer; line breaks inside the base64 do no harm.

    Args:
        data_b64: ``beianInfo``.
        hash_b64: ``beianInfoHash``.
        encrypt_algorithm: 0 or 1, from the same call or reply.
        hash_algorithm: 0.
        compression_format: 0.
        cipher: key and offset, needed for algorithm 1.
        file_name: entry to take when the archive holds several; one entry is taken whatever its name.

    Raises:
        PackingError: with the code of the first layer that fails.
    """
    if encrypt_algorithm not in (NO_ENCRYPTION, AES_CBC):
        raise PackingError(9, f"unknown encryption algorithm {encrypt_algorithm}")
    if hash_algorithm != MD5:
        raise PackingError(10, f"unknown hash algorithm {hash_algorithm}")
    if compression_format != ZIP:
        raise PackingError(11, f"unknown compression format {compression_format}")
    zipped = _decrypted(data_b64, cipher if encrypt_algorithm == AES_CBC else None, encrypt_algorithm)
    if not hmac.compare_digest(md5_b64(zipped).encode(), "".join(hash_b64.split()).encode()):
        raise PackingError(7, "the hash doesn't fit the archive")
    return unzip_one(zipped, file_name)


def _decrypted(data_b64: str, cipher: Cipher | None, algorithm: int) -> bytes:
    try:
        body = base64.b64decode("".join(data_b64.split()), validate=True)
    except (binascii.Error, ValueError):
        raise PackingError(6 if algorithm == AES_CBC else 7, "the content is not base64") from None
    if algorithm == NO_ENCRYPTION:
        return body
    if cipher is None:
        raise PackingError(6, "encrypted, but no key is known")
    try:
        return cipher.decrypt(body)
    except ValueError:
        raise PackingError(6, "the content doesn't open with this key") from None


def unzip_one(zipped: bytes, file_name: str | None = None) -> Unpacked:
    """The XML of an archive; never more than ``XML_LIMIT`` bytes are unpacked, whatever the archive claims.

    Raises:
        PackingError: 8 damaged, encrypted, nameless or an unknown method; 17 not exactly one file; 18 too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            entries = archive.infolist()
            named = [e for e in entries if file_name is not None and _name(e) == file_name]
            chosen = entries if len(entries) == 1 else named
            if any(not e.filename for e in chosen):  # which ``is_dir`` fails at
                raise PackingError(8, "an entry without a name")
            if len(chosen) != 1 or chosen[0].is_dir():
                raise PackingError(17, f"{len(entries)} files in the archive where one is expected")
            entry = chosen[0]
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise PackingError(8, "an unknown compression method")
            if entry.file_size > XML_LIMIT:
                raise PackingError(18, "the data file is larger than 50 MB")
            with archive.open(entry) as stream:
                xml = stream.read(XML_LIMIT + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, OverflowError) as error:
        raise PackingError(8, f"the archive can't be opened: {type(error).__name__}") from None
    if len(xml) > XML_LIMIT:
        raise PackingError(18, "the data file is larger than 50 MB")
    return Unpacked(_name(entry), xml)


def _name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gbk")  # zipfile reads unflagged names as cp437
    except UnicodeError:
        return entry.filename
