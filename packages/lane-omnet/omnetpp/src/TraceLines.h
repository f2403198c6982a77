#ifndef SATSIM_TRACELINES_H
#define SATSIM_TRACELINES_H

#include <cstdint>
#include <string>

namespace satsim {

/// Reads lines of comma-separated numbers from a file that is mapped into memory; every error names file and line.
class TraceLines
{
  public:
    /// Throws cRuntimeError when the file cannot be read or its first line is another.
    TraceLines(const std::string& file, const std::string& header);
    ~TraceLines();
    TraceLines(const TraceLines&) = delete;
    TraceLines& operator=(const TraceLines&) = delete;

    /// Moves on to the next line; false at the end of the file.
    bool next();
    /// The next field of the line, a whole number.
    int64_t integer(const char *name);
    /// The next field of the line, a number without exponent, in units of 10^-decimals; further digits are an error.
    int64_t fixed(const char *name, int decimals);
    /// Whether the next field has nothing in it; then it is passed over.
    bool empty();
    /// Throws when the line has more fields.
    void end() const;
    [[noreturn]] void fault(const std::string& what) const;

  private:
    std::string file;
    const char *begin = nullptr;
    const char *stop = nullptr;      // of the file
    const char *field = nullptr;     // the next one
    const char *lineEnd = nullptr;
    int64_t line = 0;

    void openFile();
    const char *fieldEnd() const;
    void passField(const char *fieldStop);
};

}  // namespace satsim

#endif
