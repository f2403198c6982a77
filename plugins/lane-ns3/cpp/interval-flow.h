#pragma once

#include "flow.h"

#include "ns3/tag.h"

/// When a packet was sent, and in which interval of its flow.
class SentTag : public ns3::Tag
{
  public:
    std::int64_t sentNs = 0;
    std::uint32_t interval = 0;

    static ns3::TypeId GetTypeId()
    {
        static const ns3::TypeId id = ns3::TypeId("satsim::SentTag").SetParent<ns3::Tag>().AddConstructor<SentTag>();
        return id;
    }

    ns3::TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    std::uint32_t GetSerializedSize() const override
    {
        return 12;
    }

    void Serialize(ns3::TagBuffer buffer) const override
    {
        buffer.WriteU64(static_cast<std::uint64_t>(sentNs));
        buffer.WriteU32(interval);
    }

    void Deserialize(ns3::TagBuffer buffer) override
    {
        sentNs = static_cast<std::int64_t>(buffer.ReadU64());
        interval = buffer.ReadU32();
    }

    void Print(std::ostream& stream) const override
    {
        stream << interval;
    }
};

/// A flow that is measured by ticks: one sample for each tick at which it is on.
class IntervalFlow : public Flow
{
  public:
    IntervalFlow(FlowSpec spec, Network& network, const FlowSettings& settings)
        : Flow(std::move(spec), network, settings),
          m_firstTick((m_spec.startNs + settings.dtNs - 1) / settings.dtNs)
    {
        for (auto tick = m_firstTick; tick < settings.ticks && tick * settings.dtNs < m_spec.stopNs; ++tick)
        {
            m_intervals.emplace_back();
            At(tick * settings.dtNs, &IntervalFlow::Look, this);
        }
    }

    std::vector<Sample> Samples() override
    {
        std::vector<Sample> samples;
        for (std::size_t i = 0; i < m_intervals.size(); ++i)
        {
            auto& interval = m_intervals[i];
            Sample sample;
            sample.timeNs = (m_firstTick + static_cast<std::int64_t>(i)) * m_settings.dtNs;
            const auto lengthNs = std::min(m_settings.dtNs, m_spec.stopNs - sample.timeNs);
            sample.goodputBps = static_cast<double>(interval.deliveredBytes) * 8e9 / static_cast<double>(lengthNs);
            if (interval.sent > 0)
            {
                sample.loss = 1 - static_cast<double>(interval.arrived) / static_cast<double>(interval.sent);
            }
            else if (interval.path.empty() && interval.deliveredBytes == 0)
            {
                // No way, and so nothing was sent: an outage.
                sample.loss = 1;
            }
            if (interval.arrived > 0)
            {
                sample.oneWayDelayNs = interval.delaysNs / static_cast<std::int64_t>(interval.arrived);
            }
            if (interval.rtts > 0 && sample.loss != 1)
            {
                sample.rttNs = interval.rttsNs / static_cast<std::int64_t>(interval.rtts);
            }
            sample.path = std::move(interval.path);
            samples.push_back(std::move(sample));
        }
        return samples;
    }

  protected:
    /// To be put on a packet that is sent now.
    SentTag Sent()
    {
        SentTag tag;
        tag.sentNs = NowNs();
        tag.interval = static_cast<std::uint32_t>(NowInterval());
        if (auto* interval = IntervalAt(tag.interval))
        {
            ++interval->sent;
        }
        return tag;
    }

    void Arrived(ns3::Ptr<const ns3::Packet> packet)
    {
        SentTag tag;
        if (!packet->FindFirstMatchingByteTag(tag))
        {
            return;
        }
        if (auto* interval = IntervalAt(tag.interval))
        {
            ++interval->arrived;
            interval->delaysNs += NowNs() - tag.sentNs;
        }
    }

    void Delivered(std::uint32_t bytes)
    {
        if (auto* interval = NowNs() < m_spec.stopNs ? IntervalAt(NowInterval()) : nullptr)
        {
            interval->deliveredBytes += bytes;
        }
    }

    void Measured(ns3::Time rtt)
    {
        if (auto* interval = IntervalAt(NowInterval()))
        {
            ++interval->rtts;
            interval->rttsNs += rtt.GetNanoSeconds();
        }
    }

  private:
    struct Interval
    {
        std::uint64_t sent = 0;
        std::uint64_t arrived = 0;
        std::int64_t delaysNs = 0;
        std::uint64_t deliveredBytes = 0;
        std::uint64_t rtts = 0;
        std::int64_t rttsNs = 0;
        std::vector<std::uint32_t> path;
    };

    void Look()
    {
        IntervalAt(NowInterval())->path = PathNow();
    }

    /// May lie before the first one, when a flow starts between ticks.
    std::int64_t NowInterval() const
    {
        return NowNs() / m_settings.dtNs - m_firstTick;
    }

    Interval* IntervalAt(std::int64_t interval)
    {
        return interval >= 0 && interval < static_cast<std::int64_t>(m_intervals.size()) ? &m_intervals[interval] : nullptr;
    }

    const std::int64_t m_firstTick;
    std::vector<Interval> m_intervals;
};
