"""One SQL implementation of everything an audit leaves behind, with raw outputs and a hash chain."""
