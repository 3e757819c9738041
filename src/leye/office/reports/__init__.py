"""What the snapshot says in sentences: findings, surprises, and the decision-support report (辅助决策报告) as pages, .docx and PDF."""
