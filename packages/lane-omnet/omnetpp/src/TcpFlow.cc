#include "TcpFlow.h"

#include <cmath>

using namespace omnetpp;

namespace satsim {

Define_Module(TcpFlow);

namespace {

constexpr int HEADERS = 52;    // IPv4, TCP and its timestamps, bytes
constexpr int SYN_BYTES = 60;    // with maximum segment size and window scale

}  // namespace

TcpFlow::~TcpFlow()
{
    for (cMessage *timer : {&openTimer, &retransmitTimer, &offerTimer, &ackTimer})
        cancelEvent(timer);
}

void TcpFlow::initialize()
{
    SampledFlow::initialize();
    mss = packetBytes - HEADERS;
    if (mss <= 0)
        throw cRuntimeError("a segment of %d bytes has no data: headers take %d", packetBytes, HEADERS);
    rate = par("rate");
    receiveWindow = par("receiveWindow").intValue();
    delayedAck = par("delayedAck");
    reno.emplace(mss);
    rto.emplace(par("minRto").doubleValue());
    if (start < stop)
        scheduleAt(start, &openTimer);
}

void TcpFlow::handleMessage(cMessage *message)
{
    if (handleSample(message))
        return;
    if (message == &ackTimer)
        return sendAck();
    // Traffic ends when the flow does, whatever is still to be sent, or to be sent again.
    if (simTime() >= stop)
        return;
    if (message == &openTimer)
        sendSyn();
    else if (message == &retransmitTimer)
        retransmissionTimeout();
    else
        sendWhatMayGo();
}

void TcpFlow::arrived(Packet *packet, int)
{
    Enter_Method_Silent();
    take(packet);
    delivered++;
    switch (packet->getKind()) {
        case SYN: {
            Packet *answer = makePacket(SYN_ACK, SYN_BYTES, source);
            answer->setEcho(packet->getSentAt());
            sendPacket(answer);
            break;
        }
        case SYN_ACK: synAckCame(packet); break;
        case SEGMENT: segmentCame(packet); break;
        default: ackCame(packet);
    }
    delete packet;
}

void TcpFlow::sendSyn()
{
    sendPacket(makePacket(SYN, SYN_BYTES, target));
    restartRetransmitTimer();
}

void TcpFlow::synAckCame(const Packet *packet)
{
    if (established || simTime() >= stop)
        return;
    established = true;
    cancelEvent(&retransmitTimer);
    simtime_t rtt = simTime() - packet->getEcho();
    rto->measured(rtt.dbl());
    countRoundTrip(rtt);
    sendWhatMayGo();
}

// Bytes that the application has had since the start; what can't be sent yet waits.
int64_t TcpFlow::offered() const
{
    if (rate <= 0)
        return INT64_MAX / 2;
    // Half a byte: a segment is offered at its time, whatever rounding makes of it.
    return int64_t(rate / 8 * (simTime() - start).dbl() + 0.5);
}

void TcpFlow::sendWhatMayGo()
{
    if (!established)
        return;
    int64_t available = offered();
    int64_t limit = una + std::min(reno->window(), receiveWindow);
    while (nxt + mss <= limit && (nxt < highest || nxt + mss <= available)) {
        sendSegment(nxt);
        nxt += mss;
        highest = std::max(highest, nxt);
    }
    if (rate > 0 && nxt + mss <= limit && !offerTimer.isScheduled()) {
        simtime_t next = start + double(nxt + mss) * 8 / rate;
        if (next > simTime() && next < stop)
            scheduleAt(next, &offerTimer);
    }
}

void TcpFlow::sendSegment(int64_t sequence)
{
    Packet *packet = makePacket(SEGMENT, packetBytes, target);
    packet->setSequence(sequence);
    packet->setPayload(mss);
    countSent(packet);
    if (sequence < highest)
        segmentsAgain++;
    sendPacket(packet);
    if (!retransmitTimer.isScheduled())
        restartRetransmitTimer();
}

void TcpFlow::restartRetransmitTimer()
{
    cancelEvent(&retransmitTimer);
    scheduleAt(simTime() + rto->timeout(), &retransmitTimer);
}

void TcpFlow::retransmissionTimeout()
{
    rto->expired();
    if (!established)
        return sendSyn();
    timeouts++;
    reno->timeout(highest, nxt - una, timedOutAt == una);
    timedOutAt = una;
    nxt = una;
    windows.record(double(reno->congestionWindow()));
    restartRetransmitTimer();
    sendWhatMayGo();
}

void TcpFlow::ackCame(const Packet *packet)
{
    int64_t ack = packet->getAck();
    if (ack < una || !established || simTime() >= stop)
        return;
    if (ack > una) {
        simtime_t rtt = simTime() - packet->getEcho();
        rto->measured(rtt.dbl());
        countRoundTrip(rtt);
        bool wasRecovering = reno->isRecovering();
        int64_t acked = ack - una;
        una = ack;
        nxt = std::max(nxt, una);
        bool again = reno->newAck(ack, acked, nxt - una);
        // RFC 6582, 4: only the first partial acknowledgment restarts the timer, so that many losses end in a timeout
        // instead of one round trip each.
        if (una == highest)
            cancelEvent(&retransmitTimer);
        else if (!(wasRecovering && again) || firstPartialAck)
            restartRetransmitTimer();
        if (again) {
            firstPartialAck = false;
            sendSegment(una);
        }
    }
    else if (highest > una && reno->duplicateAck(una, highest, nxt - una)) {
        firstPartialAck = true;
        sendSegment(una);
        restartRetransmitTimer();
    }
    windows.record(double(reno->congestionWindow()));
    sendWhatMayGo();
}

void TcpFlow::segmentCame(const Packet *packet)
{
    countArrived(packet);
    int64_t begin = packet->getSequence();
    int64_t end = begin + packet->getPayload();
    // RFC 7323, 4.3: what is echoed is the time of the segment that the acknowledgment waits for.
    if (begin <= lastAckSent)
        recentTimestamp = packet->getSentAt();
    bool inOrder = begin == awaited && outOfOrder.empty();
    if (end > awaited)
        outOfOrder[begin] = end;
    int64_t before = awaited;
    for (auto next = outOfOrder.begin(); next != outOfOrder.end() && next->first <= awaited; next = outOfOrder.erase(next))
        awaited = std::max(awaited, next->second);
    if (awaited > before)
        countGoodput(awaited - before);
    // RFC 5681, 4.2: every second segment, and at once what is out of order or fills a gap.
    if (!inOrder || ++unacknowledged == 2)
        sendAck();
    else
        scheduleAt(simTime() + delayedAck, &ackTimer);
}

void TcpFlow::sendAck()
{
    cancelEvent(&ackTimer);
    unacknowledged = 0;
    lastAckSent = awaited;
    Packet *packet = makePacket(ACK, HEADERS, source);
    packet->setAck(awaited);
    packet->setEcho(recentTimestamp);
    sendPacket(packet);
}

void TcpFlow::finish()
{
    SampledFlow::finish();
    recordScalar("retransmitted", double(segmentsAgain));
    recordScalar("timeouts", double(timeouts));
    recordScalar("congestionWindow", double(reno->congestionWindow()));
}

}  // namespace satsim
