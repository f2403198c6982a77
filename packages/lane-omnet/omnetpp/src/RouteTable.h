#ifndef SATSIM_ROUTETABLE_H
#define SATSIM_ROUTETABLE_H

#include <cstdint>
#include <vector>

namespace satsim {

/// Next links by destination and node, as the trace says them.
class RouteTable
{
  public:
    static constexpr int UNREACHABLE = -1;

    explicit RouteTable(int nodeCount = 0) : nodeCount(nodeCount), destinationIndex(nodeCount, -1) {}

    void set(int node, int destination, int link)
    {
        int& index = destinationIndex[destination];
        if (index < 0) {
            index = static_cast<int>(links.size() / nodeCount);
            links.resize(links.size() + nodeCount, UNREACHABLE);
        }
        links[size_t(index) * nodeCount + node] = link;
    }

    /// Number of the link that the node sends on.
    int next(int node, int destination) const
    {
        int index = destinationIndex[destination];
        return index < 0 ? UNREACHABLE : links[size_t(index) * nodeCount + node];
    }

  private:
    int nodeCount;
    std::vector<int> destinationIndex;
    std::vector<int32_t> links;
};

}  // namespace satsim

#endif
