"""The agent: one JSON request a line on stdin, one reply a line on stdout. The end of stdin ends it, and all it has built.

    {"id": 1, "op": "hello"}                                        -> versions
    {"id": 2, "op": "nodes", "nodes": [...], "controller": null}    -> {"pids": {name: pid}}
    {"id": 3, "op": "links", "links": [{"a": end, "b": end}, ...]}
    {"id": 4, "op": "teardown"}

A reply is {"id": 1, "ok": true, "result": ...} or {"id": 1, "ok": false, "error": "..."}.
"""

import json
import os
import resource
import signal
import sys
import traceback


def main():
    # mnexec closes every descriptor that may be open, one by one: a low limit keeps it fast.
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    # Replies go to the real stdout; whatever else prints, Mininet included, goes to stderr.
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    try:
        from mininet.net import VERSION, Mininet
    except ImportError as error:
        replies.write(json.dumps({"id": 0, "ok": False, "error": "Mininet cannot be imported: %s" % error}) + "\n")
        return 3
    # It would raise the limits that were just lowered, and look for programs that nobody asks for.
    Mininet.inited = True
    from .network import Network

    network = Network()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Ctrl-C reaches the whole group; satsim decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    operations = {
        "hello": lambda _request: {"mininet": VERSION, "python": sys.version.split()[0]},
        "nodes": lambda request: {"pids": network.add_nodes(request["nodes"], request.get("controller"))},
        "links": lambda request: network.add_links(request["links"]),
        "teardown": lambda _request: network.tear_down(),
    }
    try:
        for line in sys.stdin:
            request = json.loads(line)
            try:
                reply = {"id": request["id"], "ok": True, "result": operations[request["op"]](request)}
            except Exception as error:  # pylint: disable=broad-except
                traceback.print_exc()
                reply = {"id": request["id"], "ok": False, "error": "%s: %s" % (type(error).__name__, error)}
            replies.write(json.dumps(reply) + "\n")
    finally:
        # Asked to end twice it still ends once.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        network.tear_down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
