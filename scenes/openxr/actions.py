"""What controllers do, as OpenXR actions: point, press, hold, and where the hands are."""

import ctypes
from typing import Any

from scenes.openxr.pose import Pose
from scenes.openxr.runtime import xr

HANDS = ("/user/hand/left", "/user/hand/right")
# Action -> the inputs of one hand; `L:` and `R:` for one hand only. A button that is held for
# long stops, whichever it is; so a grip that closes by itself (Index) is left out.
PROFILES: dict[str, dict[str, tuple[str, ...]]] = {
    "khr/simple_controller": {"press": ("select/click",), "other": ("menu/click",)},
    "oculus/touch_controller": {
        "press": ("trigger/value",),
        "other": ("squeeze/value", "L:x/click", "L:menu/click", "R:a/click"),
        "too_much": ("L:y/click", "R:b/click"),
        "recenter": ("thumbstick/click",),
    },
    "valve/index_controller": {
        "press": ("trigger/value",),
        "other": ("a/click",),
        "too_much": ("b/click",),
        "recenter": ("thumbstick/click",),
    },
    "htc/vive_controller": {
        "press": ("trigger/click",),
        "other": ("squeeze/click", "menu/click"),
        "recenter": ("trackpad/click",),
    },
    "microsoft/motion_controller": {
        "press": ("trigger/value",),
        "other": ("squeeze/click", "menu/click"),
        "recenter": ("thumbstick/click",),
    },
}
BUTTONS = ("press", "other", "too_much", "recenter")
POSES = {"grip": "grip/pose", "aim": "aim/pose"}
_VALID = xr.SPACE_LOCATION_POSITION_VALID_BIT | xr.SPACE_LOCATION_ORIENTATION_VALID_BIT


class Actions:
    """One session's inputs. `update` once a picture; then the attributes tell how things stand."""

    def __init__(self, instance: Any, session: Any) -> None:
        self.held = False
        self.went_down: tuple[str, ...] = ()  # buttons, and "press:0" or "press:1" for the hands
        self._session = session
        self._paths = [xr.string_to_path(instance, name) for name in HANDS]
        self._set = xr.create_action_set(instance, xr.ActionSetCreateInfo("patient", "Patient", 0))
        self._actions = {
            name: self._action(name, xr.ActionType.BOOLEAN_INPUT) for name in BUTTONS
        } | {name: self._action(name, xr.ActionType.POSE_INPUT) for name in POSES}
        self._suggest(instance)
        xr.attach_session_action_sets(
            session, xr.SessionActionSetsAttachInfo(action_sets=[self._set])
        )
        self._spaces = {
            (name, hand): xr.create_action_space(
                session,
                xr.ActionSpaceCreateInfo(
                    action=self._actions[name], subaction_path=self._paths[hand]
                ),
            )
            for name in POSES
            for hand in (0, 1)
        }
        self._sync = xr.ActionsSyncInfo(
            active_action_sets=[xr.ActiveActionSet(self._set, xr.NULL_PATH)]
        )
        self._asked = {
            (name, hand): xr.ActionStateGetInfo(self._actions[name], self._paths[hand])
            for name in self._actions
            for hand in (0, 1)
        }

    def _action(self, name: str, kind: Any) -> Any:
        words = name.replace("_", " ").capitalize()
        paths = (xr.Path * 2)(*self._paths)
        return xr.create_action(
            self._set,
            xr.ActionCreateInfo(
                action_name=name, action_type=kind, subaction_paths=paths,
                localized_action_name=words,
            ),
        )  # fmt: skip

    def _suggest(self, instance: Any) -> None:
        for profile, inputs in PROFILES.items():
            rows = []
            for name, ways in {**inputs, **{n: (w,) for n, w in POSES.items()}}.items():
                for way in ways:
                    side, _, rest = way.rpartition(":")
                    for hand, top in enumerate(HANDS):
                        if side and side != "LR"[hand]:
                            continue
                        path = xr.string_to_path(instance, f"{top}/input/{rest}")
                        rows.append(xr.ActionSuggestedBinding(self._actions[name], path))
            table = (xr.ActionSuggestedBinding * len(rows))(*rows)
            path = xr.string_to_path(instance, f"/interaction_profiles/{profile}")
            xr.suggest_interaction_profile_bindings(
                instance,
                xr.InteractionProfileSuggestedBinding(
                    interaction_profile=path, suggested_bindings=table
                ),
            )

    def update(self) -> None:
        """Reads all buttons; without the runtime's attention nothing is held."""
        self.held, down = False, []
        try:
            xr.sync_actions(self._session, self._sync)
        except xr.exception.SessionNotFocused:
            self.went_down = ()
            return
        for name in BUTTONS:
            for hand in (0, 1):
                state = xr.get_action_state_boolean(self._session, self._asked[name, hand])
                if not state.is_active or not state.current_state:
                    continue
                self.held = True
                if state.changed_since_last_sync:
                    down.append(f"press:{hand}" if name == "press" else name)
        self.went_down = tuple(down)

    def pose(self, name: str, hand: int, base: Any, time: int) -> Pose | None:
        """Where a hand is ("grip") or points from ("aim"), None when it is not tracked."""
        active = xr.get_action_state_pose(self._session, self._asked[name, hand]).is_active
        return located(self._spaces[name, hand], base, time) if active else None


def located(space: Any, base: Any, time: int) -> Pose | None:
    """A space in another at a moment of the runtime's, None when it is not known."""
    place = xr.locate_space(space, base, time)
    if place.location_flags & _VALID != _VALID:
        return None
    return as_pose(place.pose)


def as_pose(p: Any) -> Pose:
    """The runtime's own kind of pose as ours."""
    at, turn = p.position, p.orientation
    return Pose((at.x, at.y, at.z), (turn.x, turn.y, turn.z, turn.w))


def event_as(event: Any, kind: Any) -> Any:
    """An event of the runtime read as what it is."""
    return ctypes.cast(ctypes.byref(event), ctypes.POINTER(kind)).contents
