"""Milliseconds that Mininet's own TCIntf.config takes for a change of an interface: the median of many."""

import statistics
import time

from mininet.link import TCLink
from mininet.net import Mininet
from mininet.node import Host

CHANGES = 100
Mininet.inited = True
net = Mininet(topo=None, build=False, controller=None)
one, two = net.addHost("bo%x" % (time.time_ns() & 0xFFFFFF), cls=Host), net.addHost("bt%x" % (time.time_ns() & 0xFFFFFF), cls=Host)
try:
    link = net.addLink(one, two, cls=TCLink, bw=10)
    took = []
    for change in range(CHANGES):
        begun = time.perf_counter()
        link.intf1.config(bw=10 + change)
        took.append((time.perf_counter() - begun) * 1000)
    print(statistics.median(took))
finally:
    for node in (one, two):
        node.terminate()
