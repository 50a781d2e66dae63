"""Why something is not taken, in words; part of `words`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from linli.cases import words_calls as calls
from linli.cases import words_chasing as chasing

Words = Mapping[str, str | Lazy]
#: Why something is not taken, by ``field.code`` or by code alone; ``%(limit)s`` is filled in.
WRONGS: Words = {
    "phrase.empty_part": _("Nothing stands before or after …"),
    "phrase.too_short": _("A single character is in too many words. Write at least two."),
    "phrase.too_long": _("Too long: at most %(limit)s characters and 100 words."),
    "phrase.too_many_lines": _("At most %(limit)s lines of your own."),
    "inside.too_long": _("At most %(limit)s words of 40 characters each."),
    "beside.too_long": _("At most %(limit)s words of 40 characters each."),
    "numbers.too_many_numbers": _("At most %(limit)s numbers."),
    "numbers.not_a_number_to_call": _("Write a number and whom one reaches there, one a line: 119 火警 Fire"),
    "missing": _("This is needed."),
    "unknown": _("That choice does not exist here."),
    "too_long": _("At most %(limit)s characters."),
    "too_many": _("At most %(limit)s files."),
    "twice": _("The same file was sent twice."),
    "in_the_past": _("Choose a later time."),
    "too_far": _("At most %(limit)s days ahead."),
    "positive_amount": _("Give a number above 0, at most 1000."),
    "one_to_five": _("One to five stars."),
    **calls.WRONGS,
    "words.too_short": _("Please say a little more, at least %(limit)s characters."),
    "words.unknown_kind": _("That kind does not exist."),
    "unknown_ticket": _("An upload has expired or was used already. Please choose the file again."),
    "contact_phone.not_a_phone": _("This does not look like a phone number."),
    "place.half_a_point": _("The map position is incomplete. Set the pin again or leave it out."),
    "place.not_on_earth": _("The map position cannot be right. Set the pin again."),
    "place.elsewhere": _("That place belongs to another community."),
    "handler_id.not_serving_here": _("This person does not serve here today."),
    "handler_id.of_another_body": _("This person serves for another body. Dispatch it there instead."),
    "target.busy": _("Somebody is at work on that case at this moment. Please try again."),
    "other.not_an_open_case": _("There is no such case here."),
    "joins.too_much_now": _("That is a lot at once. Please try again in an hour."),
    "target.not_an_open_case": _("There is no open case of this number here."),
    "proof.missing": _("At least one picture of the result is needed."),
    "body.missing": _("Choose a body or a person."),
    "handler.missing": _("Choose a person."),
    "organisation.missing": _("Choose a body."),
    "category.missing": _("Choose a category."),
    "reason.missing": _("Choose a reason."),
    "note.missing": _("A few words for colleagues are needed."),
    "answer.missing": _("Say what the resident will read."),
    "target.missing": _("Give the number of the other case."),
    "granted.missing": _("Grant it or refuse it."),
    "solved.missing": _("Was it solved?"),
    "deadline.missing": _("Until when?"),
    "holds_id_number": _("An ID number must not appear in what others read. Please take it out."),
    "holds_mobile": _("A phone number must not appear in what others read. Please take it out."),
    "holds_landline": _("A phone number must not appear in what others read. Please take it out."),
    "holds_email": _("An e-mail address must not appear in what others read. Please take it out."),
    "holds_bank_card": _("A bank card number must not appear in what others read. Please take it out."),
    "holds_plate": _("A number plate must not appear in what others read. Please take it out."),
    "valid_from.in_the_past": _("Today or later: what held until now stays as it was."),
    "last_day.in_the_past": _("Today or later: what held until now stays as it was."),
    "day.in_the_past": _("Today or later: what held until now stays as it was."),
    "from_date.in_the_past": _("Today or later: what held until now stays as it was."),
    "has_categories_below": _("End the categories below it first."),
    "before_it_begins": _("It begins only on %(limit)s."),
    "name_taken": _("There is one of this name already."),
    "too_many_words": _("At most %(limit)s words."),
    "positive": _("Give a number above 0."),
    "too_much": _("At most %(limit)s in this unit."),
    "two_decimals": _("At most two decimals."),
    "too_many_filters": _("You can keep %(limit)s filters. Remove one first."),
    "not_hours": _("Write hours such as 09:00-12:00, 13:30-17:30, in order and without overlap."),
    "name_missing": _("Give the rule a name."),
    "target_missing": _("Choose to whom it goes."),
    "target_ambiguous": _("Choose one target only."),
    "role_without_level": _("For a role, choose the level."),
    "level_without_role": _("The level is only for a role."),
    "weekdays_empty": _("Choose at least one weekday."),
    "window_half_open": _("Give both times, or none."),
    "window_empty": _("The two times must differ."),
    "never_in_force": _("It would end before it begins."),
    "never_reached": _("An earlier rule always matches first."),
    **chasing.WRONGS,
    "too_late": _("That was possible for %(limit)s days; they are over."),
    "too_much_now": _("That is a lot at once. Send the words now; more files can be added in an hour."),
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
    "media.too_long": _("The recording is too long. Up to %(limit)s seconds can be taken."),
}
