"""What a name of a category means: the category of that name, or those whose names and words it shares. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from linli.triage.rules.lexicon import NAME, PLAIN, STRONG, Profile, weigh
from linli.triage.rules.reading import read

_LIKE = 0.34  # share of a name's pairs of characters that another name must have
_SAYS_NOTHING = frozenset(
    "管理|问题|服务|工作|其他|其它|投诉|建议|咨询|求助|相关|方面|事务|事项|类别|综合|and|of|the|other|services|service|management".split(
        "|"
    )
)


def tree(rows: Iterable[tuple[str, str, str, Sequence[str]]]) -> tuple[Profile, ...]:
    """Profiles of a tree of categories (code, Chinese name, English name, keywords): a branch has all its leaves' words."""
    rows = list(rows)
    parents = {code.rpartition(".")[0] for code, *_ in rows}
    words: dict[str, list[tuple[Iterable[str], float]]] = defaultdict(list)
    for code, name_zh, name_en, keywords in rows:
        own: list[tuple[Iterable[str], float]] = [
            (parts(name_zh), STRONG),
            ((name_zh, name_en), NAME),
            (keywords, STRONG),
        ]
        words[code] += own
        for branch in branches(code):
            if branch in parents:
                words[branch] += [((name_zh, *keywords), PLAIN)]
    return tuple(Profile(code, (zh, en), weigh(*words[code])) for code, zh, en, _ in rows)


def branches(code: str) -> tuple[str, ...]:
    """The branches a code hangs on, from the top down."""
    steps = code.split(".")
    return tuple(".".join(steps[:count]) for count in range(1, len(steps)))


def understood(name: str, *known: Sequence[Profile]) -> Profile:
    """What is known of a category by its name alone.

    The category of just that name in any of the lists, else what the categories with a like name know, each as much as
    its name is like it; and always the parts of the name itself.
    """
    wanted = _form(name)
    for profiles in known:
        for profile in profiles:
            if wanted in {_form(one) for one in profile.names}:
                return Profile(name, (name,), profile.weights)
    weights: dict[str, float] = defaultdict(float)
    for profile in (one for profiles in known for one in profiles):
        like = _likeness(name, profile)
        if like >= _LIKE:
            for word, weight in profile.weights.items():
                weights[word] = max(weights[word], weight * like)
    own = weigh((parts(name), STRONG), ((name,), NAME))
    return Profile(name, (name,), {**weights, **own})


def parts(name: str) -> tuple[str, ...]:
    """The parts of a name that can be looked for: what stands between 与 and 、, and pairs of characters."""
    cut = name
    for mark in "与和及、，,/（）()·-":
        cut = cut.replace(mark, " ")
    found = [one for one in cut.split() if one not in _SAYS_NOTHING]
    pairs = [
        one[at : at + 2]
        for one in found
        if not one.isascii()
        for at in range(0, len(one) - 1, 2)
        if len(one) > 2
    ]
    return tuple(
        one for one in dict.fromkeys([*found, *pairs]) if one.lower() not in _SAYS_NOTHING and len(one) > 1
    )


def _form(name: str) -> str:
    return read(name).letters


def _likeness(name: str, profile: Profile) -> float:
    """How much of a name another category's names and words cover, 0 to 1."""
    every = parts(name)
    wanted = [one for one in every if not any(one != other and other in one for other in every)]
    if not wanted:
        return 0.0
    names = "|".join(profile.names).lower()
    covered = sum(_covers(part.lower(), names, profile.weights) for part in wanted)
    return min(covered / len(wanted), 1.0)


def _covers(part: str, names: str, weights: Mapping[str, float]) -> float:
    if part in names:
        return 1.0
    return min(weights.get(part, 0.0) / STRONG, 1.0) * 0.8
