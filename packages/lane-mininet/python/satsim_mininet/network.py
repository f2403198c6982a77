"""What the agent has built, and how it is taken away again."""

import os
import signal
import subprocess
import time

from mininet.net import Mininet

from .nodes import KnownController, PlannedIntf, PlannedLink, PlannedNode, TaggedSwitch

KILL_LIMIT_S = 5.0


class Network:
    """One run's nodes and links, by their planned names. Nothing here searches the machine: only what was made is removed."""

    def __init__(self):
        self.mininet = Mininet(topo=None, build=False, controller=None, autoPinCpus=False)
        self.nodes = {}
        self.switches = []
        self.root_interfaces = []

    def add_nodes(self, nodes, controller):
        switches = len(self.switches)
        for node in nodes:
            if node["kind"] == "switch":
                self._add_switch(node)
            else:
                made = self.mininet.addHost(node["name"], cls=PlannedNode)
                self.nodes[node["name"]] = made
                made.prepare(node["ipv4"], node["ipv6"], node["forwards"])
        self._start_switches(self.switches[switches:], controller)
        return {node["name"]: self.nodes[node["name"]].pid for node in nodes}

    def add_links(self, links):
        lines, ports = [], []
        for link in links:
            ends = [(self.nodes[end["node"]], end["interface"], end["mac"]) for end in (link["a"], link["b"])]
            lines.append(PlannedLink.batch_line(*ends))
            for (node, name, _mac), end in zip(ends, (link["a"], link["b"])):
                if node.inNamespace:
                    continue
                self.root_interfaces.append(name)
                ports.append((node.name, name, end["port"]))
        run(["ip", "-batch", "-"], "\n".join(lines) + "\n")
        for link in links:
            a, b = link["a"], link["b"]
            PlannedLink(self.nodes[a["node"]], self.nodes[b["node"]], port1=a["port"], port2=b["port"], intfName1=a["interface"],
                        intfName2=b["interface"], addr1=a["mac"], addr2=b["mac"], intf=PlannedIntf)
        if ports:
            self._add_ports(ports)

    def tear_down(self):
        # What still runs on a node would keep its namespace, whoever started it.
        namespaces = {namespace_of(node.pid) for node in self.nodes.values() if node.inNamespace}
        for pid in members(namespaces):
            send(os.kill, pid, signal.SIGKILL)
        for switch in self.switches:
            send(os.killpg, switch.shell.pid, signal.SIGKILL)
        if self.switches:
            subprocess.run(["ovs-vsctl", "--timeout=20"] + join("--", [["--if-exists", "del-br", switch.name] for switch in self.switches]), check=False)
        if self.root_interfaces:
            lines = "".join("link del dev %s\n" % name for name in self.root_interfaces)
            # One end takes the other with it: those that are gone already are no failure.
            subprocess.run(["ip", "-force", "-batch", "-"], input=lines.encode(), stderr=subprocess.DEVNULL, check=False)
        deadline = time.monotonic() + KILL_LIMIT_S
        while time.monotonic() < deadline:
            left = members(namespaces)
            if not left and all(node.shell is None or node.shell.poll() is not None for node in self.nodes.values()):
                break
            for pid in left:
                send(os.kill, pid, signal.SIGKILL)
            time.sleep(0.02)
        self.nodes, self.switches, self.root_interfaces = {}, [], []

    def _add_switch(self, node):
        switch = self.mininet.addSwitch(node["name"], cls=TaggedSwitch, dpid=node["dpid"], datapath=node["datapath"], failMode="secure",
                                        protocols=",".join(node["protocols"]), tags=node["tags"], inNamespace=False)
        self.nodes[node["name"]] = switch
        self.switches.append(switch)

    def _start_switches(self, switches, controller):
        controllers = [] if controller is None else [KnownController(controller)]
        for switch in switches:
            switch.start(controllers)

    def _add_ports(self, ports):
        commands = [["add-port", bridge, name, "--", "set", "interface", name, "ofport_request=%d" % port] for bridge, name, port in ports]
        run(["ovs-vsctl"] + join("--", commands))


def run(command, text=None):
    """Runs a program; RuntimeError with what it printed when it fails."""
    done = subprocess.run(command, input=None if text is None else text.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise RuntimeError("%s failed: %s" % (" ".join(command[:3]), done.stderr.decode(errors="replace").strip()[-500:]))


def join(separator, commands):
    joined = []
    for command in commands:
        joined += [separator] + command if joined else command
    return joined


def send(function, pid, number):
    try:
        function(pid, number)
    except ProcessLookupError:
        pass


def namespace_of(pid):
    try:
        return os.stat("/proc/%s/ns/net" % pid).st_ino
    except OSError:
        return None


def members(namespaces):
    """Processes that are in one of these network namespaces; never those in our own."""
    wanted = set(namespaces) - {None, namespace_of("self")}
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and namespace_of(name) in wanted] if wanted else []
