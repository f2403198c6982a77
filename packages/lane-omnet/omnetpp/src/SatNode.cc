#include "SatNode.h"

#include <algorithm>
#include <cmath>

#include "Flow.h"
#include "SatLink.h"

using namespace omnetpp;

namespace satsim {

Define_Module(SatNode);

namespace {

// An Ethernet frame with a full IP packet: queues are measured in these, as those of the other lanes.
constexpr double FRAME_BITS = 8 * 1514;

}  // namespace

SatNode::~SatNode()
{
    for (auto& port : ports)
        cancelEvent(&port->idle);
}

void SatNode::initialize()
{
    controller = &Controller::of(this);
    number = par("number");
    queuePackets = par("queuePackets");
    queueTime = par("queueTime");
    queueLeast = par("queueLeast");
    hopLimit = par("hopLimit");
    for (int index = 0; index < gateSize("out"); index++) {
        auto port = std::make_unique<Port>();
        port->gate = gate("out", index);
        port->link = check_and_cast<SatLink *>(port->gate->getChannel());
        port->idle.setName("idle");
        port->idle.setContextPointer(port.get());
        take(&port->queue);
        take(&port->idle);
        ports.push_back(std::move(port));
    }
    controller->addNode(this, number);
}

void SatNode::handleMessage(cMessage *message)
{
    if (message->isSelfMessage())
        send(*static_cast<Port *>(message->getContextPointer()));
    else
        receive(check_and_cast<Packet *>(message));
}

void SatNode::receive(Packet *packet)
{
    auto link = check_and_cast<SatLink *>(packet->getArrivalGate()->getPreviousGate()->getChannel());
    if (controller->cutsInFlight() && link->wasCutSince(packet->getSendingTime()))
        drop(packet, Drop::CUT);
    else if (packet->hasBitError())
        drop(packet, Drop::LOSS);
    else if (packet->getTarget() == number)
        controller->flow(packet->getFlow())->arrived(packet, number);
    else {
        forwarded++;
        forward(packet);
    }
}

void SatNode::originate(Packet *packet)
{
    Enter_Method_Silent();
    take(packet);
    forward(packet);
}

void SatNode::forward(Packet *packet)
{
    int next = controller->routes().next(number, packet->getTarget());
    if (next == RouteTable::UNREACHABLE)
        return drop(packet, Drop::NO_ROUTE);
    SatLink *link = controller->link(next);
    if (link->getSourceGate()->getOwnerModule() != this)
        throw cRuntimeError("the route to node %d says link %d, which leaves another node", packet->getTarget(), next);
    // A send on a disabled channel would vanish without a trace.
    if (link->isDisabled())
        return drop(packet, Drop::NO_ROUTE);
    if (packet->getHops() == hopLimit)
        return drop(packet, Drop::HOP_LIMIT);
    Port& port = *ports[link->getPort()];
    if (port.queue.isEmpty() && !link->isBusy())
        return transmit(port, packet);
    if (port.queue.getLength() >= roomOf(port))
        return drop(packet, Drop::QUEUE);
    port.queue.insert(packet);
    longestQueue = std::max<int64_t>(longestQueue, port.queue.getLength());
    if (!port.idle.isScheduled())
        scheduleAt(std::max(simTime(), link->getTransmissionFinishTime()), &port.idle);
}

void SatNode::send(Port& port)
{
    if (port.link->isDisabled()) {
        // What is not cut goes another way, if there is one.
        while (!port.queue.isEmpty())
            forward(check_and_cast<Packet *>(port.queue.pop()));
        return;
    }
    if (port.queue.isEmpty())
        return;
    transmit(port, check_and_cast<Packet *>(port.queue.pop()));
    if (!port.queue.isEmpty())
        scheduleAt(port.link->getTransmissionFinishTime(), &port.idle);
}

void SatNode::transmit(Port& port, Packet *packet)
{
    packet->setHops(packet->getHops() + 1);
    cSimpleModule::send(packet, port.gate);
}

void SatNode::linkWentDown(int index)
{
    if (ports.empty())
        return;
    Enter_Method_Silent();
    Port& port = *ports[index];
    cancelEvent(&port.idle);
    if (!controller->cutsInFlight()) {
        // Only when the routes of this tick are in force, too.
        if (!port.queue.isEmpty())
            scheduleAt(simTime(), &port.idle);
        return;
    }
    while (!port.queue.isEmpty())
        drop(check_and_cast<Packet *>(port.queue.pop()), Drop::CUT);
}

void SatNode::drop(Packet *packet, Drop reason)
{
    controller->countDrop(reason);
    controller->flow(packet->getFlow())->dropped(reason);
    delete packet;
}

int SatNode::roomOf(const Port& port) const
{
    return queuePackets > 0 ? queuePackets : queueLeast + int(std::ceil(port.link->getDatarate() * queueTime / FRAME_BITS));
}

void SatNode::finish()
{
    if (forwarded > 0)
        recordScalar("forwarded", double(forwarded));
    if (longestQueue > 0)
        recordScalar("longestQueue", double(longestQueue));
}

}  // namespace satsim
