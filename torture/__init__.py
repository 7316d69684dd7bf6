"""Long trials for people and CI machines: each prints what it tried and what held in one last line."""
