"""Compare what our scanners observe with what independent judges say about the same ports."""
