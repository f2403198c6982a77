#pragma once

#include "ns3/data-rate.h"
#include "ns3/node.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/queue.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <array>

/// What happened to packets on links.
struct LinkCounters
{
    std::uint64_t cutPackets = 0;
    std::uint64_t lostPackets = 0;
    std::uint64_t refusedPackets = 0;
};

/// State of one direction, as a row of the trace has it.
struct LinkState
{
    bool up = false;
    std::int64_t delayNs = 0;
    std::uint64_t rateBps = 0;
    /// Billionths.
    std::int64_t lossPpb = 0;
};

/// How much a queue holds: so many packets, and those that its link sends in so much time.
struct QueueRule
{
    std::uint32_t packets = 0;
    double seconds = 0;

    std::uint32_t Limit(std::uint64_t rateBps) const
    {
        constexpr double FRAME_BITS = 8.0 * 1514;
        constexpr double MOST = 10'000'000;
        return static_cast<std::uint32_t>(std::min(MOST, packets + std::ceil(static_cast<double>(rateBps) * seconds / FRAME_BITS)));
    }
};

/// A link between two nodes whose directions have each their own delay, rate and loss, and can be up or down.
///
/// Packets on a direction never overtake each other; those on their way keep their time when the delay changes, and are
/// lost when the direction goes down.
class SatChannel : public ns3::PointToPointChannel
{
  public:
    void Connect(ns3::Ptr<ns3::PointToPointNetDevice> a,
                 ns3::Ptr<ns3::PointToPointNetDevice> b,
                 std::int64_t firstStream,
                 QueueRule queue,
                 LinkCounters& counters)
    {
        a->Attach(this);
        b->Attach(this);
        m_directions[0].device = a;
        m_directions[1].device = b;
        m_queue = queue;
        m_counters = &counters;
        for (auto i : {0, 1})
        {
            m_directions[i].random = ns3::CreateObject<ns3::UniformRandomVariable>();
            m_directions[i].random->SetStream(firstStream + i);
        }
    }

    /// Brings one direction into a state: 0 leads from the first device to the second.
    void Set(int direction, const LinkState& next)
    {
        auto& d = m_directions[direction];
        if (!next.up)
        {
            Cut(d);
        }
        d.known = true;
        d.up = next.up;
        d.delay = ns3::NanoSeconds(next.delayNs);
        d.lossPpb = next.lossPpb;
        d.rateBps = next.rateBps;
        // A rate of nothing is no rate to ns-3; such a link is down.
        if (next.rateBps > 0)
        {
            d.device->SetDataRate(ns3::DataRate(next.rateBps));
            const auto queue = d.device->GetQueue();
            const auto limit = std::max(m_queue.Limit(next.rateBps), queue->GetNPackets());
            queue->SetMaxSize(ns3::QueueSize(ns3::PACKETS, limit));
        }
    }

    /// Takes one direction away.
    void Remove(int direction)
    {
        auto& d = m_directions[direction];
        Cut(d);
        d.known = false;
        d.up = false;
    }

    bool IsKnown(int direction) const
    {
        return m_directions[direction].known;
    }

    /// What is in force, read where ns-3 itself reads it.
    LinkState Get(int direction) const
    {
        const auto& d = m_directions[direction];
        LinkState state;
        state.up = d.up;
        state.delayNs = d.delay.GetNanoSeconds();
        state.lossPpb = d.lossPpb;
        state.rateBps = d.rateBps;
        if (d.up)
        {
            ns3::DataRateValue rate;
            d.device->GetAttribute("DataRate", rate);
            state.rateBps = rate.Get().GetBitRate();
        }
        return state;
    }

    std::uint64_t GetQueueDrops() const
    {
        std::uint64_t drops = 0;
        for (const auto& d : m_directions)
        {
            drops += d.device->GetQueue()->GetTotalDroppedPacketsBeforeEnqueue();
        }
        return drops;
    }

    bool TransmitStart(ns3::Ptr<const ns3::Packet> packet, ns3::Ptr<ns3::PointToPointNetDevice> from, ns3::Time txTime) override
    {
        const int direction = from == m_directions[0].device ? 0 : 1;
        auto& d = m_directions[direction];
        if (!d.up)
        {
            ++m_counters->refusedPackets;
            return false;
        }
        if (d.lossPpb > 0 && d.random->GetValue() * 1e9 < static_cast<double>(d.lossPpb))
        {
            ++m_counters->lostPackets;
            return true;
        }
        d.lastArrival = std::max(ns3::Simulator::Now() + txTime + d.delay, d.lastArrival);
        ++d.onTheWay;
        ns3::Simulator::ScheduleWithContext(m_directions[1 - direction].device->GetNode()->GetId(),
                                            d.lastArrival - ns3::Simulator::Now(),
                                            &SatChannel::Arrive,
                                            ns3::Ptr<SatChannel>(this),
                                            direction,
                                            d.cuts,
                                            packet->Copy());
        return true;
    }

  private:
    struct Direction
    {
        ns3::Ptr<ns3::PointToPointNetDevice> device;
        ns3::Ptr<ns3::UniformRandomVariable> random;
        bool known = false;
        bool up = false;
        ns3::Time delay;
        std::uint64_t rateBps = 0;
        std::int64_t lossPpb = 0;
        ns3::Time lastArrival;
        std::uint64_t onTheWay = 0;
        /// Counts how often it was cut: packets sent before the last time never arrive.
        std::uint32_t cuts = 0;
    };

    void Arrive(int direction, std::uint32_t cuts, ns3::Ptr<ns3::Packet> packet)
    {
        auto& d = m_directions[direction];
        if (cuts != d.cuts)
        {
            return;
        }
        --d.onTheWay;
        m_directions[1 - direction].device->Receive(packet);
    }

    void Cut(Direction& d)
    {
        const auto queue = d.device->GetQueue();
        m_counters->cutPackets += d.onTheWay + queue->GetNPackets();
        queue->Flush();
        d.onTheWay = 0;
        d.lastArrival = ns3::Time();
        ++d.cuts;
    }

    std::array<Direction, 2> m_directions;
    QueueRule m_queue;
    LinkCounters* m_counters = nullptr;
};
