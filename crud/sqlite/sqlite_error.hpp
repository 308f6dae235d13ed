#pragma once

#include <stdexcept>
#include <string>

namespace ocpi::crud::sqlite {

/// What SQLite refused. what() names what was being done and SQLite's own explanation; it is
/// meant for the operator, never for a client.
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(const std::string& doing, const std::string& explanation, int code)
        : std::runtime_error(doing + ": " + explanation + " (SQLite " + std::to_string(code) + ")"),
          code_(code)
    {
    }

    /// SQLite's extended result code.
    int code() const noexcept { return code_; }
    /// The kind of failure that it is one of: SQLITE_IOERR, SQLITE_FULL, SQLITE_BUSY.
    int primary_code() const noexcept { return code_ & 0xff; }

private:
    int code_;
};

}  // namespace ocpi::crud::sqlite
