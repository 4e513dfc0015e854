"""Invented people and companies whose numbers have valid check digits; any likeness to real ones is chance."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
INNER = {10: "X", 11: "0"}
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def resident_id(division: str, born: str, order: int) -> str:
    """A resident ID number with its check digit (GB 11643): division 6 digits, born YYYYMMDD, order 0–999."""
    body = f"{division}{born}{order:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def credit_code(division: str, serial: int) -> str:
    """A credit code with both check digits (GB 32100, inner GB 11714): an enterprise of ``division``."""
    inner = f"MA{serial:06d}"
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in inner]
    rest = 11 - sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    body = f"91{division}{inner}{INNER.get(rest, rest)}"
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


@dataclass(frozen=True)
class Company:
    """A host of the demonstration: a company, or a person when ``company`` is empty."""

    key: str
    company: str
    principal: str
    region: str
    place: str
    street: str
    area_code: str
    domain: str
    website: str
    serial: int

    @property
    def individual(self) -> bool:
        """Whether it is a private person."""
        return not self.company

    @property
    def email(self) -> str:
        """The host's sign-in address."""
        return f"{self.key}@host.example"

    @property
    def id_number(self) -> str:
        """The principal's resident ID number."""
        return resident_id(
            self.region, f"19{80 + self.serial % 15}0{1 + self.serial % 9}1{self.serial % 10}", 10 + self.serial
        )

    @property
    def document_number(self) -> str:
        """The subject's own number."""
        return self.id_number if self.individual else credit_code(self.region, 380000 + self.serial)

    def answers(self, address: str) -> dict[str, str | list[str]]:
        """A complete and plausible set of answers, its website on ``address`` of the provider."""
        person: dict[str, str | list[str]] = {
            "name": self.principal,
            "document_type": "2",
            "document_number": self.id_number,
            "document_valid_from": "2016-05-20",
            "document_valid_to": "2036-05-20",
            "mobile": f"1390000{self.serial:04d}",
            "emergency_phone": f"1360000{self.serial:04d}",
            "email": self.email,
        }
        if not self.individual:
            long = self.area_code in ("0591", "0595")  # eight digits; seven elsewhere in the province
            person["landline"] = f"{self.area_code}-{'8765' if long else '876'}{self.serial:04d}"
        subject: dict[str, str | list[str]] = {
            "organisation_type": "5" if self.individual else "4",
            "document_type": "2" if self.individual else "1",
            "document_number": self.document_number,
            "name": self.principal if self.individual else self.company,
            "document_valid_from": "2016-05-20" if self.individual else "2021-03-16",
            "document_valid_to": "2036-05-20" if self.individual else "long",
            "region_code": self.region,
            "document_address": self.place + self.street,
            "mailing_address": self.street,
            "supervisor": self.principal,
        }
        website: dict[str, str | list[str]] = {
            "name": self.website,
            "domain": self.domain,
            "home_url": f"www.{self.domain}",
            "service_content": ["6"] if self.individual else ["8"],
            "languages": ["1"],
            "pre_approvals": ["none"],
            "principal.same_as_subject": "yes",
            "access.access_method": "3",
            "access.server_location": "4",
            "access.ip_addresses": [address],
        }
        return {
            **{f"subject.{name}": value for name, value in subject.items()},
            **{f"subject.principal.{name}": value for name, value in person.items()},
            **{f"website[w1].{name}": value for name, value in website.items()},
        }


def load_hosts() -> tuple[Company, ...]:
    """The hosts of the demonstration, from ``hosts.csv``."""
    with (Path(__file__).parent / "hosts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Company(**{**row, "serial": int(row["serial"])}) for row in rows)  # type: ignore[arg-type]


COMPANIES = load_hosts()
