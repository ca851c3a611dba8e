"""Is the chain of what happened whole? Asked by the console script and by the page alike."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.db.reading.audit import chain, head
from tracker.domain.audit import Break, first_break
from tracker.domain.errors import Invalid


@dataclass(frozen=True)
class Verified:
    """The end of the chain, which is its anchor (``seq:mac``), and the first link that doesn't hold, if any."""

    seq: int
    mac: str
    broken: Break | None

    @property
    def anchor(self) -> str:
        """Return the anchor as it is printed in a quarter's report."""
        return f"{self.seq}:{self.mac}"


def verify(session: Session, key: bytes, anchor: tuple[int, str] | None = None) -> Verified:
    """Return whether every link holds up to the stored end, and the anchor's if one is given; reads only."""
    end = head(session)
    return Verified(end.seq, end.mac, first_break(key, chain(session), head=end, anchor=anchor))


def read_anchor(typed: str) -> tuple[int, str] | None:
    """Return the anchor written ``seq:mac``, None for nothing typed; raise Invalid for anything else."""
    if not typed.strip():
        return None
    number, _, mac = typed.strip().partition(":")
    if not (number.isascii() and number.isdigit()) or len(mac) != 64:
        sentence = "Mốc viết như trên báo cáo quý: số thứ tự, dấu hai chấm, rồi 64 ký tự."
        raise Invalid(sentence, {"anchor": sentence})
    return int(number), mac.lower()
