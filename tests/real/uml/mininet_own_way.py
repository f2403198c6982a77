"""What Mininet's own TCIntf.config does to packets that are under way, and to a loss that ends: for comparison.

    mininet_own_way.py STREAM_PY      prints {"packets": [...], "lossAfter": "what tc says"}
"""

import json
import subprocess
import sys
import time

from mininet.link import TCLink
from mininet.net import Mininet
from mininet.node import Host

Mininet.inited = True
STREAM = sys.argv[1]
net = Mininet(topo=None, build=False, controller=None)
one, two = net.addHost("one", cls=Host), net.addHost("two", cls=Host)
link = net.addLink(one, two, cls=TCLink, bw=100, delay="20ms")
one.setIP("10.9.0.1/24")
two.setIP("10.9.0.2/24")
one.cmd("ping -c 2 10.9.0.2")
receiver = two.popen([sys.executable, STREAM, "receive", "9000"], stdout=subprocess.PIPE)
sender = one.popen([sys.executable, STREAM, "send", "9000", "1200", "5", "10.9.0.2"])
time.sleep(5)
link.intf1.config(bw=100, delay="100ms")
time.sleep(1.5)
link.intf1.config(bw=100, delay="20ms")
sender.wait()
packets = json.loads(receiver.communicate()[0])
link.intf1.config(bw=100, loss=10)
link.intf1.config(loss=0)
print(json.dumps({"packets": packets, "lossAfter": one.cmd("tc qdisc show dev one-eth0").strip()}))
for node in (one, two):
    node.terminate()
