#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ocpi::crud::postgres {

/// The statements that are prepared on one connection, by their text: at most `capacity` of them,
/// of which the least recently used makes room. A statement is prepared in the same trip as its
/// first use, and known to be there only when the server has confirmed it; until then other runs
/// send its text.
class statement_names {
public:
    explicit statement_names(std::size_t capacity = 500) : capacity_(capacity) {}

    struct choice {
        std::string name;  // empty: it is not prepared
        bool is_to_prepare = false;
        /// A statement that nobody will use again, to be deallocated after this run.
        std::optional<std::string> evicted;
    };

    /// The name by which the run of that number executes a statement. Within one run a statement
    /// that it prepares itself may be used again, since a failure ends the run.
    choice choose(const std::string& sql, std::uint64_t run);

    /// The server has prepared it.
    void confirm(std::string_view name);
    /// The server has not, or it is not known whether it has. One that is confirmed stays.
    void forget_unconfirmed(std::string_view name);
    /// The server has it no longer, or cannot execute it any longer.
    void forget(std::string_view name);

    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct entry {
        std::string sql;
        std::string name;
        std::uint64_t run = 0;  // the one that prepares it
        bool is_confirmed = false;
    };

    std::size_t capacity_;
    std::uint64_t last_number_ = 0;
    std::list<entry> entries_;  // the most recently used first
    std::unordered_map<std::string_view, std::list<entry>::iterator> by_sql_;
    std::unordered_map<std::string_view, std::list<entry>::iterator> by_name_;
};

}  // namespace ocpi::crud::postgres
