"""Why a file is not taken, in words: the same on every page where one is sent."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

#: By the code that `kernel.media` gives; ``%(sent)s`` and ``%(limit)s`` are filled in.
MEDIA: Mapping[str, str | Lazy] = {
    "media.empty": _("The file is empty. Please choose it again."),
    "media.too_large": _(
        "The file is too large (%(sent)s MB). Choose one of up to %(limit)s MB,"
        " or send the words first and add it later."
    ),
    "media.unknown_type": _(
        "This kind of file cannot be taken. Pictures (JPG, PNG, WebP), voice notes and short films can."
    ),
    "media.heic": _(
        "This iPhone picture (HEIC) cannot be read. Take a screenshot of it, or choose 'Most compatible'"
        " in the camera settings."
    ),
    "media.kind_not_wanted": _("This kind of file does not fit here."),
    "media.broken": _("The file is damaged. Please choose it again, or take another picture."),
    "media.too_many_pixels": _(
        "The picture has too many pixels. Take a screenshot of it, or choose a smaller one."
    ),
    "media.too_costly": _("This picture cannot be opened safely. Take a screenshot of it and send that."),
    "media.hidden_content": _("Another file is hidden in this one. Take a screenshot of it and send that."),
    "media.length_unclear": _("How long this recording is cannot be told. Please record it again."),
    "media.too_long": _("The recording is too long. Up to %(limit)s seconds can be taken."),
    "media.active_content": _(
        "This PDF does something by itself (a script, a form, a file inside). Print it into a new PDF and send that."
    ),
    "media.locked": _("This PDF asks for a password. Save it without one and send that."),
}
TOO_MUCH = _("That is a lot at once. Send the words now; more files can be added in an hour.")


def told(code: str, *, limit: str = "", sent: str = "") -> str:
    """Why a file was turned away."""
    return str(MEDIA.get(code, TOO_MUCH)) % {"limit": limit, "sent": sent}
