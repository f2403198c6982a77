#ifndef SATSIM_RETRANSMISSIONTIME_H
#define SATSIM_RETRANSMISSIONTIME_H

#include <algorithm>
#include <cmath>

namespace satsim {

/// The retransmission timeout by RFC 6298, in seconds.
class RetransmissionTime
{
  public:
    explicit RetransmissionTime(double least) : least(least) {}

    double timeout() const { return std::min(MOST, rto * double(1 << backoff)); }

    void measured(double rtt)
    {
        if (smoothed < 0) {
            smoothed = rtt;
            variation = rtt / 2;
        }
        else {
            variation = 0.75 * variation + 0.25 * std::fabs(smoothed - rtt);
            smoothed = 0.875 * smoothed + 0.125 * rtt;
        }
        rto = std::max(least, smoothed + 4 * variation);
        backoff = 0;
    }

    /// It expired: the next one is twice as long.
    void expired() { backoff = std::min(backoff + 1, 6); }

  private:
    static constexpr double MOST = 60;

    double least;
    double smoothed = -1;
    double variation = 0;
    double rto = 1;
    int backoff = 0;
};

}  // namespace satsim

#endif
