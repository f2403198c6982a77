// The congestion control by itself, without OMNeT++: each rule by the paragraph that it is from. Prints `ok` or what is wrong.
#include <cstdio>
#include <cstdlib>

#include "../src/NewReno.h"
#include "../src/RetransmissionTime.h"

using satsim::NewReno;
using satsim::RetransmissionTime;

constexpr int MSS = 1000;

#define EXPECT(condition)                                                      \
    if (!(condition)) {                                                        \
        std::printf("%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); \
        std::exit(1);                                                          \
    }

// A sender with `segments` on their way, of which none was acknowledged.
struct Sender
{
    NewReno reno{MSS};
    int64_t una = 0;
    int64_t nxt = 0;

    void fill() { nxt = una + reno.window() / MSS * MSS; }
    bool ack(int64_t segments)
    {
        una += segments * MSS;
        return reno.newAck(una, segments * MSS, nxt - una);
    }
    bool again() { return reno.duplicateAck(una, nxt, nxt - una); }
};

void initialWindow()
{
    EXPECT(NewReno(1448).congestionWindow() == 14480);    // RFC 6928: min(10 MSS, max(2 MSS, 14600))
    EXPECT(NewReno(2000).congestionWindow() == 14600);
    EXPECT(NewReno(9000).congestionWindow() == 18000);
}

void slowStart()
{
    Sender sender;
    sender.fill();
    sender.ack(1);
    EXPECT(sender.reno.congestionWindow() == 11 * MSS);
    sender.fill();
    sender.ack(2);    // RFC 5681 (2): one segment at most, however much an acknowledgment covers
    EXPECT(sender.reno.congestionWindow() == 12 * MSS);
}

void windowThatIsNotUsed()
{
    Sender sender;
    sender.nxt = 2 * MSS;
    sender.ack(1);
    EXPECT(sender.reno.congestionWindow() == 10 * MSS);
}

void fastRetransmitAndRecovery()
{
    Sender sender;
    sender.fill();
    sender.ack(1);
    sender.fill();
    EXPECT(sender.reno.window() == 11 * MSS);
    EXPECT(!sender.again());
    EXPECT(sender.reno.window() == 12 * MSS);    // RFC 3042: one more for each of the first two
    sender.fill();
    EXPECT(!sender.again());
    sender.fill();
    EXPECT(sender.again());
    // RFC 5681 (4), without what limited transmit added: 11 segments, half of it 5.5
    EXPECT(sender.reno.slowStartThreshold() == 11 * MSS / 2);
    EXPECT(sender.reno.congestionWindow() == 11 * MSS / 2 + 3 * MSS);
    EXPECT(!sender.again());
    EXPECT(sender.reno.congestionWindow() == 11 * MSS / 2 + 4 * MSS);

    // RFC 6582, 3.2, step 3, partial: the next hole at once, the window less what was acknowledged and one more
    int64_t before = sender.reno.congestionWindow();
    EXPECT(sender.ack(3));
    EXPECT(sender.reno.congestionWindow() == before - 2 * MSS);
    EXPECT(sender.reno.isRecovering());

    // full: out of recovery with min(ssthresh, max(flight, MSS) + MSS)
    EXPECT(!sender.ack((sender.nxt - sender.una) / MSS));
    EXPECT(!sender.reno.isRecovering());
    EXPECT(sender.reno.congestionWindow() == 2 * MSS);
}

void congestionAvoidance()
{
    Sender sender;
    sender.fill();
    sender.ack(1);
    sender.fill();
    for (int i = 0; i < 3; i++)
        sender.again();
    sender.ack((sender.nxt - sender.una) / MSS);
    // From 2 segments in slow start to the threshold, 5.5, and then one segment for each window.
    while (sender.reno.congestionWindow() < sender.reno.slowStartThreshold()) {
        sender.fill();
        sender.ack(1);
    }
    int64_t window = sender.reno.congestionWindow();
    EXPECT(window == 6 * MSS);
    for (int i = 0; i < 6; i++) {
        EXPECT(sender.reno.congestionWindow() == window);
        sender.fill();
        sender.ack(1);
    }
    EXPECT(sender.reno.congestionWindow() == window + MSS);
}

void timeout()
{
    Sender sender;
    sender.fill();
    sender.ack(1);
    sender.fill();
    sender.reno.timeout(sender.nxt, sender.nxt - sender.una, false);
    EXPECT(sender.reno.congestionWindow() == MSS);    // RFC 5681, 3.1: the loss window
    EXPECT(sender.reno.slowStartThreshold() == 11 * MSS / 2);
    sender.reno.timeout(sender.nxt, MSS, true);
    EXPECT(sender.reno.slowStartThreshold() == 11 * MSS / 2);    // the same data once more does not lower it
    // RFC 6582, 3.2, step 4: duplicates of what was sent before the timeout start no fast retransmit
    for (int i = 0; i < 5; i++)
        EXPECT(!sender.again());
    EXPECT(!sender.reno.isRecovering());
}

void timeoutInRecovery()
{
    Sender sender;
    sender.fill();
    sender.ack(1);
    sender.fill();
    for (int i = 0; i < 20; i++)
        sender.again();
    EXPECT(sender.reno.isRecovering());
    sender.fill();
    EXPECT(sender.nxt - sender.una > 20 * MSS);
    sender.reno.timeout(sender.nxt, sender.nxt - sender.una, false);
    EXPECT(sender.reno.slowStartThreshold() == 11 * MSS / 2);    // not more than when the loss was found
    EXPECT(!sender.reno.isRecovering());
}

void retransmissionTime()
{
    RetransmissionTime time(0.2);
    EXPECT(time.timeout() == 1);    // RFC 6298 (2.1)
    time.expired();
    EXPECT(time.timeout() == 2);    // (5.5)
    time.measured(0.1);
    EXPECT(std::fabs(time.timeout() - 0.3) < 1e-12);    // (2.2): R + 4 · R/2
    time.measured(0.2);
    // (2.3): RTTVAR = 3/4 · 0.05 + 1/4 · 0.1, SRTT = 7/8 · 0.1 + 1/8 · 0.2
    EXPECT(std::fabs(time.timeout() - (0.1125 + 4 * 0.0625)) < 1e-12);
    for (int i = 0; i < 100; i++)
        time.measured(0.01);
    EXPECT(time.timeout() == 0.2);    // the least
    for (int i = 0; i < 100; i++)
        time.expired();
    EXPECT(time.timeout() <= 60);    // (2.5)
    RetransmissionTime slow(1);
    slow.measured(100);
    EXPECT(slow.timeout() == 60);
}

int main()
{
    initialWindow();
    slowStart();
    windowThatIsNotUsed();
    fastRetransmitAndRecovery();
    congestionAvoidance();
    timeout();
    timeoutInRecovery();
    retransmissionTime();
    std::puts("ok");
}
