"""Numbered datagrams at even intervals, and what became of them; the kernel says when one came, so a late reader does no harm.

    stream.py send PORT COUNT INTERVAL_MS ADDRESS ...    each datagram to all of the addresses, in one go
    stream.py receive PORT      until nothing has come for 4 s; prints one line: [[number, sent_ms, received_ms], ...]
"""

import json
import os
import socket
import struct
import sys
import time

SO_TIMESTAMPNS, SO_RCVBUFFORCE = 35, 33
FIRST_S, IDLE_S = 30, 4


def send(port, count, interval_s, addresses):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # Nobody comes between the clock and the sending.
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))
    time.sleep(2)
    begin = time.monotonic()
    for number in range(count):
        wait = begin + number * interval_s - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        for address in addresses:
            out.sendto(struct.pack("!Qq", number, time.time_ns()).ljust(100), (address, port))


def receive(port):
    into = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    into.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    into.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    into.bind(("0.0.0.0", port))
    into.settimeout(FIRST_S)
    packets = []
    try:
        while True:
            data, ancillary, _flags, _address = into.recvmsg(2048, 64)
            number, sent_ns = struct.unpack("!Qq", data[:16])
            seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
            packets.append([number, sent_ns / 1e6, seconds * 1e3 + nanoseconds / 1e6])
            into.settimeout(IDLE_S)
    except socket.timeout:
        return packets


if __name__ == "__main__":
    if sys.argv[1] == "send":
        send(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]) / 1000, sys.argv[5:])
    else:
        print(json.dumps(receive(int(sys.argv[2]))))
