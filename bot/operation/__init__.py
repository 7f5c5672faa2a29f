"""How the service stands: figures, problems, alarms and metrics."""
