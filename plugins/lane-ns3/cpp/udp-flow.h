#pragma once

#include "interval-flow.h"

#include "ns3/udp-socket-factory.h"

/// Datagrams at a rate, evenly or as a Poisson process.
class UdpFlow : public IntervalFlow
{
  public:
    UdpFlow(FlowSpec spec, Network& network, const FlowSettings& settings)
        : IntervalFlow(std::move(spec), network, settings)
    {
        const auto headers = m_network.HeaderBytes() + UDP_HEADER_BYTES;
        m_payloadBytes = std::max(LEAST_PAYLOAD_BYTES, m_spec.packetBytes > headers ? m_spec.packetBytes - headers : 0);
        m_gapNs = m_payloadBytes * 8e9 / static_cast<double>(m_spec.rateBps);
        m_sender = Open(m_spec.source, 0);
        m_sender->Connect(m_network.SocketAddress(m_spec.target, Port()));
        // Not before: connecting sets it to that of the address, which has none.
        Mark(m_sender);
        m_receiver = Open(m_spec.target, Port());
        m_receiver->SetRecvCallback(ns3::MakeCallback(&UdpFlow::Received, this));
        if (m_spec.poisson)
        {
            m_gaps = ns3::CreateObject<ns3::ExponentialRandomVariable>();
            m_gaps->SetStream(FIRST_STREAM + m_spec.number);
        }
        if (m_spec.startNs < m_spec.stopNs)
        {
            At(m_spec.startNs, &UdpFlow::Send, this);
        }
    }

  private:
    static constexpr std::uint32_t UDP_HEADER_BYTES = 8;
    /// As iperf3 has it.
    static constexpr std::uint32_t LEAST_PAYLOAD_BYTES = 16;
    /// Links have the streams below.
    static constexpr std::int64_t FIRST_STREAM = std::int64_t{1} << 40;

    ns3::Ptr<ns3::Socket> Open(std::uint32_t node, std::uint16_t port)
    {
        auto socket = ns3::Socket::CreateSocket(m_network.Node(node), ns3::UdpSocketFactory::GetTypeId());
        socket->Bind(m_network.SocketAddress(node, port));
        return socket;
    }

    void Send()
    {
        auto packet = ns3::Create<ns3::Packet>(m_payloadBytes);
        packet->AddByteTag(Sent());
        m_sender->Send(packet);
        m_elapsedNs += m_gaps ? m_gaps->GetValue(m_gapNs, 0) : m_gapNs;
        const auto next = m_spec.startNs + static_cast<std::int64_t>(m_elapsedNs + 0.5);
        if (next < m_spec.stopNs)
        {
            At(next, &UdpFlow::Send, this);
        }
    }

    void Received(ns3::Ptr<ns3::Socket> socket)
    {
        while (auto packet = socket->Recv())
        {
            Arrived(packet);
            Delivered(packet->GetSize());
        }
    }

    std::uint32_t m_payloadBytes;
    double m_gapNs;
    /// From the start to the next packet.
    double m_elapsedNs = 0;
    ns3::Ptr<ns3::Socket> m_sender;
    ns3::Ptr<ns3::Socket> m_receiver;
    ns3::Ptr<ns3::ExponentialRandomVariable> m_gaps;
};
