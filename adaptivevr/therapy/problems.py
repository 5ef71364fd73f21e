"""Small problems that hold attention, harder with the load; and hands for left or right."""

from random import Random

from adaptivevr.therapy.intent import Ask

VIEWS = ("back", "palm")
EASIER = 0.4  # a turned hand is easier than a sum of three numbers
ANGLES = ((0, 45, 315), (0, 45, 90, 270, 315), (0, 45, 90, 135, 180, 225, 270, 315))


class Sums:
    """Mental sums in three choices. difficulty 0: two small numbers, 1: three two-digit ones."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"sums {seed}")

    def make(self, difficulty: float) -> Ask:
        """A problem of difficulty 0..1, without an id of its own yet."""
        chance = self._chance
        most = round(5 + 60 * difficulty)
        first, second = chance.randint(2, most), chance.randint(2, most)
        terms, total = f"{first} + {second}", first + second
        if difficulty > 0.4 and chance.random() < 0.5:
            terms, total = f"{first + second} - {second}", first
        if difficulty > 0.7:
            third = chance.randint(2, most)
            terms, total = f"{terms} + {third}", total + third
        near = [1, 10] if difficulty > 0.5 else [1, 2]  # wrong by a slip, not by a mile
        wrong = {total + chance.choice((-1, 1)) * near[0], total + chance.choice((-1, 1)) * near[1]}
        choices = sorted(str(n) for n in {total, *wrong})
        chance.shuffle(choices)
        return Ask("", "task", f"{terms} = ?", choices=tuple(choices),
                   right=choices.index(str(total)), difficulty=difficulty)  # fmt: skip


class Hands:
    """Pictures of a hand: left or right? difficulty 0: upright, 1: turned to any side."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"hands {seed}")

    def make(self, difficulty: float) -> Ask:
        """A hand of difficulty 0..1, without an id of its own yet."""
        angles = ANGLES[min(int(difficulty * len(ANGLES)), len(ANGLES) - 1)]
        side, view = self._chance.choice(("left", "right")), self._chance.choice(VIEWS)
        picture = f"hand {side} {view} {self._chance.choice(angles)}"
        right = int(side == "right")
        return Ask("", "task", "Left or right?", choices=("Left", "Right"), right=right,
                   picture=picture, difficulty=EASIER * difficulty)  # fmt: skip
