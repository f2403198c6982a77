#include "TraceLines.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include <omnetpp/cexception.h>

namespace satsim {

using omnetpp::cRuntimeError;

TraceLines::TraceLines(const std::string& file, const std::string& header) : file(file)
{
    openFile();
    field = lineEnd = begin;
    if (!next() || std::string(field, lineEnd) != header) {
        line = 1;
        fault("the first line is not `" + header + "`");
    }
}

TraceLines::~TraceLines()
{
    if (begin != nullptr && stop > begin)
        munmap(const_cast<char *>(begin), stop - begin);
}

void TraceLines::openFile()
{
    int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        std::string reason = strerror(errno);
        if (descriptor >= 0)
            ::close(descriptor);
        throw cRuntimeError("cannot read %s: %s", file.c_str(), reason.c_str());
    }
    void *mapped = status.st_size == 0 ? nullptr : mmap(nullptr, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    ::close(descriptor);
    if (mapped == MAP_FAILED)
        throw cRuntimeError("cannot map %s: %s", file.c_str(), strerror(errno));
    if (mapped != nullptr)
        madvise(mapped, status.st_size, MADV_SEQUENTIAL);
    begin = static_cast<const char *>(mapped);
    stop = begin + status.st_size;
}

bool TraceLines::next()
{
    const char *start = line == 0 ? begin : lineEnd + 1;
    if (start >= stop || begin == nullptr)
        return false;
    line++;
    field = start;
    lineEnd = static_cast<const char *>(memchr(start, '\n', stop - start));
    if (lineEnd == nullptr) {
        lineEnd = stop;
        fault("the line has no end: the file is cut off");
    }
    return true;
}

const char *TraceLines::fieldEnd() const
{
    const char *comma = static_cast<const char *>(memchr(field, ',', lineEnd - field));
    return comma == nullptr ? lineEnd : comma;
}

void TraceLines::passField(const char *fieldStop)
{
    field = fieldStop == lineEnd ? lineEnd + 1 : fieldStop + 1;
}

int64_t TraceLines::integer(const char *name)
{
    if (field > lineEnd)
        fault(std::string(name) + " is missing");
    int64_t value = 0;
    auto [at, error] = std::from_chars(field, lineEnd, value);
    if (error != std::errc() || (at != lineEnd && *at != ','))
        fault(std::string(name) + " is not a whole number: " + std::string(field, fieldEnd()));
    passField(at);
    return value;
}

int64_t TraceLines::fixed(const char *name, int decimals)
{
    if (field > lineEnd)
        fault(std::string(name) + " is missing");
    const char *start = field;
    bool negative = start != lineEnd && *start == '-';
    const char *at = negative ? start + 1 : start;
    int64_t value = 0;
    int digits = 0;
    int places = -1;    // behind the dot
    for (; at != lineEnd && *at != ','; at++) {
        if (*at == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (*at < '0' || *at > '9' || digits == 18 || places == decimals)
            fault(std::string(name) + " is not a number with up to " + std::to_string(decimals) + " decimals: " + std::string(start, fieldEnd()));
        value = 10 * value + (*at - '0');
        digits++;
        if (places >= 0)
            places++;
    }
    if (digits == 0)
        fault(std::string(name) + " is not a number: " + std::string(start, at));
    for (int place = places < 0 ? 0 : places; place < decimals; place++)
        if (__builtin_mul_overflow(value, int64_t(10), &value))
            fault(std::string(name) + " is too large: " + std::string(start, at));
    passField(at);
    return negative ? -value : value;
}

bool TraceLines::empty()
{
    if (field > lineEnd || fieldEnd() != field)
        return false;
    passField(field);
    return true;
}

void TraceLines::end() const
{
    if (field <= lineEnd)
        fault("there is more than the header names: " + std::string(field, lineEnd));
}

void TraceLines::fault(const std::string& what) const
{
    throw cRuntimeError("%s:%lld: %s", file.c_str(), static_cast<long long>(line), what.c_str());
}

}  // namespace satsim
