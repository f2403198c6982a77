#ifndef SATSIM_PINGFLOW_H
#define SATSIM_PINGFLOW_H

#include "Flow.h"

namespace satsim {

/// Echo requests and their replies; see Flow.ned.
class PingFlow : public Flow
{
  public:
    virtual ~PingFlow() { cancelEvent(&timer); }
    virtual void arrived(Packet *packet, int node) override;
    virtual void conclude() override;

  protected:
    virtual void initialize() override;
    virtual void handleMessage(omnetpp::cMessage *message) override;

  private:
    omnetpp::cMessage timer{"send"};
    omnetpp::simtime_t interval;
    int64_t requests = 0;
};

}  // namespace satsim

#endif
