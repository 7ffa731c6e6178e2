"""The statement of applicability: which controls apply, why, and what each result rests on."""
