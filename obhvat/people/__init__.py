"""Who may see and do what, what was looked at, and how long it is kept."""

from obhvat.people.roles import ROLES, Action, Cases, Right, Role
from obhvat.people.viewer import ALONE, EVERY, Reach, Viewer

__all__ = ["ALONE", "EVERY", "ROLES", "Action", "Cases", "Reach", "Right", "Role", "Viewer"]
