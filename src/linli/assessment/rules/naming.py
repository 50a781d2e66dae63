"""By which name somebody stands on what others read: a card, a list, a certificate. Pure."""

from __future__ import annotations

from enum import StrEnum

from linli.kernel.masks import mask_name


class Naming(StrEnum):
    """What is shown of a name."""

    FULL = "full"
    SURNAME = "surname_title"
    NUMBER = "number"
    NONE = "none"


#: What residents and a group may read at most where the community has not decided otherwise.
MILDEST = (Naming.NONE, Naming.NUMBER, Naming.SURNAME, Naming.FULL)


def surname(name: str) -> str:
    """`张三` → `张`, `欧阳小青` → `欧阳`, `John Smith` → `J S`; empty for no name."""
    return " ".join(mask_name(name).replace("*", "").replace("·", " ").split())


def shown(name: str, naming: str, *, title: str, number: str) -> str:
    """The name as a rule lets it be read.

    :param title: what the duty is called, beside or instead of the name.
    :param number: the work number, shown alone where names are not.
    """
    if naming == Naming.FULL:
        return name or title
    if naming == Naming.SURNAME:
        return f"{surname(name)}{' ' if surname(name)[-1:].isascii() else ''}{title}".strip()
    return f"{title} {number}".strip() if naming == Naming.NUMBER else title


def stricter(one: str, other: str) -> Naming:
    """The one of two rules that shows less."""
    return min(Naming(one), Naming(other), key=MILDEST.index)
