"""Activation for a low mood: small goals, each on the patient's own yes (notes C4, C6).

mood -> goal -> how was it? -> one more? -> ... -> mood -> a plan for tomorrow. It is not steered by
the body; the guard's gates and ceilings hold all the same. Silence is a no: nobody is pushed.
"""

from adaptivevr.command import Confirm, TooMuch
from adaptivevr.modes import Mode, advance, is_clinician, level_of
from adaptivevr.therapy.agenda import Agenda
from adaptivevr.therapy.intent import Ask, Intent, Why
from adaptivevr.therapy.protocol import Protocol
from adaptivevr.therapy.ratings import MOOD, PLEASURE, Question
from adaptivevr.therapy.trailing import Mean
from adaptivevr.therapy.view import View

PLAN_S = 20.0


class Activation:
    """quiet -> before -> (goal -> outcome -> more) ... -> after -> plan -> cooldown."""

    def __init__(self, protocol: Protocol, seed: int = 0) -> None:
        self._protocol, self._rules = protocol, protocol.activation
        self._agenda = Agenda(protocol, bodily=False)
        self._question: Question | None = None
        self._goal = 0  # how many were begun
        self._reached = 0
        self._declined = False
        self._before: float | None = None
        self._after: float | None = None
        self._pleasure = Mean()
        self._goal_s = 0.0
        self.level = 0

    @property
    def rating(self) -> float | None:
        """Mood is no distress: it opens and closes no gate."""
        return None

    def update(self, now_s: float, view: View) -> Intent:
        """The wish now."""
        waits = self._agenda.update(now_s, view)
        if waits is not None:
            return self._intent(now_s, view, *waits)
        if self._agenda.begins:
            self._ask(now_s, "before", self._protocol.ratings.text, scaled=True)
        if self._agenda.late(now_s) and self._agenda.phase in ("goal", "outcome", "more"):
            self._ask(now_s, "after", self._protocol.prompts.after, scaled=True)
        question = self._question.update(now_s, view.commands) if self._question else None
        return self._choose(now_s, view, question)

    def _choose(self, now_s: float, view: View, ask: Ask | None) -> Intent:
        over = self._question is not None and self._question.over
        answer = self._question.answer if self._question else None
        match self._agenda.phase:
            case "before":
                if over:
                    self._before = answer
                    self._begin_goal(now_s, view)
                return self._intent(now_s, view, Why.BEFORE, None, ask)
            case "goal":
                return self._pursue(now_s, view)
            case "outcome":
                if over:
                    if answer is not None:
                        self._pleasure.take(answer)
                    self._ask(now_s, "more", self._rules.more)
                return self._intent(now_s, view, Why.OUTCOME, None, ask)
            case "more":
                if over:
                    more = answer == 1.0 and self._goal < len(self._rules.goals)
                    if more:
                        self._begin_goal(now_s, view)
                    else:
                        self._ask(now_s, "after", self._protocol.prompts.after, scaled=True)
                return self._intent(now_s, view, Why.MORE, float(self._reached), ask)
            case "after":
                self.level = 0
                if over:
                    self._after = answer
                    self._question = None
                    self._agenda.go(now_s, "plan", self._rules.plan)
                return self._intent(now_s, view, Why.AFTER, None, ask)
        return self._end(now_s, view)

    # --- goals

    def _begin_goal(self, now_s: float, view: View) -> None:
        goals = self._rules.goals
        self._question, self._goal_s, self._declined = None, 0.0, False
        self.level = min(self._rules.first_level + self._goal, view.top)
        words = goals[self._goal] if self._goal < len(goals) else self._protocol.prompts.main
        self._goal += 1
        self._agenda.go(now_s, "goal", words)

    def _pursue(self, now_s: float, view: View) -> Intent:
        for command in view.commands:
            if isinstance(command, TooMuch):
                self.level = max(0, min(self.level, view.reached()) - 1)
                return self._intent(now_s, view, Why.TOO_MUCH)
            no = isinstance(command, Confirm) and is_clinician(command.who) and not command.yes
            if no and level_of(getattr(command, "proposal", "")) == self.level:
                self.level, self._declined = max(view.granted, view.reached()), True
        if not view.automatic:
            return self._intent(now_s, view, Why.HANDS_OFF, at=view.intensity)
        self._goal_s += self._agenda.dt_s
        if self._goal_s >= self._rules.goal_s:
            self._reached += 1
            text = self._protocol.prompts.outcome
            self._ask(now_s, "outcome", text, scaled=True, pleasure=True)
        left_s = max(0.0, self._rules.goal_s - self._goal_s)
        return self._intent(now_s, view, Why.GOAL, left_s)

    def _end(self, now_s: float, view: View) -> Intent:
        if self._agenda.phase == "plan" and self._agenda.past_s(now_s) < PLAN_S:
            return self._intent(now_s, view, Why.GOAL)
        self._agenda.cool(now_s)
        self.level = 0
        return self._intent(now_s, view, Why.REST)

    # --- bookkeeping

    def _ask(
        self, now_s: float, phase: str, text: str, scaled: bool = False, pleasure: bool = False
    ) -> None:
        scale = (PLEASURE if pleasure else MOOD) if scaled else None
        self._question = Question(f"{phase}-{self._goal}", text, scale)
        self._agenda.go(now_s, phase)

    def _intent(
        self, now_s: float, view: View, why: Why, number: float | None = None,
        ask: Ask | None = None, at: float | None = None,
    ) -> Intent:  # fmt: skip
        wish = view.target(self.level) if at is None else at
        phase, words = self._agenda.phase, self._agenda.caption.at(now_s)
        held = view.mode is Mode.CONFIRM and self.level > view.granted and phase == "goal"
        return Intent(
            self.level, wish, (), phase, why, number, ask or words,
            proposal=advance(self.level) if held and not self._declined else None,
            measures=self._measures(),
        )  # fmt: skip

    def _measures(self) -> tuple[tuple[str, float], ...]:
        found = [("goals", float(self._reached))]
        if self._pleasure.value is not None:
            found.append(("pleasure_mean", self._pleasure.value))
        if self._before is not None:
            found.append(("mood_before", self._before))
        if self._after is not None:
            found.append(("mood_after", self._after))
        return tuple(found)
