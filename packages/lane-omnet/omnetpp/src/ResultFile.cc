#include "ResultFile.h"

#include <cerrno>
#include <cinttypes>
#include <cstring>

#include <omnetpp.h>

#include "Flow.h"
#include "SatLink.h"

using omnetpp::cRuntimeError;

namespace satsim {

namespace {

void writeField(std::FILE *file, const std::optional<double>& value, const char *format)
{
    std::fputc(',', file);
    if (value)
        std::fprintf(file, format, *value);
}

}  // namespace

ResultFile::ResultFile(const std::string& path, const char *header) : path(path), file(std::fopen(path.c_str(), "w"))
{
    if (file == nullptr)
        throw cRuntimeError("cannot write %s: %s", path.c_str(), std::strerror(errno));
    std::fprintf(file, "%s\n", header);
}

ResultFile::~ResultFile()
{
    if (file != nullptr)
        std::fclose(file);
}

void ResultFile::write(const Sample& sample)
{
    std::fprintf(file, "%d,%.6f", sample.flow, sample.time.dbl());
    writeField(file, sample.rtt, "%.12f");
    writeField(file, sample.oneWayDelay, "%.12f");
    writeField(file, sample.loss, "%.9f");
    writeField(file, sample.goodput, "%.3f");
    std::fputc(',', file);
    if (!sample.path.empty())
        std::fprintf(file, "%zu", sample.path.size() - 1);
    std::fputc(',', file);
    for (size_t place = 0; place < sample.path.size(); place++)
        std::fprintf(file, place == 0 ? "%d" : ">%d", sample.path[place]);
    std::fputc('\n', file);
}

void ResultFile::write(const char *name, int64_t value)
{
    std::fprintf(file, "%s,%" PRId64 "\n", name, value);
}

void ResultFile::write(int64_t tick, const SatLink& link)
{
    std::fprintf(file, "%" PRId64 ",%d,%d,%.9f,%.0f,%.9f\n", tick, link.getNumber(), link.isDisabled() ? 0 : 1, link.getDelay().dbl(),
                 link.getDatarate(), link.getPacketErrorRate());
}

void ResultFile::close()
{
    bool failed = std::ferror(file) != 0;
    failed = std::fclose(file) != 0 || failed;
    file = nullptr;
    if (failed)
        throw cRuntimeError("cannot write all of %s: %s", path.c_str(), std::strerror(errno));
}

}  // namespace satsim
