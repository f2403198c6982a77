#ifndef SATSIM_LINKTRACE_H
#define SATSIM_LINKTRACE_H

#include <vector>

#include "LinkState.h"
#include "TraceLines.h"

namespace satsim {

/// What rows of both traces begin with.
struct TickTime
{
    int64_t tick = -1;
    int64_t timeMs = -1;
};

/// Reads links.trace, one row ahead.
class LinkTrace
{
  public:
    struct Row
    {
        int link;
        bool leaves;
        LinkState state;
    };

    LinkTrace(const std::string& file, int linkCount);
    bool hasNext() const { return more; }
    /// When the next row takes force.
    const TickTime& time() const { return at; }
    const Row& row() const { return current; }
    /// Goes on to the next row; a row that is not right is an error that names file and line.
    void advance();

  private:
    TraceLines lines;
    std::vector<int64_t> lastTick;    // in which a link had a row
    TickTime at;
    Row current;
    bool more = true;
};

/// Reads routes.trace, one row ahead.
class RouteTrace
{
  public:
    struct Row
    {
        int node;
        int destination;
        int link;
    };

    RouteTrace(const std::string& file, int nodeCount, int linkCount);
    bool hasNext() const { return more; }
    const TickTime& time() const { return at; }
    const Row& row() const { return current; }
    void advance();

  private:
    TraceLines lines;
    int nodeCount;
    int linkCount;
    TickTime at;
    Row current;
    bool more = true;
};

}  // namespace satsim

#endif
