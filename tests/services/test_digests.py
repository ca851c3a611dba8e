"""The day's digest, letters at night, and letters that did not arrive. On both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.late import Late
from tests.makers import Makers
from tracker.adapters.mail import RecordingMailer
from tracker.db.base import db
from tracker.db.tables.notices import Notice
from tracker.db.tables.people import Account
from tracker.domain.dates import ZONE
from tracker.domain.errors import Invalid, Unavailable
from tracker.domain.people import SYSTEM, Actor
from tracker.services.delivery import CLAIM, deliver
from tracker.services.digests import write_digests
from tracker.services.notices import notify
from tracker.services.unit import unit_of_work

MORNING = datetime(2026, 11, 25, 7, 30, tzinfo=ZONE)
NIGHT = datetime(2026, 11, 24, 22, 0, tzinfo=ZONE)
SUNDAY = datetime(2026, 11, 29, 9, 0, tzinfo=ZONE)
URL = "https://bam-co-so.example.vn"


@pytest.fixture
def late(make: Makers) -> Late:
    return Late(make)


@pytest.fixture
def mailer() -> RecordingMailer:
    return RecordingMailer()


@pytest.fixture
def send(make: Makers, mailer: RecordingMailer) -> Callable[[datetime], object]:
    return lambda now: deliver(make.wiring, mailer, URL, now)


def choose(person: Actor, choice: str) -> None:
    db.session.execute(sa.update(Account).where(Account.id == person.account_id).values(mail_choice=choice))
    db.session.commit()


def tell(make: Makers, person: Actor, key: str, now: datetime, **more: object) -> None:
    with unit_of_work(make.wiring, actor=SYSTEM, now=now) as unit:
        notify(unit, [person.account_id], event_key=key, sentence=f"{key}: kiến nghị mới", **more)


def notices(person: Actor) -> list[Notice]:
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(Notice).where(Notice.account_id == person.account_id).order_by(Notice.id)
        )
    )


def digests() -> list[Notice]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Notice).where(Notice.event_key.like("digest:%"))))


class TestQuietHours:
    def test_a_notice_of_the_night_goes_in_the_morning_as_one_letter(self, make, mailer, send) -> None:
        """zammad#4348: a second real event was mute for the day; #2157: letters came at midnight."""
        someone = make.person(None)
        for key in ("a", "b"):
            tell(make, someone, key, NIGHT)
        send(NIGHT + timedelta(minutes=1))
        assert mailer.letters == []
        assert {one.next_try_at for one in notices(someone)} == {MORNING}
        send(MORNING)
        assert [letter.subject for letter in mailer.letters] == ["Bám cơ sở: 2 việc mới"]

    def test_an_urgent_ticket_is_told_at_once(self, late: Late, make, mailer, send) -> None:
        (urgent,) = late.tickets(urgency="khan")
        (common,) = late.tickets()
        tell(make, late.head, "u", NIGHT, ticket_id=urgent)
        tell(make, late.head, "c", NIGHT, ticket_id=common)
        send(NIGHT)
        (letter,) = mailer.letters
        assert "u: kiến nghị mới" in letter.text
        assert "c: kiến nghị mới" not in letter.text

    def test_what_was_due_by_day_is_not_sent_by_night_either(self, make, mailer, send) -> None:
        """The workers were away all afternoon: the letters wait for the morning, not for the workers alone."""
        someone = make.person(None)
        tell(make, someone, "a", NIGHT - timedelta(hours=6))
        send(NIGHT)
        assert mailer.letters == []
        assert notices(someone)[0].next_try_at == MORNING

    def test_a_letter_refused_for_now_is_not_tried_again_at_night(self, make, mailer, send) -> None:
        someone = make.person(None)
        tell(make, someone, "a", NOW)
        mailer.broken = Unavailable("Máy chủ thư đang nghỉ.")
        for minutes in range(0, 60 * 24, 30):
            send(NOW + timedelta(minutes=minutes))
        mailer.broken = None
        send(SUNDAY)
        assert mailer.letters == []

    def test_nothing_goes_on_a_sunday(self, make, mailer, send) -> None:
        tell(make, make.person(None), "a", SUNDAY)
        send(SUNDAY)
        assert mailer.letters == []
        send(SUNDAY + timedelta(days=1))
        assert len(mailer.letters) == 1


class TestDigest:
    def test_it_is_written_once_a_person_and_day_whatever_runs(self, late: Late) -> None:
        late.tickets(2)
        choose(late.head, "daily")
        written = [write_digests(late.make.wiring, MORNING + timedelta(minutes=n)) for n in range(4)]
        assert written == [1, 0, 0, 0]
        (one,) = digests()
        assert (one.account_id, one.event_key) == (late.head.account_id, "digest:2026-11-25")
        assert write_digests(late.make.wiring, MORNING + timedelta(days=1)) == 1

    def test_without_the_mark_of_the_day_the_key_keeps_it_single(self, late: Late) -> None:
        """osTicket's overdue flag was saved and then mailed (§K 33): here the unique event key is the truth."""
        late.tickets()
        choose(late.head, "daily")
        write_digests(late.make.wiring, MORNING)
        db.session.execute(sa.update(Account).values(digested_on=None))
        db.session.commit()
        write_digests(late.make.wiring, MORNING)
        assert len(digests()) == 1

    def test_the_letter_tells_number_link_and_delay_and_no_words(self, late: Late, mailer, send) -> None:
        (one,) = late.tickets(text="Rãnh thoát nước trước nhà văn hóa bị tắc")
        choose(late.head, "daily")
        write_digests(late.make.wiring, MORNING)
        send(MORNING)
        (letter,) = mailer.letters
        assert letter.subject == "Bám cơ sở: Tóm tắt ngày 25/11/2026: 1 việc quá hạn"
        assert "Quá hạn, chậm nhất ở trên:" in letter.text
        assert "TAS-2026-0001: quá hạn 9 ngày, hạn 16/11/2026" in letter.text
        assert f"{URL}/kien-nghi/{one}" in letter.text
        assert "Rãnh" not in letter.text

    def test_what_was_told_since_is_gathered_and_not_sent_again(self, late: Late, make, mailer, send) -> None:
        choose(late.head, "daily")
        (one,) = late.tickets(due_at=MORNING + timedelta(days=9))
        tell(make, late.head, "n", NIGHT, ticket_id=one)
        send(NIGHT + timedelta(hours=12))
        assert mailer.letters == []
        write_digests(make.wiring, MORNING)
        send(MORNING)
        assert [("n: kiến nghị mới" in letter.text) for letter in mailer.letters] == [True]
        assert [one.mail_state for one in notices(late.head)] == ["gathered", "sent"]

    def test_who_chose_urgent_at_once_has_both(self, late: Late, make, mailer, send) -> None:
        choose(late.head, "urgent")
        (urgent,) = late.tickets(urgency="khan", due_at=MORNING + timedelta(days=9))
        (common,) = late.tickets(due_at=MORNING + timedelta(days=9))
        tell(make, late.head, "u", NIGHT, ticket_id=urgent)
        tell(make, late.head, "c", NIGHT, ticket_id=common)
        send(NIGHT)
        assert len(mailer.letters) == 1
        write_digests(make.wiring, MORNING)
        send(MORNING)
        assert "c: kiến nghị mới" in mailer.letters[1].text
        assert "u: kiến nghị mới" not in mailer.letters[1].text

    @pytest.mark.parametrize("now", [NIGHT, SUNDAY, MORNING - timedelta(minutes=1)])
    def test_there_is_none_outside_working_time(self, late: Late, now: datetime) -> None:
        """glpi#24489: reminders ignored the calendar."""
        late.tickets()
        choose(late.head, "daily")
        assert write_digests(late.make.wiring, now) == 0
        assert digests() == []

    def test_who_has_nothing_to_be_told_gets_none_all_day(self, late: Late) -> None:
        choose(late.head, "daily")
        assert write_digests(late.make.wiring, MORNING) == 0
        late.tickets()
        assert write_digests(late.make.wiring, MORNING + timedelta(hours=2)) == 0

    def test_who_chose_letters_gets_none(self, late: Late) -> None:
        """The negative control of those above."""
        late.tickets()
        assert write_digests(late.make.wiring, MORNING) == 0

    def test_no_number_of_a_restricted_ticket_reaches_who_cannot_open_it(
        self, late: Late, make, mailer, send
    ) -> None:
        (hidden,) = late.tickets(is_restricted=True)
        (shown,) = late.tickets()
        for person in (late.standing, late.head):
            choose(person, "daily")
        tell(make, late.standing, "TAS-2026-0001", NIGHT, ticket_id=hidden)
        write_digests(make.wiring, MORNING)
        send(MORNING)
        letters = {letter.to: letter.text for letter in mailer.letters}
        above, own = letters["thuongtruc@example.vn"], letters["truongphong@example.vn"]
        assert "TAS-2026-0001" not in above
        assert f"/kien-nghi/{hidden}" not in above
        assert "1 thông báo khác" in above
        assert f"/kien-nghi/{shown}" in above
        assert "TAS-2026-0001" in own, "the control: the body that must answer reads it"

    def test_more_than_a_batch_is_written_in_one_run(self, late: Late, make) -> None:
        late.tickets()
        for number in range(5):
            choose(make.person("official", late.body, f"can{number}"), "daily")
        assert write_digests(make.wiring, MORNING, limit=2) == 5

    def test_the_own_screen_keeps_the_choice_and_lets_held_letters_go(
        self, late: Late, make, mailer, send
    ) -> None:
        browser = make.log_in(late.head)
        assert "Một thư tóm tắt, đầu mỗi ngày làm việc" in browser.get("/tai-khoan").text
        assert browser.post("/tai-khoan/thu", data={"mail_choice": "daily"}).status_code == 302
        tell(make, late.head, "n", NOW)
        send(NOW)
        assert mailer.letters == []
        assert browser.post("/tai-khoan/thu", data={"mail_choice": "each"}).status_code == 302
        send(NOW)
        assert len(mailer.letters) == 1
        assert browser.post("/tai-khoan/thu", data={"mail_choice": "never"}).status_code == 422


class TestUndelivered:
    def refused(self, late: Late, mailer: RecordingMailer, send: Callable[[datetime], object]) -> None:
        tell(late.make, late.official, "a", NOW - timedelta(hours=1))
        mailer.broken = Invalid("Máy chủ thư không nhận địa chỉ này.")
        send(NOW)
        mailer.broken = None

    def test_the_office_sees_who_why_and_since_when_and_sends_again(
        self, late: Late, make, mailer, send
    ) -> None:
        office = make.log_in(late.office)
        assert "Mọi thư đều đã tới." in office.get("/thu-chua-toi").text
        assert "Thư chưa tới" not in office.get("/").text
        self.refused(late, mailer, send)
        assert "1 người chưa nhận được thư báo" in office.get("/").text
        page = office.get("/thu-chua-toi").text
        for words in (
            "Đ/c canbo",
            "canbo@example.vn",
            "Máy chủ thư không nhận địa chỉ này.",
            "09:00, 25/11/2026",
        ):
            assert words in page
        assert office.post(f"/thu-chua-toi/{late.official.account_id}/gui-lai").status_code == 302
        send(NOW)
        assert [letter.to for letter in mailer.letters] == ["canbo@example.vn"]
        assert "Mọi thư đều đã tới." in office.get("/thu-chua-toi").text
        assert office.post(f"/thu-chua-toi/{late.official.account_id}/gui-lai").status_code == 404

    def test_what_is_still_tried_is_shown_with_its_next_time(self, late: Late, make, mailer, send) -> None:
        tell(make, late.official, "a", NOW)
        mailer.broken = Unavailable("Máy chủ thư đang nghỉ.")
        send(NOW)
        page = make.log_in(late.office).get("/thu-chua-toi").text
        assert "Máy chủ thư đang nghỉ." in page
        assert "Đang thử lại, lần tới" in page

    def test_others_see_nothing_of_it(self, late: Late, make, mailer, send) -> None:
        self.refused(late, mailer, send)
        ward = make.unit("party_committee", "Đảng ủy phường Đồng Nguyên", late.province)
        stranger = make.log_in(make.person("office", ward))
        assert "canbo" not in stranger.get("/thu-chua-toi").text
        assert stranger.post(f"/thu-chua-toi/{late.official.account_id}/gui-lai").status_code == 404
        assert make.log_in(late.standing).get("/thu-chua-toi").status_code == 403
        admin = make.log_in(make.person("administrator", late.province))
        assert "canbo" in admin.get("/thu-chua-toi").text

    def test_each_recipient_and_event_waits_for_itself(self, late: Late, make, mailer, send) -> None:
        """One address that is refused delays nobody else, nor a later thing for the same person."""
        self.refused(late, mailer, send)
        tell(make, late.head, "a", NOW)
        tell(make, late.official, "b", NOW)
        send(NOW + CLAIM)
        assert sorted(letter.to for letter in mailer.letters) == [
            "canbo@example.vn",
            "truongphong@example.vn",
        ]


def test_pages_ask_the_same_number_of_queries_whatever_their_rows(
    late: Late, make, mailer, send, count_queries, app: Flask
) -> None:
    office = make.log_in(late.office)

    def refuse(number: int) -> None:
        for _ in range(number):
            tell(make, make.person("official", late.body), "a", NOW)
        mailer.broken = Invalid("Không có địa chỉ này.")
        send(NOW)

    refuse(1)
    few = count_queries(lambda: office.get("/thu-chua-toi"))
    refuse(6)
    assert count_queries(lambda: office.get("/thu-chua-toi")) == few
