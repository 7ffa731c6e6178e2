"""NFS: rpcbind and NFS-Ganesha, which needs no kernel module, with an export that anybody may mount."""

from __future__ import annotations

from dataclasses import dataclass

from tests.lab.model import Launch, Place
from tests.lab.services.cage import caged


@dataclass(frozen=True, slots=True)
class Nfs:
    """rpcbind on 111, NFS on 2049 and its mount service on 20048, TCP and UDP, in a cage."""

    name: str = "nfs"
    software: str = "any"
    ports: tuple[tuple[int, str], ...] = ((111, "rpcbind"), (2049, "nfs"), (20048, "mountd"))
    version_command: tuple[str, ...] = ("ganesha.nfsd", "-v")

    def launch(self, place: Place) -> Launch:
        """Write the export, kept in memory, and the script that starts both."""
        place.folder("recovery")
        configuration = place.write("ganesha.conf", _MAIN.format(directory=place.directory))
        log = place.directory / "ganesha.log"
        script = _START.format(configuration=configuration, log=log, directory=place.directory)
        tcp = tuple(port for port, _ in self.ports)
        return caged(place, script, tcp, udp=tcp)


_MAIN = """\
NFS_CORE_PARAM {{
    NFS_Protocols = 3, 4;
    Enable_NLM = false;
    Enable_RQUOTA = false;
    MNT_Port = 20048;
    fsid_device = true;
}}
NFSv4 {{
    Graceless = true;
    RecoveryBackend = fs;
    RecoveryRoot = {directory}/recovery;
}}
EXPORT {{
    Export_Id = 1;
    Path = /arsip;
    Pseudo = /arsip;
    Access_Type = RO;
    FSAL {{ Name = MEM; }}
    CLIENT {{ Clients = *; Access_Type = RO; }}
}}
LOG {{ Default_Log_Level = EVENT; }}
"""
_START = """\
rpcbind -f &
until rpcinfo -p 127.0.0.1 >/dev/null 2>&1; do sleep 0.05; done
ganesha.nfsd -F -L {log} -f {configuration} -p {directory}/ganesha.pid &
wait
"""
