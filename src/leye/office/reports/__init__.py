"""What the snapshot says in sentences: findings, surprises, the decision-support report of a run (辅助决策报告), and issues of the
weekly bulletin and the quarterly report (`bulletin`), whose every number can be looked up again. As pages, .docx and PDF."""
