// Plays the traces of a satsim run through ns-3. What the files mean stands in the README of @satsim/simulation.

#include "network.h"
#include "ping-flow.h"
#include "tcp-flow.h"
#include "trace-player.h"
#include "udp-flow.h"

#include "ns3/command-line.h"
#include "ns3/config.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include <sys/resource.h>

namespace
{

struct Options
{
    std::string links;
    std::string routes;
    std::string tables;
    std::string results;
    std::int64_t ticks = 0;
    std::int64_t dtMs = 0;
    std::int64_t stopMs = 0;
    std::int64_t reportTick = 0;
    std::uint64_t seed = 0;
    bool ipv6 = false;
    std::string congestion = "cubic";
    std::uint32_t queuePackets = 0;
    double queueS = 0;
    /// Node numbers, separated by commas.
    std::string pcap;
};

Options Parse(int argc, char** argv)
{
    Options options;
    ns3::CommandLine line;
    line.AddValue("links", "links.trace", options.links);
    line.AddValue("routes", "routes.trace", options.routes);
    line.AddValue("tables", "folder of nodes.csv, links.csv and flows.csv", options.tables);
    line.AddValue("results", "folder for the results", options.results);
    line.AddValue("ticks", "how many ticks there are", options.ticks);
    line.AddValue("dtMs", "length of a tick", options.dtMs);
    line.AddValue("stopMs", "end of the simulation", options.stopMs);
    line.AddValue("reportTick", "tick whose links are told in applied.csv", options.reportTick);
    line.AddValue("seed", "of everything random", options.seed);
    line.AddValue("ipv6", "IPv6 instead of IPv4", options.ipv6);
    line.AddValue("congestion", "of TCP flows that name none", options.congestion);
    line.AddValue("queuePackets", "packets that a queue holds in any case", options.queuePackets);
    line.AddValue("queueS", "and those that its link sends in this time", options.queueS);
    line.AddValue("pcap", "numbers of nodes whose interfaces are captured", options.pcap);
    line.Parse(argc, argv);
    return options;
}

/// As Linux has them, where ns-3's defaults are another system's.
void SetDefaults(std::uint64_t seed)
{
    constexpr std::uint64_t SEEDS = 4'294'944'442;
    ns3::RngSeedManager::SetSeed(static_cast<std::uint32_t>(seed % SEEDS) + 1);
    ns3::RngSeedManager::SetRun(seed / SEEDS + 1);
    ns3::Config::SetDefault("ns3::TcpSocketBase::MinRto", ns3::TimeValue(ns3::MilliSeconds(200)));
    ns3::Config::SetDefault("ns3::TcpSocket::SndBufSize", ns3::UintegerValue(6 << 20));
    ns3::Config::SetDefault("ns3::TcpSocket::RcvBufSize", ns3::UintegerValue(6 << 20));
    ns3::Config::SetDefault("ns3::TcpSocket::InitialCwnd", ns3::UintegerValue(10));
    ns3::Config::SetDefault("ns3::TcpSocket::DataRetries", ns3::UintegerValue(15));
    ns3::Config::SetDefault("ns3::Ipv4L3Protocol::DefaultTtl", ns3::UintegerValue(255));
    ns3::Config::SetDefault("ns3::Ipv6L3Protocol::DefaultTtl", ns3::UintegerValue(255));
    // Addresses are given, and unique: nothing is to be asked on the links.
    ns3::Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", ns3::BooleanValue(false));
    ns3::Config::SetDefault("ns3::UdpSocket::RcvBufSize", ns3::UintegerValue(16 << 20));
}

std::vector<FlowSpec> ReadFlows(const std::string& file, const Network& network)
{
    std::vector<FlowSpec> flows;
    Rows rows(file, "flow,id,kind,source,target,start_s,stop_s,interval_s,rate_bps,pattern,packet_bytes,congestion,dscp", 13);
    while (rows.Next())
    {
        const auto most = static_cast<std::int64_t>(network.NodeCount()) - 1;
        FlowSpec spec;
        spec.number = static_cast<std::uint32_t>(rows.Whole(0, "flow", 50'000));
        if (spec.number != flows.size())
        {
            throw rows.Wrong("flows are numbered from 0 without a gap");
        }
        spec.id = rows.Text(1);
        spec.kind = rows.Text(2);
        spec.source = static_cast<std::uint32_t>(rows.Whole(3, "source", most));
        spec.target = static_cast<std::uint32_t>(rows.Whole(4, "target", most));
        spec.startNs = rows.Seconds(5, "start_s");
        spec.stopNs = rows.Seconds(6, "stop_s");
        spec.intervalNs = rows.IsEmpty(7) ? 0 : rows.Seconds(7, "interval_s");
        spec.rateBps = rows.IsEmpty(8) ? 0 : rows.Whole(8, "rate_bps");
        spec.poisson = rows.Text(9) == "poisson";
        spec.packetBytes = static_cast<std::uint32_t>(rows.Whole(10, "packet_bytes", 65'535));
        spec.congestion = rows.Text(11);
        spec.dscp = static_cast<std::uint8_t>(rows.Whole(12, "dscp", 63));
        if (!(spec.kind == "ping" && spec.intervalNs > 0) && !(spec.kind == "udp" && spec.rateBps > 0) && spec.kind != "tcp")
        {
            throw rows.Wrong("a flow is a ping with an interval, udp with a rate, or tcp");
        }
        flows.push_back(spec);
    }
    return flows;
}

std::unique_ptr<Flow> MakeFlow(const FlowSpec& spec, Network& network, const FlowSettings& settings)
{
    if (spec.kind == "ping")
    {
        return std::make_unique<PingFlow>(spec, network, settings);
    }
    if (spec.kind == "udp")
    {
        return std::make_unique<UdpFlow>(spec, network, settings);
    }
    return std::make_unique<TcpFlow>(spec, network, settings);
}

/// On the ends of flows; empty when there are none. It has to begin before the flows do.
ns3::Ptr<ns3::FlowMonitor> Monitor(const std::vector<FlowSpec>& flows, const Network& network, ns3::FlowMonitorHelper& helper)
{
    std::set<std::uint32_t> ends;
    for (const auto& flow : flows)
    {
        ends.insert({flow.source, flow.target});
    }
    ns3::NodeContainer nodes;
    for (const auto end : ends)
    {
        nodes.Add(network.Node(end));
    }
    return helper.Install(nodes);
}

std::vector<std::uint32_t> Numbers(const std::string& list)
{
    std::vector<std::uint32_t> numbers;
    for (std::size_t from = 0; from < list.size();)
    {
        const auto comma = std::min(list.find(',', from), list.size());
        numbers.push_back(static_cast<std::uint32_t>(std::stoul(list.substr(from, comma - from))));
        from = comma + 1;
    }
    return numbers;
}

/// A file for each interface of the nodes, by the names of both ends.
void Capture(const std::vector<std::uint32_t>& nodes, const Network& network, const std::string& folder)
{
    if (nodes.empty())
    {
        return;
    }
    std::filesystem::create_directories(folder);
    // All files stay open until the end.
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0)
    {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    const std::set<std::uint32_t> wanted(nodes.begin(), nodes.end());
    ns3::PointToPointHelper helper;
    for (const auto& pair : network.Pairs())
    {
        const std::uint32_t ends[2] = {pair.a, pair.b};
        for (auto i : {0, 1})
        {
            if (wanted.count(ends[i]) == 1)
            {
                const auto file = folder + "/" + network.NodeId(ends[i]) + "~" + network.NodeId(ends[1 - i]) + ".pcap";
                helper.EnablePcap(file, pair.devices[i], false, true);
            }
        }
    }
}

void Report(const Network& network, std::int64_t tick, RowFile& file)
{
    for (std::uint32_t link = 0; link < network.LinkCount(); ++link)
    {
        const auto& channel = *network.Pairs()[link / 2].channel;
        const int direction = link % 2;
        if (channel.IsKnown(direction))
        {
            const auto state = channel.Get(direction);
            char text[128];
            std::snprintf(text,
                          sizeof text,
                          "%lld,%u,%d,%.9f,%llu,%.9f\n",
                          static_cast<long long>(tick),
                          link,
                          state.up ? 1 : 0,
                          static_cast<double>(state.delayNs) * 1e-9,
                          static_cast<unsigned long long>(state.rateBps),
                          static_cast<double>(state.lossPpb) * 1e-9);
            file.Stream() << text;
        }
    }
}

void WriteSamples(const std::vector<std::unique_ptr<Flow>>& flows, const std::string& path)
{
    RowFile file(path, "flow,t_s,rtt_s,one_way_delay_s,loss,goodput_bps,hops,path");
    const auto write = [&file](const char* format, auto value) {
        char text[64];
        std::snprintf(text, sizeof text, format, value);
        file.Stream() << text;
    };
    const auto seconds = [&write](const std::optional<std::int64_t>& ns) {
        if (ns)
        {
            write("%.9f", static_cast<double>(*ns) * 1e-9);
        }
    };
    for (const auto& flow : flows)
    {
        for (const auto& sample : flow->Samples())
        {
            auto& stream = file.Stream();
            stream << flow->Spec().number << ',';
            seconds(sample.timeNs);
            stream << ',';
            seconds(sample.rttNs);
            stream << ',';
            seconds(sample.oneWayDelayNs);
            stream << ',';
            if (sample.loss)
            {
                write("%.9f", *sample.loss);
            }
            stream << ',';
            if (sample.goodputBps)
            {
                write("%.3f", *sample.goodputBps);
            }
            stream << ',';
            if (!sample.path.empty())
            {
                stream << sample.path.size() - 1;
            }
            stream << ',';
            for (std::size_t i = 0; i < sample.path.size(); ++i)
            {
                stream << (i == 0 ? "" : ">") << sample.path[i];
            }
            stream << '\n';
        }
    }
    file.Close();
}

void WriteCounters(const Network& network, const TracePlayer& player, const std::string& path)
{
    std::uint64_t queueDrops = 0;
    for (const auto& pair : network.Pairs())
    {
        queueDrops += pair.channel->GetQueueDrops();
    }
    RowFile file(path, "name,value");
    file.Stream() << "link_rows," << player.linkRows << "\nroute_rows," << player.routeRows << "\ncut_packets,"
                  << network.counters.cutPackets << "\nlost_packets," << network.counters.lostPackets << "\nrefused_packets,"
                  << network.counters.refusedPackets << "\nqueue_drops," << queueDrops << "\nevents," << ns3::Simulator::GetEventCount()
                  << '\n';
    file.Close();
}

/// As FlowMonitor's own function for files, which does not say when the disk is full.
void WriteMonitor(ns3::Ptr<ns3::FlowMonitor> monitor, const std::string& path)
{
    RowFile file(path, "<?xml version=\"1.0\" ?>");
    if (monitor)
    {
        monitor->CheckForLostPackets();
        monitor->SerializeToXmlStream(file.Stream(), 0, false, false);
    }
    file.Close();
}

void Run(const Options& options)
{
    SetDefaults(options.seed);
    Network network(options.tables, options.ipv6, QueueRule{options.queuePackets, options.queueS});
    TracePlayer player(options.links, options.routes, network, options.ticks, options.dtMs);
    RowFile applied(options.results + "/applied.csv", "tick,link,up,delay_s,rate_bps,loss");
    ns3::Simulator::Schedule(ns3::MilliSeconds(options.reportTick * options.dtMs), [&] { Report(network, options.reportTick, applied); });
    const auto specs = ReadFlows(options.tables + "/flows.csv", network);
    ns3::FlowMonitorHelper helper;
    const auto monitor = Monitor(specs, network, helper);
    const FlowSettings settings{options.dtMs * 1'000'000, options.ticks, options.congestion};
    std::vector<std::unique_ptr<Flow>> flows;
    for (const auto& spec : specs)
    {
        flows.push_back(MakeFlow(spec, network, settings));
    }
    Capture(Numbers(options.pcap), network, options.results + "/pcap");

    ns3::Simulator::Stop(ns3::MilliSeconds(options.stopMs));
    ns3::Simulator::Run();

    player.ExpectEnd();
    applied.Close();
    WriteSamples(flows, options.results + "/samples.csv");
    WriteMonitor(monitor, options.results + "/flowmon.xml");
    WriteCounters(network, player, options.results + "/counters.csv");
    ns3::Simulator::Destroy();
}

} // namespace

int main(int argc, char** argv)
{
    const auto options = Parse(argc, argv);
    try
    {
        Run(options);
    }
    catch (const std::exception& error)
    {
        std::cerr << error.what() << std::endl;
        // Not through ns-3's own end, which may trip over what was left half way.
        std::quick_exit(1);
    }
    return 0;
}
