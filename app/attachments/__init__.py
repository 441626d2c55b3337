"""Files that stand beside what a meeting or a task records: papers, evidence, the signed scan."""
