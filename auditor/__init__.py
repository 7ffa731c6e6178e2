"""Tilik composes scanners, controls and reports into an audit; this package imports nothing at the top."""
