#pragma once

#include "ocpi/protocol/party.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ocpi::crud::sqlite {

class database;

/// The numbers of modules and parties, so that rows and indexes hold small integers in place of
/// texts. The writer gives a number in the transaction that needs it first; it never changes. A
/// connection remembers numbers that it has read or given.
class names {
public:
    /// Of a name that has no number: no record has it. 0 stands for no party in totals.
    static constexpr std::int64_t unknown = -1;

    explicit names(database& connection) : connection_(connection) {}

    std::int64_t find_module(std::string_view name);
    std::int64_t find_party(const party& named);
    std::vector<std::int64_t> find_parties(const std::vector<party>& named);

    /// Gives a number to a name that has none. In a write transaction.
    std::int64_t add_module(std::string_view name);
    std::int64_t add_party(const party& named);

    /// Call after a rollback, which takes numbers back.
    void forget() noexcept;

private:
    using numbers = std::unordered_map<std::string, std::int64_t>;

    database& connection_;
    numbers modules_;
    /// By folded country code and party id.
    numbers parties_;
};

}  // namespace ocpi::crud::sqlite
