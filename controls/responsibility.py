"""Who answers for a check on a subject: which OPD, and whether it or the centre. Pure.

Every verdict belongs to exactly one OPD and one side, so that nothing falls between two.
"""

from __future__ import annotations

from auditor.model.inventory import Layer, Responsible, Server
from auditor.model.policy import Policy
from auditor.model.subject import Subject


def responsible_side(layer: Layer, server: Server, policy: Policy) -> Responsible:
    """Return the side that answers for a layer of a server: the server's own rule, else the policy's."""
    return server.responsible.get(layer, policy.responsible[layer])


def owning_opd(layer: Layer, subject: Subject, server: Server) -> str:
    """Return the OPD that a subject belongs to: its name's where a name is owned, else the server's.

    The machine below, its network and its room stay with the server's OPD however many own names on it.
    """
    return server.owner(layer, subject.server_name)
