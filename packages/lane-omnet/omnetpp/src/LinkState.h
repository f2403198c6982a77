#ifndef SATSIM_LINKSTATE_H
#define SATSIM_LINKSTATE_H

#include <cstdint>

namespace satsim {

/// What the trace says of a link, in whole units.
struct LinkState
{
    bool up;
    int64_t delayNs;
    int64_t rateBps;
    int64_t lossPpb;    // billionths
};

}  // namespace satsim

#endif
