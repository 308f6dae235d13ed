#pragma once

#include "crud/crud.hpp"
#include "crud/sqlite/schema.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

namespace ocpi::crud::sqlite {

class database;

/// What of a record the totals count.
struct counted_record {
    std::int64_t sequence = 0;
    /// Numbers (names.hpp); 0: it concerns no eMSP.
    std::int64_t module = 0;
    std::int64_t owner = 0;
    std::int64_t emsp = 0;
    date_time last_updated;
    std::optional<crud::summary> summary;
};

/// By how much the writes of one transaction change list_total and record_total. Many of them
/// concern the same rows, each of which is written once.
class counter_changes {
public:
    void add(const counted_record& record) { count(record, 1); }
    void remove(const counted_record& record) { count(record, -1); }

    /// In the transaction of the writes.
    void save(database& connection) const;

private:
    /// module, level, category, slot, currency
    using sum_key = std::tuple<std::int64_t, total_level, std::string, std::int64_t, std::string>;
    /// module, level, slot, owner, eMSP
    using list_key = std::tuple<std::int64_t, list_level, std::int64_t, std::int64_t, std::int64_t>;

    /// Each number of a summary is less than 10^15 (crud::to_millionths).
    struct sums {
        std::int64_t count = 0;
        std::int64_t kwh = 0;
        std::int64_t cost = 0;
    };

    void count(const counted_record& record, int sign);
    void count_summary(const counted_record& record, int sign);
    void save_sums(database& connection) const;
    void save_lists(database& connection) const;

    std::map<sum_key, sums> sums_;
    std::map<list_key, std::int64_t> lists_;
};

}  // namespace ocpi::crud::sqlite
