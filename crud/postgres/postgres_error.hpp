#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace ocpi::crud::postgres {

/// A statement or a connection that failed. The text is for the operator and holds no password.
class postgres_error : public std::runtime_error {
public:
    postgres_error(const std::string& text, std::string sqlstate)
        : std::runtime_error(text), sqlstate_(std::move(sqlstate))
    {
    }

    /// Five characters as PostgreSQL lists them; empty: the connection is lost, so that it is not
    /// known what became of the statements under way.
    const std::string& sqlstate() const noexcept { return sqlstate_; }
    bool is_connection_lost() const noexcept { return sqlstate_.empty(); }
    /// 08003: there was no connection, and no statement was sent.
    bool is_not_sent() const noexcept { return sqlstate_ == "08003"; }
    /// 40001 and 40P01: the same transaction may succeed when it is run again.
    bool is_serialization_failure() const noexcept
    {
        return sqlstate_ == "40001" || sqlstate_ == "40P01";
    }
    /// 23505: a row with that key has been there.
    bool is_unique_violation() const noexcept { return sqlstate_ == "23505"; }

private:
    std::string sqlstate_;
};

}  // namespace ocpi::crud::postgres
