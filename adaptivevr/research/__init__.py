"""Research on recordings: how good the estimate is, in figures that may be published."""
