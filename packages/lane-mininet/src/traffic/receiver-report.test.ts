import { describe, expect, test } from 'vitest';
import { iperfInterval } from './iperf-report.js';
import { ReceiverReport } from './receiver-report.js';

// Printed by iperf 3.12: 50 kbit/s in datagrams of 472 bytes; for three seconds nothing passed.
const UDP = `-----------------------------------------------------------
Server listening on 5999 (test #1)
-----------------------------------------------------------
Accepted connection from 127.0.0.1, port 51540
[  5] local 127.0.0.1 port 5999 connected to 127.0.0.1 port 52286
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-1.00   sec  6.45 KBytes  52.9 Kbits/sec  0.312 ms  0/14 (0%)  
[  5]   1.00-2.00   sec  5.99 KBytes  49.1 Kbits/sec  0.145 ms  0/13 (0%)  
[  5]   2.00-3.00   sec  3.23 KBytes  26.4 Kbits/sec  0.095 ms  0/7 (0%)  
[  5]   3.00-4.01   sec  0.00 Bytes  0.00 Kbits/sec  0.095 ms  0/0 (0%)  
[  5]   4.01-5.00   sec  0.00 Bytes  0.00 Kbits/sec  0.095 ms  0/0 (0%)  
[  5]   5.00-6.03   sec  3.23 KBytes  25.8 Kbits/sec  0.067 ms  39/46 (85%)  
[  5]   6.03-7.00   sec  5.99 KBytes  50.4 Kbits/sec  3.350 ms  0/13 (0%)  
[  5]   7.00-7.04   sec  0.00 Bytes  0.00 Kbits/sec  3.350 ms  0/0 (0%)  
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams
[  5]   0.00-7.04   sec  37.3 KBytes  34.0 Kbits/sec  0.591 ms  39/120 (32%)  receiver`;

const TCP = `[ ID] Interval           Transfer     Bitrate
[  5]   0.00-1.00   sec   256 KBytes  2096 Kbits/sec                  
[  5]   1.00-2.00   sec   128 KBytes  1047 Kbits/sec                  
[  5]   2.00-3.00   sec  0.00 Bytes  0.00 Kbits/sec                  
[  5]   3.00-4.00   sec   640 KBytes  5247 Kbits/sec                  
- - - - - - - - - - - - - - - - - - - - - - - - -
[ ID] Interval           Transfer     Bitrate
[  5]   0.00-4.00   sec  1.50 MBytes  2097 Kbits/sec                  receiver`;

const measured = (text: string, datagramsPerS: number) => {
  const report = new ReceiverReport(datagramsPerS);
  return text.split('\n').flatMap((line) => {
    const found = report.hear(line);
    return found ? [[found.goodputMbps, Math.round(found.lossPct! * 10) / 10]] : [];
  });
};

describe('what an iperf3 server prints', () => {
  test('udp: seconds without a datagram are an outage, and are not counted as lost again when it is over', () => {
    // 13.24 datagrams are sent a second: of the 39 that are missing at the end, 26.5 were told already.
    expect(measured(UDP, 50_000 / (8 * 472))).toEqual([
      [0.0529, 0],
      [0.0491, 0],
      [0.0264, 0],
      [0, 100],
      [0, 100],
      [0.0258, 64.1],
      [0.0504, 0],
    ]);
  });

  test('tcp: a second without a byte is an outage', () => {
    expect(measured(TCP, 0)).toEqual([
      [2.096, 0],
      [1.047, 0],
      [0, 100],
      [5.247, 0],
    ]);
  });

  test('datagrams that come late take back what was counted as lost', () => {
    expect(iperfInterval('[  5]   1.00-2.00   sec  5.99 KBytes  49.1 Kbits/sec  0.145 ms  -2/11 (-18%)  ')).toEqual({
      durationS: 1,
      goodputMbps: 0.0491,
      datagrams: { lost: 0, received: 13 },
    });
  });

  test('with more than one stream, or none, a line is no interval', () => {
    for (const line of ['[SUM]   0.00-1.00   sec   256 KBytes  2096 Kbits/sec', 'iperf3: interrupt - the server has terminated', ''])
      expect(iperfInterval(line)).toBeNull();
  });
});
