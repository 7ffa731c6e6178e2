"""Pages of a trial month and of the admission of single servers."""
