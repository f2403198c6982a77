#include "Flow.h"

#include "SatNode.h"

using namespace omnetpp;

namespace satsim {

void Flow::initialize()
{
    controller = &Controller::of(this);
    number = par("number");
    source = par("source");
    target = par("target");
    packetBytes = par("packetBytes");
    start = par("start");
    stop = par("stop");
    sampleInterval = par("sampleInterval");
    controller->addFlow(this, number);
}

Packet *Flow::makePacket(PacketKind kind, int bytes, int to) const
{
    auto packet = new Packet(getName(), kind);
    packet->setByteLength(bytes);
    packet->setFlow(number);
    packet->setTarget(to);
    packet->setSentAt(simTime());
    return packet;
}

void Flow::sendPacket(Packet *packet)
{
    sent++;
    controller->node(packet->getTarget() == target ? source : target)->originate(packet);
}

Sample& Flow::newSample()
{
    sampleList.push_back(Sample{number, simTime(), {}, {}, {}, {}, controller->path(source, target)});
    return sampleList.back();
}

void Flow::finish()
{
    recordScalar("sent", double(sent));
    recordScalar("delivered", double(delivered));
    for (int reason = 0; reason < static_cast<int>(Drop::COUNT); reason++)
        if (drops[reason] > 0)
            recordScalar(nameOf(Drop(reason)), double(drops[reason]));
}

}  // namespace satsim
