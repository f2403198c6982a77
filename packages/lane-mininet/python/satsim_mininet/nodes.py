"""Mininet nodes as satsim plans them: forwarding routers and plain hosts, and links that cost one line of a batch."""

from mininet.link import Intf, Link
from mininet.node import Node, OVSSwitch

# No router advertisements, no duplicate address detection: addresses are planned. Replies may come by another way than
# requests go, so nothing filters by reverse path; a node answers ARP for its own addresses on every interface.
SYSCTLS = (
    ("net/ipv4/conf/all/rp_filter", 0),
    ("net/ipv4/conf/default/rp_filter", 0),
    ("net/ipv6/conf/all/accept_ra", 0),
    ("net/ipv6/conf/default/accept_ra", 0),
    ("net/ipv6/conf/default/accept_dad", 0),
    ("net/ipv4/neigh/default/gc_thresh1", 0),
)


class PlannedNode(Node):
    """A namespace with the node's own addresses on its loopback; forwards packets of others when the plan says so."""

    def prepare(self, ipv4, ipv6, forwards):
        on = 1 if forwards else 0
        sysctls = SYSCTLS + (("net/ipv4/ip_forward", on), ("net/ipv6/conf/all/forwarding", on))
        # By the shell itself: a program for each of hundreds of nodes takes seconds. Not every kernel lets each namespace have its own gc_thresh1.
        settings = "; ".join("[ ! -e /proc/sys/%s ] || echo %d >/proc/sys/%s" % (name, value, name) for name, value in sysctls)
        lines = "link set dev lo up", "addr replace %s/32 dev lo" % ipv4, "addr replace %s/128 dev lo nodad" % ipv6
        # The shell echoes what a command prints; these print nothing unless they fail.
        printed = self.cmd("%s; ip -batch - <<<$'%s' && echo prepared" % (settings, "\\n".join(lines))).strip()
        if not printed.endswith("prepared"):
            raise RuntimeError("node %s cannot be prepared: %s" % (self.name, printed))


class TaggedSwitch(OVSSwitch):
    """A bridge that says whose it is, from the moment when it is there: Open vSwitch makes it again after a reboot."""

    def __init__(self, name, tags, **params):
        OVSSwitch.__init__(self, name, **params)
        self.tags = tags

    def bridgeOpts(self):
        return OVSSwitch.bridgeOpts(self) + "".join(" external_ids:%s=%s" % item for item in sorted(self.tags.items()))


class KnownController:
    """What a switch has to know of its controller. Mininet's own one is a shell, and looks for it with telnet."""

    name = "c"

    def __init__(self, address):
        self.protocol, self.host, port = address.split(":")
        self.port = int(port)

    def IP(self):  # pylint: disable=invalid-name
        return self.host


class PlannedIntf(Intf):
    """An interface that is made, named, addressed and moved before Mininet hears of it."""

    def config(self, *_args, **_params):
        return {}


class PlannedLink(Link):
    """A veth pair that exists already (see batch_line)."""

    @classmethod
    def makeIntfPair(cls, *_args, **_params):
        return None

    @staticmethod
    def batch_line(first, second):
        """For `ip -batch`. Ends are (node, interface, mac); nodes without a namespace of their own keep theirs in the root one."""

        def place(node):
            return " netns %d" % node.pid if node.inNamespace else ""

        (node1, name1, mac1), (node2, name2, mac2) = first, second
        return "link add name %s address %s%s type veth peer name %s address %s%s" % (
            name1, mac1, place(node1), name2, mac2, place(node2))
