#pragma once

#include "crud/crud.hpp"
#include "crud/total_slots.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>

namespace ocpi::crud {

/// What of a record the counters count. A store names modules and parties as its tables do: by
/// numbers, or by texts. `emsp` is that type's empty value if the record concerns no eMSP.
template <class Module, class Party>
struct counted_record {
    /// Its place in the order of creation. 0: it has none yet; the store counts it in its blocks
    /// when it allots one.
    std::int64_t sequence = 0;
    Module module{};
    Party owner{};
    Party emsp{};
    date_time last_updated;
    std::optional<crud::summary> summary;
};

/// `sum` + `sign` * `number`, at the end of the range if it is beyond.
constexpr std::int64_t bounded_sum(std::int64_t sum, std::int64_t number, int sign)
{
    std::int64_t result = 0;
    const bool overflows = sign > 0 ? __builtin_add_overflow(sum, number, &result)
                                    : __builtin_sub_overflow(sum, number, &result);
    if (!overflows) return result;
    const bool is_up = (number > 0) == (sign > 0);
    return is_up ? std::numeric_limits<std::int64_t>::max()
                 : std::numeric_limits<std::int64_t>::min();
}

/// By how much the writes of one transaction change the tables list_total and record_total. Many of
/// them concern the same rows, each of which is written once, in the order of the keys. A store
/// writes what has been collected here, and deletes rows whose count becomes 0.
template <class Module, class Party>
class counter_changes {
public:
    using record_type = counted_record<Module, Party>;

    struct sum_key {
        Module module;
        total_level level;
        std::string category;
        std::int64_t slot;
        std::string currency;

        friend auto operator<=>(const sum_key&, const sum_key&) = default;
    };

    struct list_key {
        Module module;
        list_level level;
        std::int64_t slot;
        Party owner;
        Party emsp;

        friend auto operator<=>(const list_key&, const list_key&) = default;
    };

    /// Each number of a summary is less than 10^15 (crud::to_millionths).
    struct sums {
        std::int64_t count = 0;
        std::int64_t kwh = 0;
        std::int64_t cost = 0;

        bool is_zero() const noexcept { return count == 0 && kwh == 0 && cost == 0; }
    };

    void add(const record_type& record) { count(record, 1); }
    void remove(const record_type& record) { count(record, -1); }

    /// Of record_total. Some may be zero: their rows stay as they are.
    const std::map<sum_key, sums>& of_sums() const noexcept { return sums_; }
    /// Of list_total; some may be 0.
    const std::map<list_key, std::int64_t>& of_lists() const noexcept { return lists_; }

private:
    void count(const record_type& record, int sign)
    {
        const auto add = [&](list_level level, std::int64_t slot) {
            lists_[{record.module, level, slot, record.owner, record.emsp}] += sign;
        };
        add(list_level::all, 0);
        add(list_level::day_of_update, slot_of(record.last_updated, total_level::day_of_update));
        if (record.sequence > 0) {
            add(list_level::wide_block, record.sequence / wide_block_size);
            add(list_level::block, record.sequence / block_size);
        }
        if (record.summary) count_summary(record, sign);
    }

    void count_summary(const record_type& record, int sign)
    {
        const auto& summary = *record.summary;
        const auto add = [&](total_level level, date_time instant) {
            auto& into = sums_[{record.module, level, summary.category, slot_of(instant, level),
                                summary.currency}];
            into.count += sign;
            into.kwh = bounded_sum(into.kwh, summary.kwh.value_or(0), sign);
            into.cost = bounded_sum(into.cost, summary.cost.value_or(0), sign);
        };
        add(total_level::quarter_hour_of_update, record.last_updated);
        add(total_level::day_of_update, record.last_updated);
        if (summary.started_at) add(total_level::quarter_hour_of_start, *summary.started_at);
    }

    std::map<sum_key, sums> sums_;
    std::map<list_key, std::int64_t> lists_;
};

}  // namespace ocpi::crud
