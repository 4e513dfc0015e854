import base64
import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp.bureau.codec import VERSION, XML_LIMIT, auth, numbers, packing, xml
from icp.bureau.codec.packing import Cipher, PackingError

CIPHER = Cipher("ABCDEFGHIJKLMNOP", "0102030405060708")


def unpack(packed, **changes):
    options = {
        "encrypt_algorithm": packed.encrypt_algorithm,
        "hash_algorithm": 0,
        "compression_format": 0,
        "cipher": CIPHER,
    } | changes
    return packing.unpack(packed.data_b64, packed.hash_b64, **options)


def packed_zip(data: bytes) -> packing.Packed:
    return packing.pack_zip(data, None)


@pytest.mark.parametrize(
    ("password", "expected"),
    [("Passw0rd", "GUSwJJMT+0INO+Bd+6GD9g=="), ("Passw0rd示例", "5LR7+Ptxf0zNRFv3972tMQ==")],
)
def test_password_hash_vectors(password, expected):
    assert auth.password_hash(password, "A1b2C3d4E5f6G7h8I9j0") == expected
    assert auth.password_fits(password, "A1b2C3d4E5f6G7h8I9j0", f" {expected}\n")
    assert not auth.password_fits(password + "x", "A1b2C3d4E5f6G7h8I9j0", expected)


def test_rand_val_is_fresh_and_twenty_letters_or_digits():
    values = {auth.rand_val() for _ in range(50)}
    assert len(values) == 50
    assert all(len(v) == 20 and v.isascii() and v.isalnum() for v in values)


def test_filing_password_vector():
    assert auth.filing_password_hash("Bamm1234") == "50c5af5b8b2bd0798435fdc2f756baae"


def test_aes_vector():
    assert base64.b64encode(CIPHER.encrypt(b"hello beian")) == b"Zm/C6mAv9PYdQDm5xO5rpA=="
    assert packing.md5_b64(b"hello beian") == "mR74AVtNVV70/UaLbFwMNw=="
    assert CIPHER.decrypt(base64.b64decode("Zm/C6mAv9PYdQDm5xO5rpA==")) == b"hello beian"


@pytest.mark.parametrize(("key", "iv"), [("short", "0102030405060708"), ("ABCDEFGHIJKLMNOP", "键" * 16)])
def test_keys_of_a_wrong_length_are_refused(key, iv):
    with pytest.raises(ValueError, match="16 characters"):
        Cipher(key, iv)


@given(data=st.binary(max_size=5000), encrypt=st.sampled_from([None, CIPHER]), wrap=st.booleans())
@settings(deadline=None)
def test_whatever_is_packed_comes_out_again(data, encrypt, wrap):
    packed = packing.pack(data, "20300101083000_1.xml", encrypt=encrypt)
    if wrap:
        lines = base64.encodebytes(base64.b64decode(packed.data_b64)).decode().replace("\n", "\r\n")
        packed = packing.Packed(lines, packed.hash_b64 + "\n", packed.encrypt_algorithm)
    assert unpack(packed) == packing.Unpacked("20300101083000_1.xml", data)


def test_the_hash_is_over_the_unencrypted_zip_and_the_same_each_time():
    plain, secret = packing.pack(b"<a/>", "a.xml"), packing.pack(b"<a/>", "a.xml", encrypt=CIPHER)
    assert plain.hash_b64 == secret.hash_b64 == packing.md5_b64(base64.b64decode(plain.data_b64))
    assert plain.data_b64 != secret.data_b64


@pytest.mark.parametrize("name", ["", "a/b.xml", "../x", "备案.xml", "a" * 129, ".xml"])
def test_names_the_wire_can_not_carry(name):
    with pytest.raises(ValueError, match="name"):
        packing.pack(b"<a/>", name)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"encrypt_algorithm": 2}, 9),
        ({"hash_algorithm": 1}, 10),
        ({"compression_format": 1}, 11),
        ({"encrypt_algorithm": 1}, 6),
        ({"encrypt_algorithm": 1, "cipher": None}, 6),
    ],
)
def test_each_layer_has_its_code(changes, code):
    with pytest.raises(PackingError) as error:
        unpack(packing.pack(b"<a/>" * 10, "a.xml"), **changes)
    assert error.value.code == code


def test_another_key_a_damaged_text_and_a_wrong_hash():
    secret = packing.pack(b"<a/>", "a.xml", encrypt=CIPHER)
    with pytest.raises(PackingError) as error:
        unpack(secret, cipher=Cipher("PONMLKJIHGFEDCBA", "0102030405060708"))
    assert error.value.code in (6, 7)  # one padding in 256 looks right by chance; then the hash tells
    with pytest.raises(PackingError) as error:
        unpack(packing.Packed("!!", secret.hash_b64, 1))
    assert error.value.code == 6
    with pytest.raises(PackingError) as error:
        unpack(packing.Packed("!!", secret.hash_b64, 0))
    assert error.value.code == 7
    plain = packing.pack(b"<a/>", "a.xml")
    with pytest.raises(PackingError) as error:
        unpack(packing.Packed(plain.data_b64, packing.md5_b64(b"other"), 0))
    assert error.value.code == 7


@given(data=st.binary(max_size=400))
@settings(deadline=None)
def test_arbitrary_bytes_as_zip_fail_with_a_code_only(data):
    with pytest.raises(PackingError) as error:
        unpack(packed_zip(data))
    assert error.value.code in (8, 17)


@given(cut=st.integers(min_value=0, max_value=200), flip=st.integers(min_value=0, max_value=200))
@settings(deadline=None)
def test_a_truncated_or_altered_zip_never_passes_for_another_text(cut, flip):
    zipped = bytearray(packing.zip_one("<网站>示范</网站>".encode("gbk") * 5, "a.xml"))
    whole = packing.unzip_one(bytes(zipped)).xml
    zipped[flip % len(zipped)] ^= 0xFF
    for data in (bytes(zipped), packing.zip_one(whole, "a.xml")[: -1 - cut % 80]):
        assert code_of(data, whole) in (None, 8, 17, 18)


def code_of(data: bytes, whole: bytes) -> int | None:
    try:
        xml_bytes = packing.unzip_one(data).xml
    except PackingError as error:
        return error.code
    assert xml_bytes == whole
    return None


def many(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, name.encode())
    return buffer.getvalue()


def test_the_number_of_files():
    for names in ((), ("a.xml", "b.xml"), ("folder/",)):
        with pytest.raises(PackingError) as error:
            unpack(packed_zip(many(*names)))
        assert error.value.code == 17
    assert unpack(packed_zip(many("a.xml", "b.xml")), file_name="b.xml").xml == b"b.xml"
    assert unpack(packed_zip(many("a.xml")), file_name="other.xml").name == "a.xml"


def test_a_bomb_is_refused_whatever_its_head_claims():
    with pytest.raises(PackingError) as error:
        packing.pack(b"a" * (XML_LIMIT + 1), "a.xml")
    assert error.value.code == 18
    honest = packing.zip_one(b"a" * (XML_LIMIT + 1), "a.xml")
    with pytest.raises(PackingError) as error:
        unpack(packed_zip(honest))
    assert error.value.code == 18
    size = (XML_LIMIT + 1).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    with pytest.raises(PackingError) as error:
        unpack(packed_zip(lying))
    assert error.value.code in (8, 18)


def test_an_unknown_zip_method_is_code_8():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.xml", b"<a/>")
    with pytest.raises(PackingError) as error:
        unpack(packed_zip(buffer.getvalue()))
    assert error.value.code == 8
    assert zlib.crc32(b"<a/>")  # the archive itself is sound: only its method is foreign


@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_addresses_there_and_back(number):
    assert numbers.ip_to_int(numbers.int_to_ip(number)) == number


def test_addresses_and_ranges():
    assert numbers.ip_to_int("192.0.2.1") == 3221225985
    assert numbers.ip_range("192.0.2.1") == (3221225985, 3221225985)
    assert numbers.ip_range("192.0.2.1 - 192.0.2.6") == (3221225985, 3221225990)
    assert numbers.range_text(3221225985, 3221225990) == "192.0.2.1-192.0.2.6"
    for wrong in ("", "::1", "192.0.2.6-192.0.2.1", "1.2.3", "256.1.1.1"):
        with pytest.raises(ValueError, match=r"."):
            numbers.ip_range(wrong)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ('<?xml version="1.0" encoding="GBK"?><a>𠮷</a>'.encode(), "encoding"),
        (b'<?xml version="1.0" encoding="GBK"?><a>\xff\xff</a>', "encoding"),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "encoding"),
        (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "doctype"),
        (b'<?xml-foo encoding="UTF-8"?><a>\xe7\xbd\x91</a>', "encoding"),
        (b'<?xml version="1.0"?><?xml version="1.0"?><a/>', "syntax"),
        (b'<a><?xml version="1.0"?></a>', "syntax"),
        (b'<a/><?xml version="1.0"?>', "syntax"),
        (b"<?xml?><a/>", "syntax"),
        (b"<a><b></a>", "syntax"),
        (b"<a>&e;</a>", "syntax"),
        (b"", "syntax"),
    ],
)
def test_hostile_documents_are_refused(data, fault):
    with pytest.raises(xml.XmlError) as error:
        xml.parse(data)
    assert error.value.fault == fault


@pytest.mark.parametrize(
    "data",
    [
        b"<a><!-- x --><b>1005</b></a>",
        b"<!-- x --><a><b>1005</b></a>",
        b"<a><b>1005</b></a><?x y?>",
        b"<?xml-foo bar?><a><b>1005</b></a>",
        b'<?xml version="1.0"?><?xml-stylesheet href="a.css"?><a><b>1005</b></a>',
        b"<a><?xml-foo bar?><b>1005</b></a>",
        b"<a><b>10<!-- x -->0<?y?>5</b></a>",
        b"<a><b><!-- <b>1</b> -->1005</b></a>",
    ],
)
def test_comments_and_instructions_say_nothing(data):
    root = xml.parse(data)
    assert xml.text_of(root, "b") == "1005"
    assert [node.tag for node in root.iter()] == ["a", "b"]
    assert (root.getprevious(), root.getnext()) == (None, None)


def test_gbk_both_ways():
    root = xml.root("UploadData", VERSION)
    xml.child(xml.child(root, "ICP"), "Dwmc", "镕基 & <堃>示范")
    data = xml.serialise(root)
    assert data.startswith(b'<?xml version="1.0" encoding="GBK"?>')
    assert "镕基 &amp; &lt;堃&gt;示范".encode("gbk") in data
    again = xml.parse(data)
    assert xml.text_of(again, "ICP/Dwmc") == "镕基 & <堃>示范"
    assert again.get("version") == VERSION
    assert xml.text_of(xml.parse("<a><b>示</b></a>".encode("gbk")), "b") == "示"
    assert xml.text_of(xml.parse('<?xml version="1.0" encoding="UTF-8"?><a><b>示</b></a>'.encode()), "b") == "示"


def test_characters_outside_gbk_name_their_place():
    root = xml.root("UploadData", VERSION)
    xml.child(root, "Dwmc", "𠮷野家")
    xml.child(root, "Dwmc", "㐀€㐀")
    with pytest.raises(xml.XmlError) as error:
        xml.serialise(root)
    assert error.value.fault == "not_gbk"
    assert error.value.found == (("/UploadData/Dwmc[1]", "𠮷"), ("/UploadData/Dwmc[2]", "㐀€"))


def test_control_characters_are_refused_where_they_are_written():
    with pytest.raises(xml.XmlError, match="Dwmc"):
        xml.child(xml.root("a", VERSION), "Dwmc", "a\x00b")


def test_reading_values():
    root = xml.parse(b"<a><b> 7 </b><c/></a>")
    assert (xml.text_of(root, "b"), xml.text_of(root, "c"), xml.text_of(root, "d")) == ("7", "", "")
    assert (xml.int_of(root, "b"), xml.int_of(root, "c"), xml.int_of(root, "d")) == (7, None, None)
