"""AI impact (AI 影响): the city's index from the published run, assumptions that analysts may replace, employment-impact reviews of projects."""
