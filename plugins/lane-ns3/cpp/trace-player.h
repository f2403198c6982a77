#pragma once

#include "network.h"

#include <chrono>
#include <iostream>

/// Brings the rows of `links.trace` and `routes.trace` into force, tick by tick.
class TracePlayer
{
  public:
    std::uint64_t linkRows = 0;
    std::uint64_t routeRows = 0;

    TracePlayer(const std::string& links, const std::string& routes, Network& network, std::int64_t ticks, std::int64_t dtMs)
        : m_network(network),
          m_ticks(ticks),
          m_dtMs(dtMs),
          m_links(links, "#satsim-links 1 tick,t_s,link,up,delay_s,rate_bps,loss", 7),
          m_routes(routes, "#satsim-routes 1 tick,t_s,node,destination,link", 5),
          m_rowOfTick(network.LinkCount(), -1)
    {
        m_moreLinks = m_links.Next();
        m_moreRoutes = m_routes.Next();
        // All before any traffic: of events of one time the one that was scheduled first comes first.
        for (std::int64_t tick = 0; tick < ticks; ++tick)
        {
            ns3::Simulator::Schedule(ns3::MilliSeconds(tick * dtMs), &TracePlayer::Play, this, tick);
        }
    }

    /// Throws when there are rows that no tick had use for.
    void ExpectEnd() const
    {
        if (m_moreLinks)
        {
            throw m_links.Wrong("the row is after the last tick, " + std::to_string(m_ticks - 1));
        }
        if (m_moreRoutes)
        {
            throw m_routes.Wrong("the row is after the last tick, " + std::to_string(m_ticks - 1));
        }
    }

  private:
    void Play(std::int64_t tick)
    {
        TellProgress(tick);
        for (; m_moreLinks && IsOf(m_links, tick); m_moreLinks = m_links.Next())
        {
            ApplyLink(tick);
            ++linkRows;
        }
        for (; m_moreRoutes && IsOf(m_routes, tick); m_moreRoutes = m_routes.Next())
        {
            ApplyRoute();
            ++routeRows;
        }
    }

    /// Whether the row is to be applied now.
    bool IsOf(const Rows& rows, std::int64_t tick) const
    {
        const auto of = rows.Whole(0, "tick");
        if (of < tick)
        {
            throw rows.Wrong("tick " + std::to_string(of) + " comes after tick " + std::to_string(tick));
        }
        if (rows.Fixed(1, "t_s", 3) != of * m_dtMs)
        {
            throw rows.Wrong("t_s " + std::string(rows.Text(1)) + " is not the time of tick " + std::to_string(of));
        }
        return of == tick;
    }

    void ApplyLink(std::int64_t tick)
    {
        const auto link = static_cast<std::uint32_t>(m_links.Whole(2, "link", m_network.LinkCount() - 1));
        if (m_rowOfTick[link] == tick)
        {
            throw m_links.Wrong("link " + std::to_string(link) + " has two rows in tick " + std::to_string(tick));
        }
        m_rowOfTick[link] = tick;
        auto& channel = *m_network.PairOf(link).channel;
        const int direction = link % 2;
        const bool up = m_links.Whole(3, "up", 1) == 1;
        if (m_links.IsEmpty(4) && m_links.IsEmpty(5) && m_links.IsEmpty(6))
        {
            if (up)
            {
                throw m_links.Wrong("a link that is up has a delay, a rate and a loss");
            }
            if (!channel.IsKnown(direction))
            {
                throw m_links.Wrong("link " + std::to_string(link) + " leaves, but it is not there");
            }
            channel.Remove(direction);
            return;
        }
        LinkState state;
        state.up = up;
        state.delayNs = m_links.Fixed(4, "delay_s", 9);
        state.rateBps = static_cast<std::uint64_t>(m_links.Whole(5, "rate_bps"));
        state.lossPpb = m_links.Fixed(6, "loss", 9);
        if (state.lossPpb > 1'000'000'000)
        {
            throw m_links.Wrong("loss is more than 1: " + std::string(m_links.Text(6)));
        }
        if (up && state.rateBps == 0)
        {
            throw m_links.Wrong("link " + std::to_string(link) + " is up with rate 0");
        }
        channel.Set(direction, state);
    }

    void ApplyRoute()
    {
        const auto most = static_cast<std::int64_t>(m_network.NodeCount()) - 1;
        const auto node = static_cast<std::uint32_t>(m_routes.Whole(2, "node", most));
        const auto destination = static_cast<std::uint32_t>(m_routes.Whole(3, "destination", most));
        const auto link = m_routes.Text(4) == "-1" ? -1 : m_routes.Whole(4, "link", m_network.LinkCount() - 1);
        if (link >= 0 && m_network.End(static_cast<std::uint32_t>(link), false) != node)
        {
            throw m_routes.Wrong("link " + std::to_string(link) + " does not begin at node " + std::to_string(node));
        }
        m_network.SetRoute(node, destination, link);
    }

    void TellProgress(std::int64_t tick)
    {
        using namespace std::chrono;
        const auto now = steady_clock::now();
        if (now - m_toldAt >= seconds(2))
        {
            m_toldAt = now;
            std::cout << "progress " << tick << ' ' << m_ticks << std::endl;
        }
    }

    Network& m_network;
    const std::int64_t m_ticks;
    const std::int64_t m_dtMs;
    Rows m_links;
    Rows m_routes;
    bool m_moreLinks = false;
    bool m_moreRoutes = false;
    /// The last tick that had a row for a link.
    std::vector<std::int64_t> m_rowOfTick;
    std::chrono::steady_clock::time_point m_toldAt = std::chrono::steady_clock::now();
};
