"""What a message calls a code is said in the reader's language, also after the message was kept and read again."""

import json
import re

import pytest
from rule_cases import judge

from icp.i18n import tr
from icp.vocabulary.text import N_, Message, Term

CASES = [
    pytest.param(
        ("subject.document_type", "2", {"subject.organisation_type": "6"}),
        ("社会团体", "居民身份证", "社会团体法人登记证书、组织机构代码证"),
        (
            "Social organisation",
            "Resident identity card",
            "Social-organisation legal-person certificate, Organisation code certificate",
        ),
        id="documents of a kind of organisation",
    ),
    pytest.param(
        ("subject.principal.document_type", "1", {}), ("营业执照",), ("Business licence",), id="a principal's document"
    ),
    pytest.param(
        ("website.service_content", ["8", "2"], {"subject.organisation_type": "5"}),
        ("单位门户网站", "、"),
        (", ",),
        id="contents of an individual's website",
    ),
]


def kept(text):
    """The text as a mark gives it back."""
    return Message.kept(json.loads(json.dumps(text.as_json())))


def _said(app, language, texts):
    with app.test_request_context(headers={"Accept-Language": language}):
        return " ".join(map(tr, texts))


@pytest.mark.parametrize(("asked", "chinese", "english"), CASES)
def test_codes_are_named_in_the_readers_language(app, asked, chinese, english):
    (found,) = judge(*asked).corrections
    texts = found.message, found.remedy
    told = {language: _said(app, language, texts) for language in ("zh", "en")}
    assert {language: _said(app, language, map(kept, texts)) for language in told} == told
    assert [name for name in chinese if name not in told["zh"]] == []
    assert [name for name in english if name not in told["en"]] == []
    assert not re.search(r"[\u3000-\uffff]", told["en"])


def test_a_sentence_in_a_sentence_is_said_in_the_readers_language_after_it_was_kept(app):
    outer = Message(N_("当面核验时不能确认：{item}。"), item=Message(N_("手机号码正确")))
    assert (kept(outer), kept(Term("一", "one"))) == (outer, "一")
    assert "手机号码正确" in _said(app, "zh", [kept(outer)])
    assert not re.search(r"[\u4e00-\u9fff]", _said(app, "en", [kept(outer)]))
