"""What the agent has built, and how it is taken away again."""

import os
import signal
import subprocess
import time

from mininet.net import Mininet
from mininet.node import OVSSwitch, RemoteController

from .nodes import PlannedIntf, PlannedLink, PlannedNode

KILL_AFTER_S = 2.0


class Network:
    """One run's nodes and links, by their planned names. Nothing here searches the machine: only what was made is removed."""

    def __init__(self):
        self.mininet = Mininet(topo=None, build=False, controller=None, autoPinCpus=False)
        self.nodes = {}
        self.switches = []
        self.root_interfaces = []

    def add_nodes(self, nodes, controller):
        for node in nodes:
            if node["kind"] == "switch":
                self._add_switch(node)
            else:
                made = self.mininet.addHost(node["name"], cls=PlannedNode)
                self.nodes[node["name"]] = made
                made.prepare(node["ipv4"], node["ipv6"], node["forwards"])
        if self.switches:
            self._start_switches(controller)
        return {name: made.pid for name, made in self.nodes.items()}

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
        shells = [node.shell.pid for node in self.nodes.values() if node.shell is not None]
        for pid in shells:
            signal_group(pid, signal.SIGHUP)
        for switch in self.switches:
            signal_group(switch.shell.pid, signal.SIGHUP)
        if self.switches:
            subprocess.run(["ovs-vsctl"] + join("--", [["--if-exists", "del-br", switch.name] for switch in self.switches]), check=False)
        if self.root_interfaces:
            lines = "".join("link del dev %s\n" % name for name in self.root_interfaces)
            # One end takes the other with it: those that are gone already are no failure.
            subprocess.run(["ip", "-force", "-batch", "-"], input=lines.encode(), stderr=subprocess.DEVNULL, check=False)
        deadline = time.monotonic() + KILL_AFTER_S
        left = shells
        while left and time.monotonic() < deadline:
            time.sleep(0.02)
            left = [pid for pid in left if is_alive(self.nodes, pid)]
        for pid in left:
            signal_group(pid, signal.SIGKILL)
        self.nodes, self.switches, self.root_interfaces = {}, [], []

    def _add_switch(self, node):
        switch = self.mininet.addSwitch(node["name"], cls=OVSSwitch, dpid="%016x" % node["number"], datapath=node["datapath"], failMode="secure",
                                        protocols=",".join(node["protocols"]), inNamespace=False)
        self.nodes[node["name"]] = switch
        self.switches.append(switch)

    def _start_switches(self, controller):
        controllers = []
        if controller is not None:
            protocol, host, port = controller.split(":")
            controllers = [RemoteController("c", ip=host, port=int(port), protocol=protocol)]
        for switch in self.switches:
            switch.start(controllers)

    def _add_ports(self, ports):
        commands = [["add-port", bridge, name, "--", "set", "interface", name, "ofport_request=%d" % port] for bridge, name, port in ports]
        run(["ovs-vsctl"] + join("--", commands))
        run(["ip", "-batch", "-"], "".join("link set dev %s up\n" % name for _bridge, name, _port in ports))


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


def signal_group(pid, number):
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        pass


def is_alive(nodes, pid):
    return any(node.shell is not None and node.shell.pid == pid and node.shell.poll() is None for node in nodes.values())
