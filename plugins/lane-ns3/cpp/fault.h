#pragma once

#include <stdexcept>
#include <string>

/// What ends the program with exit code 1 and a message for people: what is wrong, in which file and line.
struct Fault : std::runtime_error
{
    using std::runtime_error::runtime_error;
};
