"""SARIF of OASIS: the findings of an OPD for tools that read what analysers find."""
