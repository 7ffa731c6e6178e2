"""Tests of handing messages over."""
