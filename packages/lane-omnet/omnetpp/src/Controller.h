#ifndef SATSIM_CONTROLLER_H
#define SATSIM_CONTROLLER_H

#include <memory>
#include <vector>

#include <omnetpp.h>

#include "LinkTrace.h"
#include "RouteTable.h"

namespace satsim {

class Flow;
class SatLink;
class SatNode;

/// Why a packet did not arrive.
enum class Drop { CUT, LOSS, QUEUE, NO_ROUTE, HOP_LIMIT, COUNT };

/// What stands for a reason in results.
const char *nameOf(Drop reason);

/// Plays the traces and knows everybody by number; see Controller.ned.
class Controller : public omnetpp::cSimpleModule
{
  public:
    virtual ~Controller() { cancelEvent(&tickMessage); }
    /// The one of the network that a component is in.
    static Controller& of(const omnetpp::cComponent *component);
    static uint64_t seed();

    void addNode(SatNode *node, int number);
    void addLink(SatLink *link);
    void addFlow(Flow *flow, int number);

    SatNode *node(int number) const { return nodes[number]; }
    SatLink *link(int number) const { return links[number]; }
    Flow *flow(int number) const { return flows[number]; }
    const RouteTable& routes() const { return routeTable; }
    bool cutsInFlight() const { return cuts; }
    /// Nodes from source to target by the routes in force; empty when there is no way.
    std::vector<int> path(int source, int target) const;
    void countDrop(Drop reason) { drops[static_cast<int>(reason)]++; }

  protected:
    virtual int numInitStages() const override { return 2; }
    virtual void initialize(int stage) override;
    virtual void handleMessage(omnetpp::cMessage *message) override;
    virtual void finish() override;
    virtual void refreshDisplay() const override;

  private:
    std::vector<SatNode *> nodes;
    std::vector<SatLink *> links;
    std::vector<Flow *> flows;
    std::unique_ptr<LinkTrace> linkTrace;
    std::unique_ptr<RouteTrace> routeTrace;
    RouteTable routeTable;
    omnetpp::cMessage tickMessage{"tick"};
    bool cuts = true;
    bool reported = false;
    int64_t reportTick = -1;
    int64_t tick = -1;
    int64_t linkRows = 0;
    int64_t routeRows = 0;
    int64_t drops[static_cast<int>(Drop::COUNT)] = {};

    void scheduleNext();
    void reportLinks();
    std::string resultFile(const char *name);
};

}  // namespace satsim

#endif
