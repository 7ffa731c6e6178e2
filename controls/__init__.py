"""Controls decide: pure functions from facts, checks and policy to verdicts and scores."""
