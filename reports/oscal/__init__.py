"""OSCAL of NIST: what was measured of an OPD, and its plan of action, for the tools of auditors."""
