#pragma once

#include "crud/postgres/blocking_connection.hpp"
#include "crud/record_copy.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ocpi::crud::postgres {

/// The row of a copy that has begun, in the target's own table `migration`.
struct begun_copy {
    copy_origin origin;
    /// All records up to this sequence are there.
    std::uint64_t reached = 0;
    /// Names the run that works on it: a random UUID.
    std::string run;

    friend bool operator==(const begun_copy&, const begun_copy&) = default;
};

/// What a database is, for a copy into it.
struct copy_state {
    /// 0: none of our tables but this version's.
    std::int64_t schema = 0;
    std::optional<begun_copy> copy;

    friend bool operator==(const copy_state&, const copy_state&) = default;
};

/// A transaction that holds the lock under which copies into a database begin, go on and end: that
/// of the row of the version. Rolled back at its end unless it is committed. The connection must
/// outlive it.
class copy_transaction {
public:
    /// Waits for the lock. Makes the table of versions where there is none.
    explicit copy_transaction(blocking_connection& on);
    ~copy_transaction();
    copy_transaction(const copy_transaction&) = delete;
    copy_transaction& operator=(const copy_transaction&) = delete;

    const copy_state& state() const noexcept { return state_; }
    void commit();
    void roll_back() noexcept;

private:
    void read_state();

    blocking_connection& on_;
    bool is_open_ = false;
    copy_state state_;
};

}  // namespace ocpi::crud::postgres
