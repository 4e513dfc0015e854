"""Every page there is: who opens it, and its address (words in braces come from the stage).

A page that isn't here is told by ``test_every_page``, which compares with the sites' own lists of addresses.
"""

from __future__ import annotations

PUBLIC = {
    "visitor": (
        "/",
        "/help",
        "/privacy",
        "/rules",
        "/enter/ministry",
        "/enter/bureau/350000",
        "/sign-in",
        "/sign-in/link/{sign_in}",
        "/register",
        "/register/confirm/{confirm_email}",
        "/password/forgotten",
        "/password/{password}",
        "/account/email/{change_email}",
        "/staff/invitation/{staff_invitation}",
        "/staff/first/{first_administrator}",
        "/resume",
        "/resume/{resume}",
        "/m",
        "/m/{handoff}",
        "/dev/mail",
        "/dev/mail/{sms}",
        *(f"/dev/mail/{{letter_{key}}}" for key in ("qingwu", "haiyan")),
        *(f"/dev/mail/{{letter_{key}}}/html" for key in ("qingwu", "yunlu", "haiyan", "beichen")),
    ),
    "phone": ("/m/papers",),
    "resumer": (
        "/filings/{wrong}",
        "/filings/{wrong}/steps/subject",
        "/filings/{wrong}/steps/website/w1",
        "/filings/{wrong}/papers",
        "/filings/{wrong}/check",
    ),
}
HOSTS = {
    "new": ("/filings", "/start", "/account", "/account/mobile/code"),
    "long": (
        "/filings",
        "/start",
        "/account",
        "/filings/{long}/mend",
        "/filings/{long}/papers",
        "/filings/{long}/check",
        "/filings/{long}/steps/website/w1",
        "/filings/{long}/revisions/1",
        "/filings/{empty}",
        "/filings/{empty}/steps/subject",
        "/filings/{empty}/papers",
        "/filings/{empty}/check",
        "/filings/{wrong}",
        "/filings/{wrong}/steps/subject",
        "/filings/{wrong}/steps/principal",
        "/filings/{wrong}/steps/website/w1",
        "/filings/{wrong}/steps/website/w2",
        "/filings/{wrong}/papers",
        "/filings/{wrong}/check",
        "/filings/{ready}",
        "/filings/{ready}/check",
    ),
    "desktop": ("/filings/{ready}/papers",),
    "many": (
        "/filings",
        "/tasks",
        "/filings/{songxi}",
        "/filings/{qingwu}/mend",
        "/filings/{tinghe}/revisions/2",
        "/filings/{tinghe}/papers",
        *(f"/filings/{{{key}}}" for key in ("lanting", "ruohan", "tinghe", "yunlu", "mingchuan")),
        *(f"/filings/{{{key}}}" for key in ("fenghe", "zhushan", "mubai", "haiyan", "beichen")),
    ),
}
STAFF = {
    "reviewer": (
        "/desk/",
        "/desk/?lane=in_review",
        "/desk/?lane=approved",
        "/desk/?q=没有这一家",
        "/desk/filings/{ruohan}",
        "/desk/filings/{ruohan}?pen=subject.name",
        "/desk/filings/{tinghe}",
        "/desk/filings/{tinghe}/history",
        "/desk/filings/{lanting}",
        "/desk/filings/{long}",
        "/desk/filings/{haiyan}",
        "/desk/filings/{yunlu}",
        "/desk/counter/{yunlu}/w1",
        "/desk/tasks",
        "/desk/tasks?lane=done",
        "/desk/tasks/material",
        "/desk/tasks/{task_notice}",
        "/desk/tasks/{task_verify}",
        "/desk/tasks/{task_unfiled}",
    ),
    "verifier": ("/desk/counter", "/desk/counter/{yunlu}/w1"),
    "supervisor": (
        "/desk/",
        "/desk/bureau",
        "/desk/ranges",
        "/desk/tables",
        "/desk/bureau/results",
        "/desk/bureau/results/1",
        "/desk/tables/languages",
        "/desk/dashboard",
        "/desk/filings/{beichen}",
        "/desk/filings/{beichen}/correct",
        "/desk/filings/{fenghe}",
        "/desk/filings/{mingchuan}/history",
    ),
    "administrator": ("/staff", "/staff/{id_reviewer}", "/account", "/account/factor", "/desk/bureau"),
}
PLACES = {**PUBLIC, **HOSTS, **STAFF}

GONE = {
    "visitor": (
        ("/no-such-page", 404),
        ("/password/a-dead-link", 410),
        ("/m/papers", 410),
    ),
    "long": (("/filings/{qingwu}", 404), ("/desk/", 403)),
    "verifier": (("/desk/dashboard", 403),),
}
"""What is refused, with its status."""

OFFICER = ("/", "/requests/1", "/requests/2")

NO_PAGES = {
    "static",
    "public.theme",
    "public.healthz",
    "public.readyz",
    "accounts_web.factor_picture",
    "accounts_web.sign_in_here",
    "host.paper",
    "host.phone_paper",
    "host.paper_slots",
    "reviewer.paper",
    "reviewer.pen",
    "reviewer.original",
    "reviewer.counter_picture",
    "reviewer.counter_form",
}
"""Pictures, the form as PDF, what programs read, and parts of pages."""

FORMS = (
    ("visitor", "/sign-in", {"login": "lin@qingwu.example", "password": "wrong"}, 200),
    ("visitor", "/filings/{wrong}/answers", {"subject.name": "青梧"}, 401),
    ("visitor", "/register", {"email": "somebody@long-provider-of-mail.example"}, 200),
    ("visitor", "/register", {"email": "nobody"}, 200),
    ("visitor", "/register/confirm/{confirm_email}", {"password": "short", "mobile": "1"}, 200),
    ("visitor", "/resume", {"email": "somebody@long-provider-of-mail.example"}, 200),
    ("visitor", "/m", {"code": "1234 5678"}, 410),
    ("visitor", "/sign-in", {"login": "he@desk.example", "password": "beian-demo-2026"}, 200),
    ("long", "/filings/{empty}/steps/subject", {"act": "next"}, 422),
    ("long", "/filings/{empty}/steps/website/w1", {"act": "next"}, 422),
    ("long", "/filings/{empty}/submit", {}, 422),
    ("long", "/filings/{long}/mend", {"act": "submit"}, 422),
    ("long", "/filings/{empty}/abandon", {}, 200),
    ("long", "/account/email", {"email": "nobody", "current": ""}, 422),
    ("long", "/account/email", {"csrf_token": ""}, 400),
    ("long", "/start", {"operation": "none"}, 400),
    ("long", "/start", {"operation": 2_200_000}, 413),
    ("many", "/filings/{lanting}/abandon", {"sure": "yes"}, 409),
    ("reviewer", "/desk/filings/{ruohan}/accept", {"seen_revision": "0"}, 409),
    ("reviewer", "/desk/tasks/{task_verify}/verify", {"passed": "no", "opinion": ""}, 422),
    ("reviewer", "/desk/tasks/{task_unfiled}/unfiled", {"code": "1", "opinion": "已停", "entered_on": "昨天"}, 422),
    ("reviewer", "/desk/tasks/material", {"number": "闽ICP备1号"}, 422),
    ("many", "/tasks/{task_notice}/reply", {"reply": ""}, 422),
    ("supervisor", "/desk/ranges", {"text": "first,last\n1.2.3.4,1.2.3"}, 422),
    ("administrator", "/staff", {"email": "nobody"}, 422),
)
"""What is answered to a form: who sends it where, with what (a number for so many letters), and the status."""
