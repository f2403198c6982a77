#pragma once

#include "network.h"

#include <optional>

/// A row of `flows.csv`; times in nanoseconds.
struct FlowSpec
{
    std::uint32_t number = 0;
    std::string id;
    std::string kind;
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    std::int64_t startNs = 0;
    std::int64_t stopNs = 0;
    std::int64_t intervalNs = 0;
    /// Of what packets carry; 0: all it can get.
    std::int64_t rateBps = 0;
    bool poisson = false;
    std::uint32_t packetBytes = 0;
    std::string congestion;
    std::uint8_t dscp = 0;
};

/// What all flows know of the run.
struct FlowSettings
{
    std::int64_t dtNs;
    std::int64_t ticks;
    /// Of TCP flows that name none.
    std::string congestion;
};

/// What one flow saw at one time; empty where a quantity does not apply.
struct Sample
{
    std::int64_t timeNs = 0;
    std::optional<std::int64_t> rttNs;
    std::optional<std::int64_t> oneWayDelayNs;
    std::optional<double> loss;
    std::optional<double> goodputBps;
    std::vector<std::uint32_t> path;
};

/// Traffic between two nodes.
class Flow
{
  public:
    Flow(FlowSpec spec, Network& network, const FlowSettings& settings)
        : m_spec(std::move(spec)),
          m_network(network),
          m_settings(settings)
    {
    }

    virtual ~Flow() = default;
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;

    const FlowSpec& Spec() const
    {
        return m_spec;
    }

    /// Samples by time; called once, after the simulation.
    virtual std::vector<Sample> Samples() = 0;

  protected:
    /// UDP and TCP ports, one for each flow.
    static constexpr std::uint16_t FIRST_PORT = 10'000;

    std::uint16_t Port() const
    {
        return static_cast<std::uint16_t>(FIRST_PORT + m_spec.number);
    }

    std::uint8_t TrafficClass() const
    {
        return static_cast<std::uint8_t>(m_spec.dscp << 2);
    }

    std::vector<std::uint32_t> PathNow() const
    {
        return m_network.Path(m_spec.source, m_spec.target);
    }

    void Mark(ns3::Ptr<ns3::Socket> socket) const
    {
        if (m_network.IsIpv6())
        {
            socket->SetIpv6Tclass(TrafficClass());
        }
        else
        {
            socket->SetIpTos(TrafficClass());
        }
    }

    template <typename Method, typename Object>
    static void At(std::int64_t ns, Method method, Object object)
    {
        ns3::Simulator::Schedule(ns3::NanoSeconds(ns) - ns3::Simulator::Now(), method, object);
    }

    static std::int64_t NowNs()
    {
        return ns3::Simulator::Now().GetNanoSeconds();
    }

    const FlowSpec m_spec;
    Network& m_network;
    const FlowSettings& m_settings;
};
