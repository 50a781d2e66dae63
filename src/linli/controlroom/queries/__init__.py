"""Questions to the cases, answered in figures and in the rows behind them."""
