"""What neighbours may know of a case before it is settled: that it is there, never who said what. Pure."""

from __future__ import annotations

import re

from linli.cases.rules.kinds import Kind

#: What is said in confidence, or lays a person open, whatever category it was given.
_PRIVATE = re.compile(
    "家暴|打老婆|打孩子|虐待|殴打|自杀|轻生|割腕|跳楼|抑郁|精神病|精神病人|吸毒|贩毒|艾滋|传染病|刑满|性骚扰|性侵|猥亵|强奸|卖淫|嫖娼|"
    "出轨|离婚|私生活|残疾证|低保|欠债|讨债|传销|赌博|信访|上访|"
    r"\b(?:domestic violence|beats? (?:his|her|the)|abus\w+|suicid\w+|self-harm|harass\w*|rape\w*|drugs?|HIV|divorce)\b",
    re.IGNORECASE,
)


def is_for_neighbours(*, words: str, kind: str, sensitive: bool, quarantined: bool) -> bool:
    """Whether neighbours may see that such a case exists, and join it.

    Tip-offs are against somebody, sensitive categories and private words about somebody: joining them would tell who.
    """
    return not (sensitive or quarantined or kind == Kind.TIP_OFF.value or _PRIVATE.search(words))
