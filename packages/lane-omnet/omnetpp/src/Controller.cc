#include "Controller.h"

#include <algorithm>
#include <cstdlib>

#include "Flow.h"
#include "ResultFile.h"
#include "SatLink.h"
#include "SatNode.h"

using namespace omnetpp;

namespace satsim {

Define_Module(Controller);

namespace {

// Before whatever else happens at the same time.
constexpr short FIRST = -100;

template <typename T>
void put(std::vector<T *>& all, T *one, int number, const char *what)
{
    if (number < 0)
        throw cRuntimeError("%s %s has no number", what, one->getFullPath().c_str());
    if (all.size() <= size_t(number))
        all.resize(number + 1, nullptr);
    if (all[number] != nullptr)
        throw cRuntimeError("%s and %s are both %s %d", all[number]->getFullPath().c_str(), one->getFullPath().c_str(), what, number);
    all[number] = one;
}

template <typename T>
void expectAll(const std::vector<T *>& all, const char *what)
{
    for (size_t number = 0; number < all.size(); number++)
        if (all[number] == nullptr)
            throw cRuntimeError("there is no %s %d, though %d are numbered", what, int(number), int(all.size()));
}

}  // namespace

const char *nameOf(Drop reason)
{
    static const char *const NAMES[] = {"cut_packets", "lost_packets", "queue_drops", "no_route", "hop_limit"};
    return NAMES[static_cast<int>(reason)];
}

Controller& Controller::of(const cComponent *component)
{
    return *check_and_cast<Controller *>(component->getSystemModule()->getSubmodule("controller"));
}

uint64_t Controller::seed()
{
    return std::strtoull(cSimulation::getActiveEnvir()->getConfigEx()->getVariable(CFGVAR_SEEDSET), nullptr, 10);
}

void Controller::addNode(SatNode *node, int number) { put(nodes, node, number, "node"); }
void Controller::addLink(SatLink *link) { put(links, link, link->getNumber(), "link"); }
void Controller::addFlow(Flow *flow, int number) { put(flows, flow, number, "flow"); }

void Controller::initialize(int stage)
{
    if (stage == 0) {
        tickMessage.setSchedulingPriority(FIRST);
        cuts = par("inFlight").stdstringValue() == "cut";
        reportTick = par("reportTick");
        return;
    }
    expectAll(nodes, "node");
    expectAll(links, "link");
    expectAll(flows, "flow");
    routeTable = RouteTable(int(nodes.size()));
    linkTrace = std::make_unique<LinkTrace>(par("traceFile").stdstringValue(), int(links.size()));
    std::string routesFile = par("routesFile").stdstringValue();
    if (!routesFile.empty())
        routeTrace = std::make_unique<RouteTrace>(routesFile, int(nodes.size()), int(links.size()));
    scheduleNext();
}

// One tick is read ahead: it takes force at its time, before any packet of that time.
void Controller::scheduleNext()
{
    int64_t timeMs = INT64_MAX;
    if (linkTrace->hasNext())
        timeMs = std::min(timeMs, linkTrace->time().timeMs);
    if (routeTrace && routeTrace->hasNext())
        timeMs = std::min(timeMs, routeTrace->time().timeMs);
    if (timeMs != INT64_MAX)
        scheduleAt(SimTime(timeMs, SIMTIME_MS), &tickMessage);
}

void Controller::handleMessage(cMessage *)
{
    int64_t nowMs = simTime().inUnit(SIMTIME_MS);
    bool hasLinks = linkTrace->hasNext() && linkTrace->time().timeMs == nowMs;
    tick = hasLinks ? linkTrace->time().tick : routeTrace->time().tick;
    if (!reported && reportTick >= 0 && tick > reportTick)
        reportLinks();
    for (; linkTrace->hasNext() && linkTrace->time().timeMs == nowMs; linkTrace->advance(), linkRows++) {
        const LinkTrace::Row& row = linkTrace->row();
        if (row.leaves)
            links[row.link]->remove();
        else
            links[row.link]->set(row.state);
    }
    for (; routeTrace && routeTrace->hasNext() && routeTrace->time().timeMs == nowMs; routeTrace->advance(), routeRows++) {
        const RouteTrace::Row& row = routeTrace->row();
        routeTable.set(row.node, row.destination, row.link);
    }
    scheduleNext();
}

std::vector<int> Controller::path(int source, int target) const
{
    std::vector<int> way{source};
    while (way.back() != target) {
        int number = routeTable.next(way.back(), target);
        // Routes of one tick make no loop; a trace by somebody else might.
        if (number == RouteTable::UNREACHABLE || way.size() > nodes.size())
            return {};
        way.push_back(links[number]->targetNode());
    }
    return way;
}

void Controller::finish()
{
    if (!reported)
        reportLinks();
    ResultFile samples(resultFile("samples.csv"), "flow,t_s,rtt_s,one_way_delay_s,loss,goodput_bps,hops,path");
    int64_t sent = 0, delivered = 0;
    for (Flow *flow : flows) {
        flow->conclude();
        for (const Sample& sample : flow->samples())
            samples.write(sample);
        sent += flow->sentPackets();
        delivered += flow->deliveredPackets();
    }
    samples.close();

    ResultFile counters(resultFile("counters.csv"), "name,value");
    auto count = [&](const char *name, int64_t value) {
        counters.write(name, value);
        recordScalar(name, double(value));
    };
    count("link_rows", linkRows);
    count("route_rows", routeRows);
    count("sent_packets", sent);
    count("delivered_packets", delivered);
    for (int reason = 0; reason < static_cast<int>(Drop::COUNT); reason++)
        count(nameOf(Drop(reason)), drops[reason]);
    counters.close();
}

void Controller::reportLinks()
{
    reported = true;
    ResultFile applied(resultFile("applied.csv"), "tick,link,up,delay_s,rate_bps,loss");
    for (const SatLink *link : links)
        if (link->isKnown())
            applied.write(reportTick < 0 ? tick : reportTick, *link);
    applied.close();
}

std::string Controller::resultFile(const char *name)
{
    return par("resultsFolder").stdstringValue() + "/" + name;
}

void Controller::refreshDisplay() const
{
    getDisplayString().setTagArg("t", 0, ("tick " + std::to_string(tick)).c_str());
}

}  // namespace satsim
