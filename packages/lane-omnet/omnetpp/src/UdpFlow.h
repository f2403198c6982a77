#ifndef SATSIM_UDPFLOW_H
#define SATSIM_UDPFLOW_H

#include "Random.h"
#include "SampledFlow.h"

namespace satsim {

/// Datagrams of one size; see Flow.ned.
class UdpFlow : public SampledFlow
{
  public:
    virtual ~UdpFlow() { cancelEvent(&timer); }
    virtual void arrived(Packet *packet, int node) override;

  protected:
    virtual void initialize() override;
    virtual void handleMessage(omnetpp::cMessage *message) override;

  private:
    omnetpp::cMessage timer{"send"};
    Random times;
    int payload = 0;
    double meanInterval = 0;
    bool poisson = false;
    int64_t datagrams = 0;
};

}  // namespace satsim

#endif
