#include "LinkTrace.h"

#include <string>

namespace satsim {

namespace {

constexpr int64_t PPB = 1000000000;

int numberBelow(TraceLines& lines, const char *name, int64_t least, int64_t count)
{
    int64_t number = lines.integer(name);
    if (number < least || number >= count)
        lines.fault(std::string(name) + " " + std::to_string(number) + " is not in the network, which has " + std::to_string(count));
    return static_cast<int>(number);
}

}  // namespace

bool Trace::nextTime()
{
    more = lines.next();
    if (!more)
        return false;
    TickTime next;
    next.tick = lines.integer("tick");
    next.timeMs = lines.fixed("t_s", 3);
    if (next.tick < 0 || next.timeMs < 0)
        lines.fault("tick and t_s count from t0");
    if (next.tick < at.tick)
        lines.fault("tick " + std::to_string(next.tick) + " comes after tick " + std::to_string(at.tick));
    if (next.tick == at.tick ? next.timeMs != at.timeMs : next.timeMs <= at.timeMs)
        lines.fault("t_s does not fit: the row before it has tick " + std::to_string(at.tick) + " at " + std::to_string(at.timeMs) + " ms");
    at = next;
    return true;
}

LinkTrace::LinkTrace(const std::string& file, int linkCount)
    : Trace(file, "#satsim-links 1 tick,t_s,link,up,delay_s,rate_bps,loss"), lastTick(linkCount, -1)
{
    advance();
}

void LinkTrace::advance()
{
    if (!nextTime())
        return;
    current.link = numberBelow(lines, "link", 0, static_cast<int64_t>(lastTick.size()));
    if (lastTick[current.link] == at.tick)
        lines.fault("link " + std::to_string(current.link) + " has two rows in tick " + std::to_string(at.tick));
    lastTick[current.link] = at.tick;
    LinkState& state = current.state;
    int64_t up = lines.integer("up");
    if (up != 0 && up != 1)
        lines.fault("up is neither 0 nor 1: " + std::to_string(up));
    state.up = up == 1;
    current.leaves = lines.empty();
    if (current.leaves) {
        if (state.up || !lines.empty() || !lines.empty())
            lines.fault("a link that leaves has up 0 and nothing more, any other a delay, a rate and a loss");
    }
    else {
        state.delayNs = lines.fixed("delay_s", 9);
        state.rateBps = lines.integer("rate_bps");
        state.lossPpb = lines.fixed("loss", 9);
        if (state.delayNs < 0 || state.rateBps < 0)
            lines.fault("a delay or a rate is below 0");
        if (state.lossPpb < 0 || state.lossPpb > PPB)
            lines.fault("loss is a share, 0 to 1");
        if (state.up && state.rateBps == 0)
            lines.fault("link " + std::to_string(current.link) + " is up with rate 0");
    }
    lines.end();
}

RouteTrace::RouteTrace(const std::string& file, int nodeCount, int linkCount)
    : Trace(file, "#satsim-routes 1 tick,t_s,node,destination,link"), nodeCount(nodeCount), linkCount(linkCount)
{
    advance();
}

void RouteTrace::advance()
{
    if (!nextTime())
        return;
    current.node = numberBelow(lines, "node", 0, nodeCount);
    current.destination = numberBelow(lines, "destination", 0, nodeCount);
    current.link = numberBelow(lines, "link", -1, linkCount);
    lines.end();
}

}  // namespace satsim
