#pragma once

#include "rows.h"
#include "sat-channel.h"

#include "ns3/drop-tail-queue.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-static-routing.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/node-container.h"

#include <unordered_map>
#include <vector>

/// Nodes and links of the tables, with one IP address a node: whatever links it has, it keeps it.
class Network
{
  public:
    struct Pair
    {
        std::uint32_t a;
        std::uint32_t b;
        ns3::Ptr<SatChannel> channel;
        ns3::Ptr<ns3::PointToPointNetDevice> devices[2];
        /// Number of the IP interface at either end.
        std::uint32_t interfaces[2];
    };

    LinkCounters counters;

    Network(const std::string& tables, bool ipv6, QueueRule queue)
        : m_ipv6(ipv6)
    {
        ReadNodes(tables + "/nodes.csv");
        ReadLinks(tables + "/links.csv", queue);
    }

    std::uint32_t NodeCount() const
    {
        return m_nodes.GetN();
    }

    std::uint32_t LinkCount() const
    {
        return 2 * static_cast<std::uint32_t>(m_pairs.size());
    }

    bool IsIpv6() const
    {
        return m_ipv6;
    }

    const std::vector<Pair>& Pairs() const
    {
        return m_pairs;
    }

    Pair& PairOf(std::uint32_t link)
    {
        return m_pairs[link / 2];
    }

    /// The node that a link leads to, or from.
    std::uint32_t End(std::uint32_t link, bool target) const
    {
        const auto& pair = m_pairs[link / 2];
        return (link % 2 == 0) == target ? pair.b : pair.a;
    }

    ns3::Ptr<ns3::Node> Node(std::uint32_t node) const
    {
        return m_nodes.Get(node);
    }

    const std::string& NodeId(std::uint32_t node) const
    {
        return m_ids[node];
    }

    /// Bytes of an IP header.
    std::uint32_t HeaderBytes() const
    {
        return m_ipv6 ? 40 : 20;
    }

    static ns3::Ipv4Address Ipv4Of(std::uint32_t node)
    {
        return ns3::Ipv4Address(0x0a000001 + node);
    }

    /// Unique local ones: ns-3 does not forward those for documentation.
    static ns3::Ipv6Address Ipv6Of(std::uint32_t node)
    {
        std::uint8_t bytes[16] = {0xfd};
        for (auto i : {0, 1, 2, 3})
        {
            bytes[15 - i] = static_cast<std::uint8_t>((node + 1) >> (8 * i));
        }
        return ns3::Ipv6Address(bytes);
    }

    ns3::Address SocketAddress(std::uint32_t node, std::uint16_t port) const
    {
        if (m_ipv6)
        {
            return ns3::Inet6SocketAddress(Ipv6Of(node), port);
        }
        return ns3::InetSocketAddress(Ipv4Of(node), port);
    }

    /// Lets a node send what is for a destination on one of its links, or on none (-1).
    void SetRoute(std::uint32_t node, std::uint32_t destination, std::int64_t link)
    {
        auto& hops = m_hops[destination];
        if (hops.empty())
        {
            hops.assign(NodeCount(), -1);
        }
        hops[node] = link;
        // Routes stand in the order in which they were added: the same one here as in ns-3.
        auto& routed = m_routed[node];
        const auto known = std::find(routed.begin(), routed.end(), destination);
        if (known != routed.end())
        {
            const auto place = static_cast<std::uint32_t>(known - routed.begin());
            m_ipv6 ? m_routes6[node]->RemoveRoute(place) : m_routes4[node]->RemoveRoute(place);
            routed.erase(known);
        }
        if (link < 0)
        {
            return;
        }
        routed.push_back(destination);
        const auto interface = m_pairs[link / 2].interfaces[link % 2];
        if (m_ipv6)
        {
            m_routes6[node]->AddHostRouteTo(Ipv6Of(destination), interface);
        }
        else
        {
            m_routes4[node]->AddHostRouteTo(Ipv4Of(destination), interface);
        }
    }

    /// The nodes on the way by the routes in force; empty when there is none.
    std::vector<std::uint32_t> Path(std::uint32_t from, std::uint32_t to) const
    {
        std::vector<std::uint32_t> path{from};
        const auto hops = m_hops.find(to);
        while (path.back() != to)
        {
            const auto link = hops == m_hops.end() ? -1 : hops->second[path.back()];
            if (link < 0 || path.size() > NodeCount())
            {
                return {};
            }
            path.push_back(End(static_cast<std::uint32_t>(link), true));
        }
        return path;
    }

  private:
    void ReadNodes(const std::string& file)
    {
        Rows rows(file, "node,id,role", 3);
        while (rows.Next())
        {
            if (rows.Whole(0, "node") != static_cast<std::int64_t>(m_ids.size()))
            {
                throw rows.Wrong("nodes are numbered from 0 without a gap");
            }
            m_ids.emplace_back(rows.Text(1));
        }
        m_nodes.Create(static_cast<std::uint32_t>(m_ids.size()));
        m_routed.resize(m_ids.size());
        ns3::InternetStackHelper stack;
        stack.SetIpv4StackInstall(!m_ipv6);
        stack.SetIpv6StackInstall(m_ipv6);
        ns3::Ipv4StaticRoutingHelper static4;
        ns3::Ipv6StaticRoutingHelper static6;
        // Only static routes: by default there are global ones beside them.
        m_ipv6 ? stack.SetRoutingHelper(static6) : stack.SetRoutingHelper(static4);
        stack.Install(m_nodes);
    }

    void ReadLinks(const std::string& file, QueueRule queue)
    {
        Rows rows(file, "pair,forward,backward,a,b,kind,forward_id,backward_id", 8);
        while (rows.Next())
        {
            const auto number = static_cast<std::int64_t>(m_pairs.size());
            if (rows.Whole(0, "pair") != number || rows.Whole(1, "forward") != 2 * number || rows.Whole(2, "backward") != 2 * number + 1)
            {
                throw rows.Wrong("pairs are numbered from 0 without a gap, and pair p has the links 2p and 2p + 1");
            }
            const auto most = static_cast<std::int64_t>(m_ids.size()) - 1;
            Pair pair;
            pair.a = static_cast<std::uint32_t>(rows.Whole(3, "a", most));
            pair.b = static_cast<std::uint32_t>(rows.Whole(4, "b", most));
            Build(pair, 2 * number, queue);
            m_pairs.push_back(pair);
        }
        // What ns-3 added by itself, a route to each interface's own address.
        for (std::uint32_t node = 0; node < NodeCount(); ++node)
        {
            ns3::Ptr<ns3::Ipv4StaticRouting> four;
            ns3::Ptr<ns3::Ipv6StaticRouting> six;
            if (m_ipv6)
            {
                six = ns3::Ipv6StaticRoutingHelper().GetStaticRouting(Node(node)->GetObject<ns3::Ipv6>());
                while (six->GetNRoutes() > 0)
                {
                    six->RemoveRoute(0);
                }
            }
            else
            {
                four = ns3::Ipv4StaticRoutingHelper().GetStaticRouting(Node(node)->GetObject<ns3::Ipv4>());
                while (four->GetNRoutes() > 0)
                {
                    four->RemoveRoute(0);
                }
            }
            m_routes4.push_back(four);
            m_routes6.push_back(six);
        }
    }

    void Build(Pair& pair, std::int64_t firstStream, QueueRule queue)
    {
        const std::uint32_t ends[2] = {pair.a, pair.b};
        for (auto i : {0, 1})
        {
            auto device = ns3::CreateObject<ns3::PointToPointNetDevice>();
            device->SetAddress(ns3::Mac48Address::Allocate());
            device->SetQueue(ns3::CreateObject<ns3::DropTailQueue<ns3::Packet>>());
            Node(ends[i])->AddDevice(device);
            pair.devices[i] = device;
        }
        pair.channel = ns3::CreateObject<SatChannel>();
        pair.channel->Connect(pair.devices[0], pair.devices[1], firstStream, queue, counters);
        for (auto i : {0, 1})
        {
            pair.interfaces[i] = m_ipv6 ? AddInterface6(ends[i], pair.devices[i]) : AddInterface4(ends[i], pair.devices[i]);
        }
    }

    std::uint32_t AddInterface4(std::uint32_t node, ns3::Ptr<ns3::NetDevice> device)
    {
        const auto ip = Node(node)->GetObject<ns3::Ipv4>();
        const auto interface = ip->AddInterface(device);
        ip->AddAddress(interface, ns3::Ipv4InterfaceAddress(Ipv4Of(node), ns3::Ipv4Mask::GetOnes()));
        ip->SetUp(interface);
        ip->SetForwarding(interface, true);
        return interface;
    }

    std::uint32_t AddInterface6(std::uint32_t node, ns3::Ptr<ns3::NetDevice> device)
    {
        const auto ip = Node(node)->GetObject<ns3::Ipv6>();
        const auto interface = ip->AddInterface(device);
        ip->AddAddress(interface, ns3::Ipv6InterfaceAddress(Ipv6Of(node), ns3::Ipv6Prefix(128)));
        ip->SetUp(interface);
        ip->SetForwarding(interface, true);
        return interface;
    }

    const bool m_ipv6;
    std::vector<std::string> m_ids;
    ns3::NodeContainer m_nodes;
    std::vector<Pair> m_pairs;
    std::vector<ns3::Ptr<ns3::Ipv4StaticRouting>> m_routes4;
    std::vector<ns3::Ptr<ns3::Ipv6StaticRouting>> m_routes6;
    /// Destinations that a node has routes to, in ns-3's order.
    std::vector<std::vector<std::uint32_t>> m_routed;
    /// Link that each node sends on, by destination.
    std::unordered_map<std::uint32_t, std::vector<std::int64_t>> m_hops;
};
