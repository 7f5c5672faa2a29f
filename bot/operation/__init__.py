"""How the service stands: its figures, what needs a hand, alarms, metrics, and the checks before the next slot."""
