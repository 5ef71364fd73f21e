"""What the renderer itself says, in the languages of scenes/languages; the browser's words too."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

LANGUAGES = Path(__file__).resolve().parent.parent / "languages"
PLAIN = "en"


def choose(wished: Sequence[str]) -> str:
    """The first of the wished languages that there is; English otherwise.

    >>> choose(["xx-YY", "de-AT"]), choose([])
    ('de', 'en')
    """
    for one in wished:
        code = one.lower().replace("_", "-").split("-")[0]
        if code.isalpha() and (LANGUAGES / f"{code}.toml").is_file():
            return code
    return PLAIN


@cache
def _table(code: str) -> dict[str, str]:
    return tomllib.loads((LANGUAGES / f"{code}.toml").read_text(encoding="utf-8"))


def words(wished: Sequence[str]) -> dict[str, str]:
    """All texts in that language; what it lacks is English."""
    return {**_table(PLAIN), **_table(choose(wished))}
