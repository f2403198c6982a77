#ifndef SATSIM_SAMPLEDFLOW_H
#define SATSIM_SAMPLEDFLOW_H

#include "Flow.h"

namespace satsim {

/// A flow that is sampled at every tick while it is on, with what was sent and what arrived until the next.
class SampledFlow : public Flow
{
  public:
    virtual ~SampledFlow() { cancelEvent(&sampleTimer); }
    virtual void conclude() override;

  protected:
    virtual void initialize() override;
    /// Whether it was the message of the samples, which is then dealt with.
    bool handleSample(omnetpp::cMessage *message);
    /// A data packet goes out now.
    void countSent(Packet *packet);
    /// It came.
    void countArrived(const Packet *packet);
    /// Payload that the receiving application has now.
    void countGoodput(int64_t bytes);
    void countRoundTrip(omnetpp::simtime_t rtt);

  private:
    struct Count
    {
        int64_t sent = 0;
        int64_t arrived = 0;
        int64_t bytes = 0;
        double delays = 0;
        double roundTrips = 0;
        int64_t roundTripCount = 0;
    };

    omnetpp::cMessage sampleTimer{"sample"};
    std::vector<Count> counts;    // as many as samples

    Count *current();
};

}  // namespace satsim

#endif
