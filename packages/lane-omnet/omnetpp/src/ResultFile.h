#ifndef SATSIM_RESULTFILE_H
#define SATSIM_RESULTFILE_H

#include <cstdint>
#include <cstdio>
#include <string>

namespace satsim {

class SatLink;
struct Sample;

/// One of the files with comma-separated values that a simulation leaves; every error names it.
class ResultFile
{
  public:
    ResultFile(const std::string& path, const char *header);
    ~ResultFile();
    ResultFile(const ResultFile&) = delete;
    ResultFile& operator=(const ResultFile&) = delete;

    void write(const Sample& sample);
    void write(const char *name, int64_t value);
    void write(int64_t tick, const SatLink& link);
    /// Throws cRuntimeError when not all could be written.
    void close();

  private:
    std::string path;
    std::FILE *file;
};

}  // namespace satsim

#endif
