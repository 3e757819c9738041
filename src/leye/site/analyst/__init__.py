"""Pages of the labour-bureau analyst (分析员): cockpit, series, reports."""
