#pragma once

#include "flow.h"

#include "ns3/icmpv4.h"
#include "ns3/icmpv6-header.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-raw-socket-factory.h"
#include "ns3/uinteger.h"

/// Echo requests by ICMP or ICMPv6, answered by ns-3's own stack: a sample for each.
class PingFlow : public Flow
{
  public:
    PingFlow(FlowSpec spec, Network& network, const FlowSettings& settings)
        : Flow(std::move(spec), network, settings)
    {
        m_sender = Open(m_spec.source, ns3::MakeCallback(&PingFlow::Replied, this));
        if (m_network.IsIpv6())
        {
            Mark(m_sender);
        }
        // Sees the requests beside the stack that answers them.
        m_receiver = Open(m_spec.target, ns3::MakeCallback(&PingFlow::Requested, this));
        if (m_spec.startNs < m_spec.stopNs)
        {
            At(m_spec.startNs, &PingFlow::Send, this);
        }
    }

    std::vector<Sample> Samples() override
    {
        for (auto& sample : m_samples)
        {
            // The request may have come, but nobody who pings knows.
            if (sample.loss == 1)
            {
                sample.oneWayDelayNs.reset();
            }
        }
        return std::move(m_samples);
    }

  private:
    static constexpr std::uint32_t ICMP_HEADER_BYTES = 8;
    static constexpr std::size_t SEQUENCE_NUMBERS = 65'536;

    ns3::Ptr<ns3::Socket> Open(std::uint32_t node, ns3::Callback<void, ns3::Ptr<ns3::Socket>> received)
    {
        const auto factory = m_network.IsIpv6() ? ns3::Ipv6RawSocketFactory::GetTypeId() : ns3::Ipv4RawSocketFactory::GetTypeId();
        auto socket = ns3::Socket::CreateSocket(m_network.Node(node), factory);
        socket->SetAttribute("Protocol", ns3::UintegerValue(m_network.IsIpv6() ? 58 : 1));
        // To no address: ns-3 would send by the first interface that has it, whatever the routes say.
        m_network.IsIpv6() ? socket->Bind6() : socket->Bind();
        socket->SetRecvCallback(received);
        return socket;
    }

    void Send()
    {
        const auto number = m_samples.size();
        Sample sample;
        sample.timeNs = NowNs();
        sample.loss = 1;
        sample.path = PathNow();
        m_samples.push_back(std::move(sample));
        m_sender->SendTo(Request(static_cast<std::uint16_t>(number % SEQUENCE_NUMBERS)), 0, m_network.SocketAddress(m_spec.target, 0));
        // Counted from the first: nothing adds up.
        const auto next = m_spec.startNs + static_cast<std::int64_t>(number + 1) * m_spec.intervalNs;
        if (next < m_spec.stopNs)
        {
            At(next, &PingFlow::Send, this);
        }
    }

    ns3::Ptr<ns3::Packet> Request(std::uint16_t sequence) const
    {
        const auto headers = m_network.HeaderBytes() + ICMP_HEADER_BYTES;
        const auto data = ns3::Create<ns3::Packet>(m_spec.packetBytes > headers ? m_spec.packetBytes - headers : 0);
        const auto id = static_cast<std::uint16_t>(m_spec.number);
        if (m_network.IsIpv6())
        {
            ns3::Icmpv6Echo echo(true);
            echo.SetId(id);
            echo.SetSeq(sequence);
            echo.CalculatePseudoHeaderChecksum(Network::Ipv6Of(m_spec.source),
                                               Network::Ipv6Of(m_spec.target),
                                               static_cast<std::uint16_t>(data->GetSize() + echo.GetSerializedSize()),
                                               58);
            data->AddHeader(echo);
            return data;
        }
        ns3::Icmpv4Echo echo;
        echo.SetIdentifier(id);
        echo.SetSequenceNumber(sequence);
        echo.SetData(data);
        ns3::Icmpv4Header icmp;
        icmp.SetType(ns3::Icmpv4Header::ICMPV4_ECHO);
        icmp.SetCode(0);
        auto packet = ns3::Create<ns3::Packet>();
        packet->AddHeader(echo);
        packet->AddHeader(icmp);
        // Raw sockets of IPv4 pass their own mark over.
        ns3::SocketIpTosTag mark;
        mark.SetTos(TrafficClass());
        packet->AddPacketTag(mark);
        return packet;
    }

    void Replied(ns3::Ptr<ns3::Socket> socket)
    {
        Take(socket, false, [this](Sample& sample) {
            sample.rttNs = NowNs() - sample.timeNs;
            sample.loss = 0;
        });
    }

    void Requested(ns3::Ptr<ns3::Socket> socket)
    {
        Take(socket, true, [this](Sample& sample) { sample.oneWayDelayNs = NowNs() - sample.timeNs; });
    }

    /// Reads what the socket has, and hands the samples of this flow's requests, or replies, to `told`.
    template <typename Told>
    void Take(ns3::Ptr<ns3::Socket> socket, bool requests, Told told)
    {
        while (auto packet = socket->Recv())
        {
            const auto sequence = m_network.IsIpv6() ? Sequence6(packet, requests) : Sequence4(packet, requests);
            if (!sequence || m_samples.empty())
            {
                continue;
            }
            // The last request with this number.
            const auto last = m_samples.size() - 1;
            const auto back = (last - *sequence) % SEQUENCE_NUMBERS;
            if (back <= last)
            {
                told(m_samples[last - back]);
            }
        }
    }

    std::optional<std::uint16_t> Sequence4(ns3::Ptr<ns3::Packet> packet, bool request) const
    {
        ns3::Ipv4Header ip;
        ns3::Icmpv4Header icmp;
        packet->RemoveHeader(ip);
        packet->RemoveHeader(icmp);
        if (icmp.GetType() != (request ? ns3::Icmpv4Header::ICMPV4_ECHO : ns3::Icmpv4Header::ICMPV4_ECHO_REPLY) ||
            ip.GetSource() != Network::Ipv4Of(request ? m_spec.source : m_spec.target))
        {
            return std::nullopt;
        }
        ns3::Icmpv4Echo echo;
        packet->RemoveHeader(echo);
        if (echo.GetIdentifier() != static_cast<std::uint16_t>(m_spec.number))
        {
            return std::nullopt;
        }
        return echo.GetSequenceNumber();
    }

    std::optional<std::uint16_t> Sequence6(ns3::Ptr<ns3::Packet> packet, bool request) const
    {
        ns3::Ipv6Header ip;
        packet->RemoveHeader(ip);
        std::uint8_t type = 0;
        packet->CopyData(&type, 1);
        if (type != (request ? ns3::Icmpv6Header::ICMPV6_ECHO_REQUEST : ns3::Icmpv6Header::ICMPV6_ECHO_REPLY) ||
            ip.GetSource() != Network::Ipv6Of(request ? m_spec.source : m_spec.target))
        {
            return std::nullopt;
        }
        ns3::Icmpv6Echo echo;
        packet->RemoveHeader(echo);
        if (echo.GetId() != static_cast<std::uint16_t>(m_spec.number))
        {
            return std::nullopt;
        }
        return echo.GetSeq();
    }

    ns3::Ptr<ns3::Socket> m_sender;
    ns3::Ptr<ns3::Socket> m_receiver;
    std::vector<Sample> m_samples;
};
