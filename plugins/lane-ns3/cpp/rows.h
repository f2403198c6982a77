#pragma once

#include "fault.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

/// Reads a file of comma-separated fields line by line, and says of everything wrong where it stands.
class Rows
{
  public:
    static constexpr std::size_t MOST_FIELDS = 16;

    /// Opens the file and reads its first line, which has to be `header`.
    Rows(std::string path, const std::string& header, std::size_t fields)
        : m_path(std::move(path)),
          m_file(m_path),
          m_fieldCount(fields)
    {
        if (!m_file)
        {
            throw Fault("cannot read " + m_path + ": " + std::strerror(errno));
        }
        if (!ReadLine() || m_line != header)
        {
            throw Wrong("the header is not " + header);
        }
    }

    /// Goes to the next line; false at the end.
    bool Next()
    {
        if (!ReadLine())
        {
            return false;
        }
        std::size_t count = 0;
        std::size_t from = 0;
        for (;;)
        {
            const auto comma = m_line.find(',', from);
            if (count < MOST_FIELDS)
            {
                const auto length = comma == std::string::npos ? m_line.size() - from : comma - from;
                m_fields[count] = std::string_view(m_line).substr(from, length);
            }
            ++count;
            if (comma == std::string::npos)
            {
                break;
            }
            from = comma + 1;
        }
        if (count != m_fieldCount)
        {
            throw Wrong(std::to_string(m_fieldCount) + " fields are wanted, not " + std::to_string(count));
        }
        return true;
    }

    std::string_view Text(std::size_t field) const
    {
        return m_fields[field];
    }

    bool IsEmpty(std::size_t field) const
    {
        return m_fields[field].empty();
    }

    /// A whole number from 0 to `most`.
    std::int64_t Whole(std::size_t field, const char* name, std::int64_t most = INT64_MAX) const
    {
        const auto text = m_fields[field];
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || value < 0)
        {
            throw Wrong(std::string(name) + " is not a whole number: " + std::string(text));
        }
        if (value > most)
        {
            throw Wrong(std::string(name) + " " + std::to_string(value) + " is more than " + std::to_string(most));
        }
        return value;
    }

    /// A number with exactly so many decimals, in units of the last one.
    std::int64_t Fixed(std::size_t field, const char* name, std::size_t decimals) const
    {
        const auto text = m_fields[field];
        const auto dot = text.size() > decimals + 1 ? text.size() - decimals - 1 : 0;
        std::int64_t value = 0;
        bool valid = dot > 0 && text.size() <= 19 && text[dot] == '.';
        for (std::size_t i = 0; valid && i < text.size(); ++i)
        {
            if (i != dot)
            {
                valid = text[i] >= '0' && text[i] <= '9';
                value = value * 10 + (text[i] - '0');
            }
        }
        if (!valid)
        {
            throw Wrong(std::string(name) + " is not a number with " + std::to_string(decimals) +
                        " decimals: " + std::string(text));
        }
        return value;
    }

    /// Seconds with any decimals, as nanoseconds.
    std::int64_t Seconds(std::size_t field, const char* name) const
    {
        const auto text = m_fields[field];
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value < 9e9))
        {
            throw Wrong(std::string(name) + " is not a time in seconds: " + std::string(text));
        }
        return static_cast<std::int64_t>(value * 1e9 + 0.5);
    }

    /// The error that names this line.
    Fault Wrong(const std::string& what) const
    {
        return Fault(m_path + ":" + std::to_string(m_number) + ": " + what);
    }

  private:
    bool ReadLine()
    {
        ++m_number;
        if (!std::getline(m_file, m_line))
        {
            return false;
        }
        if (m_file.eof())
        {
            throw Wrong("the last line does not end: the file is cut off");
        }
        return true;
    }

    const std::string m_path;
    std::ifstream m_file;
    const std::size_t m_fieldCount;
    std::string m_line;
    std::array<std::string_view, MOST_FIELDS> m_fields;
    std::uint64_t m_number = 0;
};

/// Writes a file of rows; what the disk refuses is told at the end.
class RowFile
{
  public:
    RowFile(std::string path, const char* header)
        : m_path(std::move(path)),
          m_file(m_path)
    {
        m_file << header << '\n';
    }

    std::ofstream& Stream()
    {
        return m_file;
    }

    void Close()
    {
        errno = 0;
        m_file.close();
        if (m_file.fail())
        {
            throw Fault("cannot write " + m_path + ": " + std::strerror(errno == 0 ? ENOSPC : errno));
        }
    }

  private:
    const std::string m_path;
    std::ofstream m_file;
};
