#ifndef SATSIM_RANDOM_H
#define SATSIM_RANDOM_H

#include <cmath>
#include <cstdint>

namespace satsim {

/// A stream of random numbers of its own for each link and flow, so that one's traffic does not change another's loss:
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), which needs 8 bytes where a Mersenne Twister needs 2.5 KB.
class Random
{
  public:
    Random() = default;
    /// @param purpose keeps streams of things of different kinds apart
    Random(uint64_t seed, uint64_t purpose, uint64_t number) : state(mix(mix(mix(seed) + purpose) + number)) {}

    /// From 0 to below 1.
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    double exponential(double mean) { return -mean * std::log1p(-uniform()); }

  private:
    uint64_t state = 0;

    uint64_t next()
    {
        state += 0x9e3779b97f4a7c15;
        return mix(state);
    }

    static uint64_t mix(uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
};

}  // namespace satsim

#endif
