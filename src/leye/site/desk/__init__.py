"""Pages of the alert desk (分析员, 就业专员): alerts and response plans."""
