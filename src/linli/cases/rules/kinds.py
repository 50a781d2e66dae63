"""What a case is, in the resident's terms."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kind of a case; the category says what it is about."""

    INQUIRY = "inquiry"  # 咨询
    HELP = "help"  # 求助
    COMPLAINT = "complaint"  # 投诉
    SUGGESTION = "suggestion"  # 建议
    TIP_OFF = "tip_off"  # 举报
    HAZARD = "hazard"  # 隐患
    PRAISE = "praise"  # 表扬
