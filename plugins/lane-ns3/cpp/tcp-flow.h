#pragma once

#include "interval-flow.h"

#include "ns3/tcp-bbr.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-cubic.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/tcp-socket-factory.h"

#include <cmath>
#include <limits>

/// Data by one of ns-3's TCPs: as much as it can carry, or up to a rate. Connects again when a connection is lost.
class TcpFlow : public IntervalFlow
{
  public:
    TcpFlow(FlowSpec spec, Network& network, const FlowSettings& settings)
        : IntervalFlow(std::move(spec), network, settings),
          m_variant(VariantOf(m_spec, settings.congestion))
    {
        const auto headers = m_network.HeaderBytes() + TCP_HEADER_BYTES;
        m_segmentBytes = m_spec.packetBytes > headers ? m_spec.packetBytes - headers : 1;
        m_listener = Open(m_spec.target, Port());
        m_listener->Listen();
        m_listener->SetAcceptCallback(ns3::MakeNullCallback<bool, ns3::Ptr<ns3::Socket>, const ns3::Address&>(),
                                      ns3::MakeCallback(&TcpFlow::Accepted, this));
        if (m_spec.startNs < m_spec.stopNs)
        {
            At(m_spec.startNs, &TcpFlow::Connect, this);
            At(m_spec.stopNs, &TcpFlow::Stop, this);
        }
    }

  private:
    /// With the timestamps option.
    static constexpr std::uint32_t TCP_HEADER_BYTES = 32;
    static constexpr std::int64_t RETRY_NS = 1'000'000'000;

    static ns3::TypeId VariantOf(const FlowSpec& spec, const std::string& usual)
    {
        const auto& name = spec.congestion.empty() ? usual : spec.congestion;
        if (name == "newreno")
        {
            return ns3::TcpNewReno::GetTypeId();
        }
        if (name == "cubic")
        {
            return ns3::TcpCubic::GetTypeId();
        }
        if (name == "bbr")
        {
            return ns3::TcpBbr::GetTypeId();
        }
        throw Fault("flow " + spec.id + ": congestion is " + name + ", but the lane ns3 has newreno, cubic and bbr");
    }

    ns3::Ptr<ns3::Socket> Open(std::uint32_t node, std::uint16_t port)
    {
        auto socket = m_network.Node(node)->GetObject<ns3::TcpL4Protocol>()->CreateSocket(m_variant);
        socket->SetAttribute("SegmentSize", ns3::UintegerValue(m_segmentBytes));
        socket->Bind(m_network.SocketAddress(node, port));
        Mark(socket);
        return socket;
    }

    void Connect()
    {
        if (NowNs() >= m_spec.stopNs)
        {
            return;
        }
        m_sender = Open(m_spec.source, 0);
        m_sender->TraceConnectWithoutContext("Tx", ns3::MakeCallback(&TcpFlow::Transmitted, this));
        m_sender->TraceConnectWithoutContext("RTT", ns3::MakeCallback(&TcpFlow::RoundTrip, this));
        m_sender->SetConnectCallback(ns3::MakeCallback(&TcpFlow::Connected, this), ns3::MakeCallback(&TcpFlow::Lost, this));
        m_sender->SetCloseCallbacks(ns3::MakeCallback(&TcpFlow::Lost, this), ns3::MakeCallback(&TcpFlow::Lost, this));
        // Without a way there the socket refuses at once.
        if (m_sender->Connect(m_network.SocketAddress(m_spec.target, Port())) != 0)
        {
            Lost(m_sender);
            return;
        }
        // Not before: connecting sets it to that of the address, which has none.
        Mark(m_sender);
    }

    void Lost(ns3::Ptr<ns3::Socket> socket)
    {
        if (socket != m_sender)
        {
            return;
        }
        m_sender = nullptr;
        m_timer.Cancel();
        ns3::Simulator::Schedule(ns3::NanoSeconds(RETRY_NS), &TcpFlow::Connect, this);
    }

    void Connected(ns3::Ptr<ns3::Socket> socket)
    {
        socket->SetSendCallback(ns3::MakeCallback(&TcpFlow::Room, this));
        WriteWhatMayGo();
    }

    void Room(ns3::Ptr<ns3::Socket> socket, std::uint32_t /* bytes */)
    {
        if (socket == m_sender)
        {
            WriteWhatMayGo();
        }
    }

    /// The application writes full segments; what finds no room in the socket waits until there is some.
    void WriteWhatMayGo()
    {
        while (m_written < Offered() && m_sender->GetTxAvailable() >= m_segmentBytes)
        {
            if (m_sender->Send(ns3::Create<ns3::Packet>(m_segmentBytes)) <= 0)
            {
                return;
            }
            ++m_written;
        }
        if (m_spec.rateBps > 0 && m_written >= Offered())
        {
            m_timer.Cancel();
            m_timer = ns3::Simulator::Schedule(ns3::NanoSeconds(OfferedAtNs(m_written + 1) - NowNs()), &TcpFlow::WriteWhatMayGo, this);
        }
    }

    /// Segments that the application has had since the start; without a rate it never runs out of them.
    std::int64_t Offered() const
    {
        if (m_spec.rateBps <= 0)
        {
            return std::numeric_limits<std::int64_t>::max();
        }
        const auto bytes = static_cast<double>(NowNs() - m_spec.startNs) * static_cast<double>(m_spec.rateBps) / 8e9;
        // Half a byte: a segment is offered at its time, whatever rounding makes of it.
        return static_cast<std::int64_t>((bytes + 0.5) / m_segmentBytes);
    }

    /// When the application has had so many segments.
    std::int64_t OfferedAtNs(std::int64_t segments) const
    {
        return m_spec.startNs + static_cast<std::int64_t>(std::ceil(static_cast<double>(segments) * m_segmentBytes * 8e9 / static_cast<double>(m_spec.rateBps)));
    }

    /// ns-3 can reset a connection, but does not let others ask for it.
    struct Resettable : ns3::TcpSocketBase
    {
        static void Reset(ns3::TcpSocketBase& socket)
        {
            (socket.*&Resettable::SendRST)();
        }
    };

    /// What is still in the socket is dropped, megabytes of it: traffic ends when the flow does.
    void Stop()
    {
        m_timer.Cancel();
        if (m_sender)
        {
            const auto socket = m_sender;
            m_sender = nullptr;
            socket->SetSendCallback(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>, std::uint32_t>());
            socket->SetCloseCallbacks(ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>(), ns3::MakeNullCallback<void, ns3::Ptr<ns3::Socket>>());
            Resettable::Reset(*ns3::DynamicCast<ns3::TcpSocketBase>(socket));
        }
    }

    void Accepted(ns3::Ptr<ns3::Socket> socket, const ns3::Address& /* from */)
    {
        socket->TraceConnectWithoutContext("Rx", ns3::MakeCallback(&TcpFlow::SegmentArrived, this));
        socket->SetRecvCallback(ns3::MakeCallback(&TcpFlow::Read, this));
    }

    void Read(ns3::Ptr<ns3::Socket> socket)
    {
        while (auto packet = socket->Recv())
        {
            if (packet->GetSize() == 0)
            {
                return;
            }
            Delivered(packet->GetSize());
        }
    }

    void Transmitted(ns3::Ptr<const ns3::Packet> packet, const ns3::TcpHeader& /* header */, ns3::Ptr<const ns3::TcpSocketBase> /* socket */)
    {
        if (packet->GetSize() > 0)
        {
            packet->AddByteTag(Sent());
        }
    }

    void SegmentArrived(ns3::Ptr<const ns3::Packet> packet, const ns3::TcpHeader& /* header */, ns3::Ptr<const ns3::TcpSocketBase> /* socket */)
    {
        if (packet->GetSize() > 0)
        {
            Arrived(packet);
        }
    }

    void RoundTrip(ns3::Time /* before */, ns3::Time now)
    {
        Measured(now);
    }

    const ns3::TypeId m_variant;
    std::uint32_t m_segmentBytes;
    ns3::Ptr<ns3::Socket> m_sender;
    ns3::Ptr<ns3::Socket> m_listener;
    ns3::EventId m_timer;
    /// Segments, into sockets of all connections.
    std::int64_t m_written = 0;
};
