"""Adapter of the port ``Memory`` of the cases: what keeps coming back, the lasting fix, and the hot topic of a case."""

from __future__ import annotations

from django.urls import reverse

from linli.cases.ports import Matter, Note
from linli.kernel.access import Actor
from linli.triage import words_topics
from linli.triage.access import READERS
from linli.triage.queries import problems, topics


class DeskMemory:
    """What the desk has found out about matters like this one; three statements, and the names of places."""

    def notes(self, matter: Matter, *, actor: Actor, language: str) -> tuple[Note, ...]:
        """The repeat problem with its fix, else the fix alone; then the topic. Only the desk is led on."""
        reads = bool(actor.roles(matter.community_id) & READERS)
        found = [self._repeat(matter, reads, language), self._topic(matter, reads, language)]
        return tuple(note for note in found if note is not None)

    def _repeat(self, matter: Matter, reads: bool, language: str) -> Note | None:
        problem = problems.of_case(matter.case_id, language) or problems.standing_here(
            matter.community_id,
            category=matter.category_code,
            building_id=matter.building_id,
            point=matter.point,
            language=language,
        )
        if problem is not None:
            words = " ".join(filter(None, (words_topics.comes_back(problem), words_topics.lasting(problem))))
            return Note(words, "return", reverse("triage:repeat", args=[problem.id]) if reads else "")
        fix = problems.fix_of_case(matter.case_id)
        if fix is None:
            return None
        return Note(
            words_topics.waits_for(fix), "return", reverse("triage:fix", args=[fix.id]) if reads else ""
        )

    def _topic(self, matter: Matter, reads: bool, language: str) -> Note | None:
        found = topics.of_case(matter.case_id, language=language)
        if found is None:
            return None
        topic_id, words, size = found
        there = reverse("triage:topic", args=[topic_id]) if reads else ""
        return Note(words_topics.many_write(words, size), "speak", there)
