#ifndef SATSIM_TCPFLOW_H
#define SATSIM_TCPFLOW_H

#include <map>
#include <optional>

#include "NewReno.h"
#include "RetransmissionTime.h"
#include "SampledFlow.h"

namespace satsim {

/// A TCP connection, opened at the start and used from source to target, all segments full; see Flow.ned.
class TcpFlow : public SampledFlow
{
  public:
    virtual ~TcpFlow();
    virtual void arrived(Packet *packet, int node) override;

  protected:
    virtual void initialize() override;
    virtual void handleMessage(omnetpp::cMessage *message) override;
    virtual void finish() override;

  private:
    omnetpp::cMessage openTimer{"open"};
    omnetpp::cMessage retransmitTimer{"retransmit"};
    omnetpp::cMessage offerTimer{"offer"};    // the application has the next segment
    omnetpp::cMessage ackTimer{"ack"};
    omnetpp::cOutVector windows{"congestionWindow"};
    int mss = 0;
    double rate = 0;
    int64_t receiveWindow = 0;
    omnetpp::simtime_t delayedAck;

    // the sender's
    std::optional<NewReno> reno;
    std::optional<RetransmissionTime> rto;
    bool established = false;
    bool firstPartialAck = false;
    int64_t una = 0;        // first byte that is not acknowledged
    int64_t nxt = 0;        // next byte to send
    int64_t highest = 0;    // first byte that was never sent
    int64_t timedOutAt = -1;
    int64_t segmentsAgain = 0;
    int64_t timeouts = 0;

    // the receiver's
    int64_t awaited = 0;                        // first byte that has not come
    std::map<int64_t, int64_t> outOfOrder;      // begin and end of what came early
    omnetpp::simtime_t recentTimestamp;
    int64_t lastAckSent = 0;
    int unacknowledged = 0;    // segments

    void sendSyn();
    void sendSegment(int64_t sequence);
    void sendAck();
    void sendWhatMayGo();
    int64_t offered() const;
    void retransmissionTimeout();
    void restartRetransmitTimer();
    void synAckCame(const Packet *packet);
    void ackCame(const Packet *packet);
    void segmentCame(const Packet *packet);
};

}  // namespace satsim

#endif
