#ifndef SATSIM_FLOW_H
#define SATSIM_FLOW_H

#include <optional>
#include <vector>

#include <omnetpp.h>

#include "Controller.h"
#include "Packet_m.h"

namespace satsim {

/// What a flow saw at one time; a row of samples.csv, whose units it has.
struct Sample
{
    int flow;
    omnetpp::simtime_t time;
    std::optional<double> rtt;
    std::optional<double> oneWayDelay;
    std::optional<double> loss;
    std::optional<double> goodput;
    std::vector<int> path;    // empty: no way
};

/// Both ends of some traffic. What one end knows of the other it knows by packets; only the counting sees both.
class Flow : public omnetpp::cSimpleModule
{
  public:
    /// Takes a packet that came to the node that it is for.
    virtual void arrived(Packet *packet, int node) = 0;
    /// Counts one that won't.
    void dropped(Drop reason) { drops[static_cast<int>(reason)]++; }
    /// The simulation is over: completes the samples.
    virtual void conclude() = 0;
    const std::vector<Sample>& samples() const { return sampleList; }
    int64_t sentPackets() const { return sent; }
    int64_t deliveredPackets() const { return delivered; }

  protected:
    /// At the times of ticks: after the controller, before packets.
    static constexpr short BEFORE_PACKETS = -50;

    Controller *controller = nullptr;
    int number = -1;
    int source = -1;
    int target = -1;
    int packetBytes = 0;
    omnetpp::simtime_t start;
    omnetpp::simtime_t stop;
    omnetpp::simtime_t sampleInterval;
    std::vector<Sample> sampleList;
    int64_t sent = 0;
    int64_t delivered = 0;

    virtual void initialize() override;
    virtual void finish() override;
    Packet *makePacket(PacketKind kind, int bytes, int to) const;
    /// Sends it from the other end than the one that it is for.
    void sendPacket(Packet *packet);
    Sample& newSample();
    /// Kept in the .vec file when vectors are recorded.
    void recordDelay(omnetpp::simtime_t delay) { delays.record(delay); }
    void recordRoundTrip(omnetpp::simtime_t rtt) { roundTrips.record(rtt); }

  private:
    int64_t drops[static_cast<int>(Drop::COUNT)] = {};
    omnetpp::cOutVector delays{"oneWayDelay"};
    omnetpp::cOutVector roundTrips{"roundTrip"};
};

}  // namespace satsim

#endif
