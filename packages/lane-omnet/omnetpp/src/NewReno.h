#ifndef SATSIM_NEWRENO_H
#define SATSIM_NEWRENO_H

#include <algorithm>
#include <cstdint>

namespace satsim {

/// What a TCP sender may have on its way: slow start, congestion avoidance, fast retransmit and fast recovery of RFC 5681
/// with the NewReno changes of RFC 6582, limited transmit of RFC 3042, initial window of RFC 6928. All in bytes; sequence
/// numbers count from 0 and do not wrap.
class NewReno
{
  public:
    explicit NewReno(int mss) : mss(mss), cwnd(std::min(10 * mss, std::max(2 * mss, 14600))) {}

    /// Bytes that may be unacknowledged.
    int64_t window() const { return cwnd + (recovering ? 0 : std::min(duplicates, 2) * mss); }
    int64_t congestionWindow() const { return cwnd; }
    int64_t slowStartThreshold() const { return ssthresh; }
    bool isRecovering() const { return recovering; }

    /// New data was acknowledged up to `ack`, `acked` bytes of it; `flight` is what is left.
    /// Returns whether the first unacknowledged segment is to be sent again (a partial acknowledgment).
    bool newAck(int64_t ack, int64_t acked, int64_t flight)
    {
        duplicates = 0;
        if (!recovering) {
            grow(acked, flight);
            return false;
        }
        if (ack >= recover) {
            // RFC 6582, 3.2, step 3, full acknowledgment, (1)
            cwnd = std::min(ssthresh, std::max<int64_t>(flight, mss) + mss);
            recovering = false;
            return false;
        }
        cwnd = std::max<int64_t>(cwnd - acked + (acked >= mss ? mss : 0), mss);
        return true;
    }

    /// An acknowledgment that says `una` once more while `flight` bytes are on their way, up to `highest`.
    /// Returns whether the segment at `una` is to be sent again.
    bool duplicateAck(int64_t una, int64_t highest, int64_t flight)
    {
        if (recovering) {
            cwnd += mss;
            return false;
        }
        duplicates++;
        if (duplicates == 1)
            flightAtFirst = flight;    // what limited transmit adds does not count
        // RFC 6582, 3.2, step 2: not for what was sent again after a timeout.
        if (duplicates != 3 || una <= recover)
            return false;
        ssthresh = std::max<int64_t>(flightAtFirst / 2, 2 * mss);
        recover = highest;
        cwnd = ssthresh + 3 * mss;
        recovering = true;
        return true;
    }

    /// The retransmission timer expired; `again` when it did before for the same data.
    void timeout(int64_t highest, int64_t flight, bool again)
    {
        // RFC 5681, 3.1: no more than half the flight. In recovery much of what is unacknowledged has arrived, and the window was
        // halved for this loss already.
        int64_t half = std::max<int64_t>(flight / 2, 2 * mss);
        if (!again)
            ssthresh = recovering ? std::min(ssthresh, half) : half;
        cwnd = mss;
        recover = highest;
        recovering = false;
        duplicates = 0;
        ackedInAvoidance = 0;
    }

  private:
    int mss;
    int64_t cwnd;
    int64_t ssthresh = INT64_MAX / 2;
    int64_t recover = -1;
    int64_t flightAtFirst = 0;
    int64_t ackedInAvoidance = 0;
    int duplicates = 0;
    bool recovering = false;

    void grow(int64_t acked, int64_t flight)
    {
        // A window that the application does not fill says nothing of the network.
        if (flight + acked + mss < cwnd)
            return;
        if (cwnd < ssthresh) {
            cwnd += std::min<int64_t>(acked, mss);    // RFC 5681, (2)
            return;
        }
        ackedInAvoidance += acked;    // RFC 5681, 3.1: counting bytes, one segment for each window
        if (ackedInAvoidance >= cwnd) {
            ackedInAvoidance -= cwnd;
            cwnd += mss;
        }
    }
};

}  // namespace satsim

#endif
