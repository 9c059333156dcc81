"""The meeting: its agenda and slides, decisions and attendance, frozen figures, the statutory clock."""
