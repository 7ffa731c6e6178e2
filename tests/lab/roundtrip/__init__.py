"""Break, find, remedy, verify: whether the catalogue's own remedies close the findings that the lab shows."""
