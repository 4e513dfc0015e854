"""Filling the register from files: what is taken, what is told, and what a kill leaves behind."""

import csv
import io

import pytest
from sqlalchemy import func, select

from icp import vocabulary
from icp.bureau import register_import
from icp.bureau.register_files import FileRefused
from icp.bureau.register_import import Policy, import_file
from icp.bureau.register_lines import COLUMNS
from icp.extensions import db
from icp.register import ranges, verbs
from icp.register.models import RegisterEvent, RegisterImport, Subject
from tests.bureau.exchange_cases import basj
from tests.conftest import both_databases
from tests.unit.register.register_cases import OTHERS, access, record, subject, website

LINE = {
    "subject_number": "闽icp备 2026000001",
    "subject_name": "福州青梧文创有限公司",
    "organisation_type": "4",
    "document_type": "1",
    "document_number": "91350100M000100Y43",
    "region_code": "350102",
    "principal_name": "林知夏",
    "principal_document_type": "2",
    "principal_document_number": "11010519491231002X",
    "principal_mobile": "13900000000",
    "website_number": "闽ICP备2026000001号-1",
    "website_name": "青梧文创手作馆",
    "domains": "qingwu.example; 青梧.example",
    "service_content": "8",
    "access_methods": "3",
    "server_locations": "4",
    "ip_addresses": "203.0.113.24;203.0.113.32-203.0.113.63",
}
SECOND = {**LINE, "website_number": "闽ICP备2026000001号-2", "website_name": "海燕", "domains": "haiyan.example"}


def as_csv(*lines, columns=None):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


def numbered(place, **changes):
    number = f"闽ICP备20260000{place:02}号"
    return {
        **LINE,
        "subject_number": number,
        "website_number": f"{number}-1",
        "domains": f"d{place}.example",
        **changes,
    }


def load(data, **more):
    report = import_file(data, "list.csv", vocabulary.current(), **more)
    return report, [(f.line, f.kind) for f in report.findings]


def changed_on(subject_day, website_day, mail="lin@qingwu.example", site="青梧文创手作馆"):
    """The bureau's file, with when it changed the subject and the website last."""
    text = basj(17, mail=mail).replace("青梧文创手作馆", site)
    text = text.replace("<Zjxgsj>2030-01-01</Zjxgsj>", f"<Zjxgsj>{subject_day}</Zjxgsj>")
    return text.replace("-1</Baxh></Wz_xx>", f"-1</Baxh><Zjxgsj>{website_day}</Zjxgsj></Wz_xx>").encode("gbk")


def standing():
    return db.session.scalars(select(Subject)).one()


def said():
    """The e-mail of the principal and the name of the website on record."""
    db.session.expire_all()
    return standing().details["principal"]["email"], standing().websites[0].name


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@both_databases
@pytest.mark.usefixtures("app_context")
class TestCsv:
    def test_a_line_becomes_a_record_in_canonical_form(self):
        report, told = load(as_csv(LINE, SECOND))
        assert (report.total, report.recorded, told) == (1, 1, [])
        found = verbs.by_number("闽ICP备2026000001号").subject
        assert [w.number[-2:] for w in found.websites] == ["-1", "-2"]
        first = verbs.as_record(found).websites[0]
        assert [d.name for d in first.domains] == ["qingwu.example", "xn--20vn90h.example"]
        assert [(r.first, r.last) for r in first.accesses[0].ranges] == [
            (3405803800, 3405803800),
            (3405803808, 3405803839),
        ]
        assert verbs.other_access_known(found.websites[0]) == "unknown"
        assert found.details["principal"]["mobile"] == "13900000000"

    def test_a_second_line_of_a_website_is_a_further_access(self):
        load(as_csv(LINE, {**LINE, "access_methods": "2", "ip_addresses": "203.0.113.9"}))
        found = verbs.by_number("闽ICP备2026000001号").subject
        assert [a.details["methods"] for a in found.websites[0].accesses] == [["3"], ["2"]]

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"subject_name": ""}, "没有填写"),
            ({"subject_number": "12345"}, "不是备案号"),
            ({"website_number": "闽ICP备2026000009号-1"}, "不属于主体"),
            ({"website_number": "闽ICP备2026000001号"}, "不属于主体"),
            ({"organisation_type": "77"}, "没有代码“77”"),
            ({"access_methods": "3;99"}, "没有代码“99”"),
            ({"ip_addresses": "203.0.113.300"}, "不是 IPv4"),
            ({"ip_addresses": "203.0.113.9-203.0.113.1"}, "不是 IPv4"),
            ({"domains": "qingwu"}, "不是域名"),
        ],
    )
    def test_a_bad_line_is_told_and_the_others_are_taken(self, changes, problem):
        report, told = load(
            as_csv({**numbered(7), **changes} if "subject_number" not in changes else {**LINE, **changes}, numbered(2))
        )
        assert told == [(2, "bad_line")]
        (finding,) = report.findings
        assert problem in finding.text
        assert (finding.column in {*changes, "website_number"}, bool(finding.remedy)) == (True, True)
        assert report.recorded == 1

    def test_every_fault_of_a_line_is_told_with_its_column_and_what_to_do(self):
        wrong = {
            "subject_number": "12345", "subject_name": "", "organisation_type": "企业",
            "document_type": "组织机构代码证", "domains": "http://a.example/x;b;c.example",
            "languages": "1;99;98", "ip_addresses": "203.0.113.300",
        }  # fmt: skip
        report, told = load(as_csv({**LINE, **wrong}, numbered(2)))
        assert told == [(2, "bad_line")] * 9
        assert [(f.column, str(f.text)) for f in report.findings] == [
            ("subject_number", "“12345”不是备案号"),
            ("subject_name", "没有填写"),
            ("organisation_type", "没有代码“企业”"),
            ("document_type", "没有代码“组织机构代码证”"),
            ("domains", "“http://a.example/x”不是域名"),
            ("domains", "“b”不是域名"),
            ("languages", "没有代码“99”"),
            ("languages", "没有代码“98”"),
            ("ip_addresses", "“203.0.113.300”不是 IPv4 地址或地址段"),
        ]
        remedies = {f.column: f.remedy for f in report.findings}
        assert "填代码 4" in remedies["organisation_type"]
        assert "填管局的代码" in remedies["document_type"]  # several are called so
        assert all(remedies.values())

    def test_lines_that_contradict_each_other_are_told(self):
        other = {"subject_name": "另一家", "supervisor": "别人", "principal_email": "other@qingwu.example"}
        site = {"website_name": "别的", "home_url": "x.example"}
        report, told = load(as_csv(LINE, {**SECOND, **other}, {**LINE, **site}))
        assert told == [(3, "bad_line")] * 3 + [(4, "bad_line")] * 2
        assert [f.column for f in report.findings] == [*other, *site]
        assert all("前面的行" in f.text for f in report.findings)

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (as_csv(LINE, columns=("subject_number", "subject_name")), "document_type, document_number"),
            (as_csv(LINE, columns=(*COLUMNS, "colour")), "colour"),
            (as_csv(LINE, columns=("colour", *COLUMNS[1:])), "缺少：subject_number；不认识：colour"),
            (b"\xff\xff", "读不了"),
            (b"<DownloadData/>", "没有备案数据"),
            (b"<DownloadData", "读不了"),
            (b'<!DOCTYPE a [<!ENTITY x "y">]><DownloadData>&x;</DownloadData>', "读不了"),
        ],
    )
    def test_a_file_of_another_kind_is_refused(self, data, problem):
        with pytest.raises(FileRefused) as refused:
            load(data)
        assert problem in refused.value.problem

    def test_a_check_keeps_nothing(self):
        report, told = load(as_csv(LINE, {**numbered(2), "document_number": "91350100M000100Y44"}), dry=True)
        assert (report.recorded, told) == (2, [(3, "document")])
        assert [count(m) for m in (Subject, RegisterEvent, RegisterImport)] == [0, 0, 0]

    def test_what_is_on_record_stays_and_gaps_are_filled(self):
        record(subject(supervisor="", name="福州青梧文化有限公司"))
        report, _ = load(as_csv({**LINE, "supervisor": "林知夏"}))
        found = verbs.by_number("闽ICP备2026000001号").subject
        assert (found.name, found.details["supervisor"]) == ("福州青梧文化有限公司", "林知夏")
        assert "主办单位或主办人名称" in report.findings[0].text
        assert "青梧文创有限" not in "".join(f.text for f in report.findings)
        assert found.bureau_id == 100

    def test_the_list_replaces_when_asked_to_but_never_others_accesses(self):
        record(subject(website(accesses=(access(), access(301, provider=OTHERS)))))
        _, told = load(as_csv({**LINE, "subject_name": "新名称有限公司"}), policy=Policy.REPLACE)
        found = verbs.by_number("闽ICP备2026000001号").subject
        assert found.name == "新名称有限公司"
        assert found.details["supervisor"] == "林知夏"  # the list doesn't say
        assert [(a.bureau_id, a.ours) for a in found.websites[0].accesses] == [(300, True), (301, False)]
        assert {kind for _, kind in told} == {"differs"}

    def test_a_domain_of_another_subject_keeps_its_line_out(self):
        record(subject())
        report, told = load(as_csv(numbered(2, domains="qingwu.example")))
        assert told == [(2, "refused")]
        assert report.recorded == 0

    def test_what_was_cancelled_does_not_come_back_by_a_list(self):
        record(subject())
        verbs.cancel_subject(100)
        db.session.commit()
        _, told = load(as_csv(LINE))
        assert told == [(2, "cancelled")]
        assert verbs.by_number("闽ICP备2026000001号") is None

    def test_addresses_outside_the_providers_ranges_are_told(self):
        ranges.import_csv(["first,last", "203.0.113.0,203.0.113.31"])
        db.session.commit()
        report, told = load(as_csv(LINE))
        assert told == [(2, "address")]
        assert "203.0.113.32-203.0.113.63" in report.findings[0].text

    def test_an_import_cut_short_goes_on_and_one_that_ended_is_not_repeated(self, monkeypatch):
        monkeypatch.setattr(register_import, "BATCH", 2)
        data = as_csv(*(numbered(place) for place in range(1, 6)))

        class Killed(Exception):
            pass

        def kill(report):
            if report.done == 4:
                raise Killed

        with pytest.raises(Killed):
            load(data, progress=kill)
        assert count(Subject) == 4
        report, _ = load(data)
        assert (report.skipped, report.done, report.recorded) == (4, 5, 1)
        assert load(data)[0].earlier
        assert [count(m) for m in (Subject, RegisterEvent)] == [5, 5]


@pytest.mark.usefixtures("app_context")
class TestDownloads:
    @pytest.mark.parametrize("synchronised", [False, True])
    def test_the_bureaus_files_are_taken_whole(self, synchronised):
        text = basj(17, mail="lin@qingwu.example")
        if synchronised:
            text = text.replace("<ICP><BASJ>", "<SJTB><ICP>").replace("</BASJ></ICP>", "</ICP></SJTB>")
        report, told = load(text.encode("gbk"))
        assert (report.recorded, told) == (1, [])
        found = db.session.scalars(select(Subject)).one()
        assert found.bureau_id == 90017
        assert verbs.other_access_known(found.websites[0]) == "no"

    def test_they_replace_what_is_on_record_and_tell_where_it_differed(self):
        load(basj(17).encode("gbk"))
        report, told = load(basj(17, mail="mei@qingwu.example").encode("gbk"))
        assert told == [(1, "differs")]
        assert "电子邮箱" in report.findings[0].text
        assert "mei@" not in report.findings[0].text
        assert db.session.scalars(select(Subject)).one().details["principal"]["email"] == "mei@qingwu.example"

    def test_an_older_file_leaves_what_is_newer_alone_and_tells_it(self):
        load(changed_on("2030-05-02 10:00:00", "2030-05-02"))
        late = changed_on("2030-05-02", "2030-04-01 09:00:00", mail="mei@qingwu.example", site="旧网站")
        report, told = load(late)  # the same day is no earlier day
        assert told == [(1, "older"), (1, "differs")]
        assert report.findings[0].text.startswith("闽ICP备00000001号-1 ")
        assert said() == ("mei@qingwu.example", "青梧文创手作馆")
        report, told = load(changed_on("2030-01-01", "2030-06-01", site="新网站"))
        assert told == [(1, "older"), (1, "differs")]
        assert report.findings[0].text.startswith("闽ICP备00000001号 ")
        assert said() == ("mei@qingwu.example", "新网站")
        load(late, older_too=True)
        assert said() == ("mei@qingwu.example", "旧网站")

    def test_what_was_cancelled_later_stays_so(self):
        load(changed_on("2020-05-02", "2020-05-02"))
        verbs.cancel_website(standing().websites[0].bureau_id)
        db.session.commit()
        assert load(changed_on("2020-05-03", "2020-05-03"))[1] == [(1, "older")]
        assert standing().websites[0].cancelled_at is not None
        assert (1, "cancelled") in load(changed_on("2020-05-03", "2099-05-03"))[1]
        verbs.cancel_subject(standing().bureau_id)
        db.session.commit()
        assert load(changed_on("2020-05-04", "2099-05-04"))[1] == [(1, "older")]
        assert standing().cancelled_at is not None

    def test_a_domain_of_another_subject_is_told(self):
        load(basj(17).encode("gbk"))
        report, told = load(basj(18, "闽ICP备00000002号").encode("gbk"))
        assert (report.recorded, told) == (1, [(1, "domain")])

    def test_a_record_without_number_is_told(self):
        report, told = load(basj(17, "").replace("<Baxh>-1</Baxh>", "").encode("gbk"))
        assert (report.recorded, told) == (0, [(1, "refused")])


def test_the_commands_round_trip(app, tmp_path):
    runner = app.test_cli_runner()
    source, copy = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(as_csv(LINE, SECOND))
    said = runner.invoke(args=["register", "import", str(source), "--check"])
    assert "1 subjects, 1 would be recorded or changed, 0 to look at" in said.output
    assert runner.invoke(args=["register", "import", str(source)]).exit_code == 0
    assert runner.invoke(args=["register", "export", str(copy)]).exit_code == 0
    again = runner.invoke(args=["register", "import", str(copy), "--on-difference", "replace"])
    assert (again.exit_code, "0 recorded or changed, 0 to look at" in again.output) == (0, True)
    bad = tmp_path / "bad.csv"
    bad.write_bytes(as_csv({**LINE, "domains": "", "languages": "99"}))
    report = tmp_path / "report.csv"
    failed = runner.invoke(args=["register", "import", str(bad), "--report", str(report)])
    assert failed.exit_code == 1
    assert [line.split(" ", 1)[1] for line in failed.output.splitlines() if ":2:" in line] == [
        "domains bad_line: 没有填写。每一行都要填；没有的话，这一行先不导入。",
        "languages bad_line: 没有代码“99”。填管局的代码，不填名称；几个用分号隔开。",
    ]
    rows = list(csv.reader(report.read_text(encoding="utf-8").splitlines()))
    assert [(row[1], row[3], row[5]) for row in rows] == [("2", "bad_line", "domains"), ("2", "bad_line", "languages")]
