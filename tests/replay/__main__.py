"""`python -m tests.replay`: do the reference sessions come out as kept? `--update` keeps anew.

An update belongs into the commit that changes estimate or control, with what it printed.
"""

import sys

from tests.replay.golden import SESSIONS, compare, lines, path_of, words


def main(update: bool) -> int:
    """Runs every session; returns 1 when one differs and nothing was updated."""
    differ = 0
    for name in SESSIONS:
        new, path = lines(name), path_of(name)
        old = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        found = compare(old, new)
        print(f"{name}: " + ("as kept" if not found else f"differs\n{words(found)}"))
        differ += bool(found)
        if update and found:
            path.write_text("\n".join(new) + "\n", encoding="utf-8", newline="\n")
    return 1 if differ and not update else 0


if __name__ == "__main__":
    sys.exit(main("--update" in sys.argv[1:]))
