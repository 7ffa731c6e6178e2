"""The record of a re-test, to be signed: a page for each agency, and the JSON behind them."""
