"""What can be refused, and how it is told to a person. Raised by the domain and the services.

TrackerError            base; carries a stable ``code`` and a Vietnamese sentence
├── Invalid             the values can't be taken: a sentence a field (web 422)
├── Refused             the person may not do that (web 403)
├── NotFound            no such thing, or none that the person may know of (web 404)
├── Conflict            the state of the thing forbids it (web 409)
│   └── StaleEdit       somebody changed it since it was read (web 409)
└── Unavailable         a part of the machine is away, try again later (web 503)
"""

from collections.abc import Mapping


class TrackerError(Exception):
    """Base of all refusals; ``str(error)`` is a Vietnamese sentence fit to be shown to a person."""

    code = "error"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(TrackerError):
    """Raised when values can't be taken. ``fields`` maps a field's dotted name to its Vietnamese sentence."""

    code = "invalid"

    def __init__(self, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})


class Refused(TrackerError):
    """Raised when ``may`` says no."""

    code = "refused"


class NotFound(TrackerError):
    """Raised for a thing that isn't there, or that the person may not know of."""

    code = "not_found"


class Conflict(TrackerError):
    """Raised when the state of a thing forbids the move."""

    code = "conflict"


class StaleEdit(Conflict):
    """Raised when the version a person edited is no longer the current one."""

    code = "stale_edit"


class Unavailable(TrackerError):
    """Raised by adapters when a service outside (queue, mail server) can't be reached."""

    code = "unavailable"
