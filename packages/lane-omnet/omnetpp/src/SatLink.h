#ifndef SATSIM_SATLINK_H
#define SATSIM_SATLINK_H

#include <omnetpp.h>

#include "LinkState.h"
#include "Random.h"

namespace satsim {

/// One direction of a link, whose state the controller sets; see SatLink.ned.
class SatLink : public omnetpp::cDatarateChannel
{
  public:
    /// The whole state at once.
    void set(const LinkState& state);
    /// Disables it, and forgets it until it is set again.
    void remove();
    /// Whether the trace has said something of it, and not that it left.
    bool isKnown() const { return known; }
    /// Whether it went down after that time.
    bool wasCutSince(omnetpp::simtime_t time) const { return cutAt > time; }
    int getNumber() const { return number; }
    /// Index of the gate it leaves its node by.
    int getPort() const { return port; }
    /// Number of the node that it leads to.
    int targetNode() const { return target; }

  protected:
    virtual void initialize() override;
    virtual void handleParameterChange(const char *name) override;
    virtual Result processMessage(omnetpp::cMessage *message, const omnetpp::SendOptions& options, omnetpp::simtime_t t) override;

  private:
    int number = -1;
    int port = -1;
    int target = -1;
    bool known = false;
    bool muted = false;
    omnetpp::cPar *delayPar = nullptr;
    omnetpp::cPar *ratePar = nullptr;
    omnetpp::cPar *lossPar = nullptr;
    omnetpp::cPar *disabledPar = nullptr;
    Random losses;
    double loss = 0;
    omnetpp::simtime_t cutAt = -1;
    omnetpp::simtime_t lastArrival = 0;

    void disable();
};

}  // namespace satsim

#endif
