import dataclasses
import io

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from icp.documents import verification_form as form
from icp.documents.verification_items import ITEMS, KIND_OF_DOCUMENT, PRINTED, document_kind, items_for

DATA = form.VerificationFormData(
    application="CZ-261118-0427-6",
    website="w1",
    revision=2,
    revision_hash="8f3ac21e" * 8,
    provider_name="澄舟云",
    host_name="福州青梧文创有限公司",
    domain="qingwu.example",
    principal_name="林知夏",
    individual=False,
    values={
        "subject_document": "91350100M000100Y43",
        "principal_document": "林知夏　11010519491231002X",
        "mobile": "13900000000",
        "mailing_address": "福建省福州市鼓楼区示例路18号青梧大厦6层602室",
        "website_name": "青梧文创手作馆",
        "access": "澄舟云；虚拟主机；福建；203.0.113.24",
    },
    verdicts={"organisation_kind": "licence", "mobile": "yes", "landline": "na"},
    verifier_name="许闻",
)


@pytest.fixture(scope="session")
def text_of():
    """The text of a PDF without any space."""

    def read(pdf: bytes) -> str:
        return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)

    return read


def test_everything_filed_is_printed(text_of):
    text = text_of(form.render(DATA))
    for value in ("福州青梧文创有限公司", "qingwu.example", "林知夏", "许闻", "澄舟云", *DATA.values.values()):
        assert "".join(value.split()) in text
    for item in ITEMS:
        assert "".join(item.label.split()) in text
    for title in ("一主体信息核验", "二联系方式核验", "三网站信息核验", "四接入信息核验", "核验承诺"):
        assert title in text


def test_the_footer_names_filing_revision_and_hash(text_of):
    text = text_of(form.render(DATA))
    assert "CZ-261118-0427-6" in text
    assert "第2版" in text
    assert "8f3ac21e8f3a" in text
    assert "第1页，共1页" in text


def test_the_date_is_left_blank_and_both_sides_sign(text_of):
    text = text_of(form.render(DATA))
    assert text.count("日期：") == 2
    assert "核验人签字" in text
    assert "网站负责人签字" in text
    assert "单位公章" in text


def test_individuals_have_no_unit_items_and_no_seal(text_of):
    text = text_of(form.render(dataclasses.replace(DATA, individual=True, host_name="林知夏")))
    assert "单位证件" not in text
    assert "单位公章" not in text
    assert "单位盖章" in text  # the provider's own
    assert {item.key for item in ITEMS} - {item.key for item in items_for(True)} == {
        "organisation_kind",
        "subject_document",
    }


def test_the_same_data_give_the_same_bytes():
    assert form.render(DATA) == form.render(DATA)
    assert form.render(DATA) != form.render(dataclasses.replace(DATA, revision_hash="0" * 64))
    assert form.render(DATA) != form.render(dataclasses.replace(DATA, verdicts={}))


def test_the_code_says_filing_website_revision_and_whole_hash(monkeypatch):
    given_to = []
    make = segno.make
    monkeypatch.setattr(segno, "make", lambda content, **options: given_to.append(content) or make(content, **options))
    form.render(DATA)
    assert given_to == [f"CZ-261118-0427-6/w1/2/{'8f3ac21e' * 8}"]


def test_characters_without_a_glyph_are_reported_and_printed_as_a_stand_in(text_of):
    assert form.missing_glyphs("林𠮷夏㐂 qingwu①℃Ω") == {"𠮷", "㐂"}
    text = text_of(form.render(dataclasses.replace(DATA, host_name="林𠮷夏", verdicts={})))
    assert "林〓夏" in text
    assert "用笔补写" in text
    assert "用笔补写" not in text_of(form.render(DATA))


def test_the_font_has_every_character_of_gb2312():
    characters = [
        bytes([high, low]).decode("gb2312", errors="ignore") for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)
    ]
    assert form.missing_glyphs("".join(characters)) <= {"≒"}


def test_other_documents_are_written_out(text_of):
    data = dataclasses.replace(DATA, other_kinds={"principal_kind": "外国人永久居留身份证"})
    assert "其他：外国人永久居留身份证" in text_of(form.render(data))


def test_long_data_flow_on_and_nothing_is_cut(text_of):
    address = "示例路" * 300 + "末"
    text = text_of(form.render(dataclasses.replace(DATA, values={**DATA.values, "mailing_address": address})))
    assert "末" in text
    assert "共2页" in text or "共3页" in text


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_no_text_breaks_the_form(host, address):
    data = dataclasses.replace(DATA, host_name=host, domain=address, values={"mailing_address": address})
    assert form.render(data).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "nasty", ['#panic("x")', "*bold* _it_ $x$ `raw`", '"}]', "<label> @ref", "\\", "// comment", "\x00\x1b\x7f"]
)
def test_data_are_never_markup(nasty, text_of):
    assert form.render(dataclasses.replace(DATA, host_name=nasty)).startswith(b"%PDF-")


def test_tables_agree():
    keys = [item.key for item in ITEMS]
    assert len(set(keys)) == len(keys)
    one_of = {item.key: {code for code, _ in item.answers} for item in ITEMS if item.kind == "one_of"}
    assert set(KIND_OF_DOCUMENT.values()) <= set().union(*one_of.values())
    assert document_kind("999") == "other"
    assert "website.domain" in PRINTED
    assert "website.remark" not in PRINTED
