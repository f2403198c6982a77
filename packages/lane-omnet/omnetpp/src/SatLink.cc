#include "SatLink.h"

#include "Controller.h"
#include "SatNode.h"

using namespace omnetpp;

namespace satsim {

Define_Channel(SatLink);

// Of random numbers, beside those of flows.
static constexpr uint64_t LOSSES = 1;

void SatLink::initialize()
{
    cDatarateChannel::initialize();
    number = par("number");
    port = getSourceGate()->getIndex();
    target = getSourceGate()->getPathEndGate()->getOwnerModule()->par("number");
    losses = Random(Controller::seed(), LOSSES, number);
    delayPar = &par("delay");
    ratePar = &par("datarate");
    lossPar = &par("per");
    disabledPar = &par("disabled");
    Controller::of(this).addLink(this);
}

// Each parameter that is set makes the channel read all of them again: it does so once for a state.
void SatLink::handleParameterChange(const char *name)
{
    if (!muted)
        cDatarateChannel::handleParameterChange(name);
}

void SatLink::set(const LinkState& state)
{
    known = true;
    if (!state.up)
        disable();
    muted = true;
    double delay = state.delayNs * 1e-9;
    double rate = static_cast<double>(state.rateBps);
    loss = state.lossPpb * 1e-9;
    if (delayPar->doubleValue() != delay)
        delayPar->setDoubleValue(delay);
    // A channel of rate 0 does not know how long a packet lasts; such a link is down.
    if (rate > 0 && ratePar->doubleValue() != rate)
        ratePar->setDoubleValue(rate);
    if (lossPar->doubleValue() != loss)
        lossPar->setDoubleValue(loss);
    if (state.up && disabledPar->boolValue())
        disabledPar->setBoolValue(false);
    muted = false;
    rereadPars();
}

void SatLink::remove()
{
    known = false;
    disable();
}

void SatLink::disable()
{
    if (disabledPar->boolValue())
        return;
    disabledPar->setBoolValue(true);
    cutAt = simTime();
    // What is lost on its way keeps no later packet from arriving.
    if (Controller::of(this).cutsInFlight())
        lastArrival = 0;
    if (auto node = dynamic_cast<SatNode *>(getSourceGate()->getOwnerModule()))
        node->linkWentDown(port);
}

cChannel::Result SatLink::processMessage(cMessage *message, const SendOptions& options, simtime_t t)
{
    Result result = cDatarateChannel::processMessage(message, options, t);
    if (result.discard)
        return result;
    // Which packets a link loses depends on no other link's traffic; the mark is all that `per` is for.
    if (message->isPacket())
        static_cast<cPacket *>(message)->setBitError(loss > 0 && losses.uniform() < loss);
    // A delay that fell would let this packet arrive before those that left earlier.
    simtime_t arrival = t + result.delay + result.duration;
    if (arrival < lastArrival)
        result.delay += lastArrival - arrival;
    else
        lastArrival = arrival;
    return result;
}

}  // namespace satsim
