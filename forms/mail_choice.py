"""How a person wishes to have notices by mail."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from forms.dated import options
from forms.wording import PostedForm
from tracker.domain.mailing import MAIL_CHOICE_WORDS


class MailChoiceForm(PostedForm):
    """One of the ways to have notices by mail."""

    mail_choice = RadioField(_l("Nhận thư thông báo"), choices=options(MAIL_CHOICE_WORDS))
