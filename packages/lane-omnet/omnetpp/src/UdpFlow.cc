#include "UdpFlow.h"

using namespace omnetpp;

namespace satsim {

Define_Module(UdpFlow);

namespace {

constexpr int HEADERS = 28;    // IPv4 and UDP, bytes
constexpr uint64_t SENDING_TIMES = 2;    // of random numbers, beside those of links

}  // namespace

void UdpFlow::initialize()
{
    SampledFlow::initialize();
    payload = packetBytes - HEADERS;
    if (payload <= 0)
        throw cRuntimeError("a datagram of %d bytes has no payload: headers take %d", packetBytes, HEADERS);
    meanInterval = 8.0 * payload / par("rate").doubleValue();
    poisson = par("pattern").stdstringValue() == "poisson";
    times = Random(Controller::seed(), SENDING_TIMES, number);
    if (start < stop)
        scheduleAt(start, &timer);
}

void UdpFlow::handleMessage(cMessage *message)
{
    if (handleSample(message))
        return;
    Packet *packet = makePacket(DATAGRAM, packetBytes, target);
    packet->setPayload(payload);
    packet->setSequence(datagrams++);
    countSent(packet);
    sendPacket(packet);
    simtime_t next = poisson ? simTime() + times.exponential(meanInterval) : start + meanInterval * double(datagrams);
    if (next < stop)
        scheduleAt(next, &timer);
}

void UdpFlow::arrived(Packet *packet, int)
{
    Enter_Method_Silent();
    take(packet);
    delivered++;
    countArrived(packet);
    countGoodput(packet->getPayload());
    delete packet;
}

}  // namespace satsim
