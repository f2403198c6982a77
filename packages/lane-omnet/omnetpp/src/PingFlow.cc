#include "PingFlow.h"

using namespace omnetpp;

namespace satsim {

Define_Module(PingFlow);

void PingFlow::initialize()
{
    Flow::initialize();
    interval = par("interval");
    if (interval <= SIMTIME_ZERO)
        throw cRuntimeError("the interval of a ping is more than 0 s");
    if (start < stop)
        scheduleAt(start, &timer);
}

void PingFlow::handleMessage(cMessage *)
{
    newSample();
    Packet *request = makePacket(ECHO_REQUEST, packetBytes, target);
    request->setSequence(requests++);
    sendPacket(request);
    simtime_t next = start + interval * requests;
    if (next < stop)
        scheduleAt(next, &timer);
}

void PingFlow::arrived(Packet *packet, int)
{
    Enter_Method_Silent();
    take(packet);
    delivered++;
    Sample& sample = sampleList[packet->getSequence()];
    if (packet->getKind() == ECHO_REQUEST) {
        simtime_t delay = simTime() - packet->getSentAt();
        sample.oneWayDelay = delay.dbl();
        recordDelay(delay);
        Packet *reply = makePacket(ECHO_REPLY, packetBytes, source);
        reply->setSequence(packet->getSequence());
        reply->setEcho(packet->getSentAt());
        sendPacket(reply);
    }
    else {
        simtime_t rtt = simTime() - packet->getEcho();
        sample.rtt = rtt.dbl();
        recordRoundTrip(rtt);
    }
    delete packet;
}

void PingFlow::conclude()
{
    for (Sample& sample : sampleList) {
        sample.loss = sample.rtt ? 0.0 : 1.0;
        if (!sample.rtt)
            sample.oneWayDelay.reset();
    }
}

}  // namespace satsim
