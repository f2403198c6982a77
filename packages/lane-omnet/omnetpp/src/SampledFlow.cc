#include "SampledFlow.h"

#include <algorithm>

using namespace omnetpp;

namespace satsim {

void SampledFlow::initialize()
{
    Flow::initialize();
    if (sampleInterval <= SIMTIME_ZERO)
        throw cRuntimeError("the sampleInterval of a flow is more than 0 s");
    sampleTimer.setSchedulingPriority(BEFORE_PACKETS);
    int64_t ticks = start.raw() / sampleInterval.raw() + (start.raw() % sampleInterval.raw() == 0 ? 0 : 1);
    if (sampleInterval * ticks < stop)
        scheduleAt(sampleInterval * ticks, &sampleTimer);
}

bool SampledFlow::handleSample(cMessage *message)
{
    if (message != &sampleTimer)
        return false;
    newSample();
    counts.emplace_back();
    if (simTime() + sampleInterval < stop)
        scheduleAt(simTime() + sampleInterval, &sampleTimer);
    return true;
}

// Of the last sample, as long as its tick lasts.
SampledFlow::Count *SampledFlow::current()
{
    return counts.empty() || simTime() >= sampleList.back().time + sampleInterval ? nullptr : &counts.back();
}

void SampledFlow::countSent(Packet *packet)
{
    Count *count = current();
    if (count == nullptr)
        return;
    count->sent++;
    packet->setInterval(int(counts.size()) - 1);
}

void SampledFlow::countArrived(const Packet *packet)
{
    simtime_t delay = simTime() - packet->getSentAt();
    recordDelay(delay);
    if (packet->getInterval() < 0)
        return;
    Count& count = counts[packet->getInterval()];
    count.arrived++;
    count.delays += delay.dbl();
}

void SampledFlow::countGoodput(int64_t bytes)
{
    Count *count = simTime() < stop ? current() : nullptr;
    if (count != nullptr)
        count->bytes += bytes;
}

void SampledFlow::countRoundTrip(simtime_t rtt)
{
    recordRoundTrip(rtt);
    if (Count *count = current()) {
        count->roundTrips += rtt.dbl();
        count->roundTripCount++;
    }
}

void SampledFlow::conclude()
{
    for (size_t index = 0; index < counts.size(); index++) {
        const Count& count = counts[index];
        Sample& sample = sampleList[index];
        simtime_t length = std::min(sampleInterval, stop - sample.time);
        sample.goodput = 8.0 * double(count.bytes) / length.dbl();
        if (count.sent > 0)
            sample.loss = 1.0 - double(count.arrived) / double(count.sent);
        else if (sample.path.empty() && count.bytes == 0)
            sample.loss = 1.0;    // no way, and so nothing was sent
        if (count.arrived > 0)
            sample.oneWayDelay = count.delays / double(count.arrived);
        if (count.roundTripCount > 0 && sample.loss != 1.0)
            sample.rtt = count.roundTrips / double(count.roundTripCount);
    }
}

}  // namespace satsim
