"""Pages about the data itself (管理员, 分析员): loads, quarantine, corrections, runs."""
