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

/// What is the same in both traces: rows come by time, and are read one ahead.
class Trace
{
  public:
    bool hasNext() const { return more; }
    /// When the next row takes force.
    const TickTime& time() const { return at; }

  protected:
    TraceLines lines;
    TickTime at;
    bool more = true;

    Trace(const std::string& file, const char *header) : lines(file, header) {}
    /// Goes on to the next row and reads its time; false after the last one.
    bool nextTime();
};

/// links.trace
class LinkTrace : public Trace
{
  public:
    struct Row
    {
        int link;
        bool leaves;
        LinkState state;
    };

    LinkTrace(const std::string& file, int linkCount);
    const Row& row() const { return current; }
    /// Goes on to the next row; a row that is not right is an error that names file and line.
    void advance();

  private:
    std::vector<int64_t> lastTick;    // in which a link had a row
    Row current;
};

/// routes.trace
class RouteTrace : public Trace
{
  public:
    struct Row
    {
        int node;
        int destination;
        int link;
    };

    RouteTrace(const std::string& file, int nodeCount, int linkCount);
    const Row& row() const { return current; }
    void advance();

  private:
    int nodeCount;
    int linkCount;
    Row current;
};

}  // namespace satsim

#endif
