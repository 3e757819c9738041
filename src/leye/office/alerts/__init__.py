"""The alert desk: alarms of the published snapshot taken up as alerts, handed out as tasks, followed until closed."""
