#ifndef SATSIM_SATNODE_H
#define SATSIM_SATNODE_H

#include <memory>
#include <vector>

#include <omnetpp.h>

#include "Controller.h"
#include "Packet_m.h"

namespace satsim {

/// Forwards packets by the routes in force; see SatNode.ned.
class SatNode : public omnetpp::cSimpleModule
{
  public:
    virtual ~SatNode();
    /// Takes a packet of a flow whose end is here.
    void originate(Packet *packet);
    /// What waits for this port is lost or, if packets are not cut, goes another way.
    void linkWentDown(int port);

  protected:
    virtual void initialize() override;
    virtual void handleMessage(omnetpp::cMessage *message) override;
    virtual void finish() override;

  private:
    /// An outgoing link and what waits for it.
    struct Port
    {
        omnetpp::cGate *gate;
        SatLink *link;
        omnetpp::cPacketQueue queue;
        omnetpp::cMessage idle;    // the link can take the next packet
    };

    Controller *controller = nullptr;
    int number = -1;
    int queuePackets = 0;
    double queueTime = 0;
    int queueLeast = 0;
    int hopLimit = 0;
    int64_t forwarded = 0;
    int64_t longestQueue = 0;
    std::vector<std::unique_ptr<Port>> ports;

    void receive(Packet *packet);
    void forward(Packet *packet);
    void send(Port& port);
    void transmit(Port& port, Packet *packet);
    void drop(Packet *packet, Drop reason);
    int roomOf(const Port& port) const;
};

}  // namespace satsim

#endif
