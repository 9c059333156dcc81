"""Who may see and do what, what was looked at, and how long it is kept."""

from obhvat.people.roles import ROLES, Action, Cases, Right, Role
from obhvat.people.viewer import ALONE, Viewer

__all__ = ["ALONE", "ROLES", "Action", "Cases", "Right", "Role", "Viewer"]
