#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/base/time_zone.hpp"

#include <toml++/toml.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ocpi::app {

/// Reads one TOML table key by key and knows at the end which keys nobody asked for. A fault names
/// the source, the line and the key. With a list of faults they are collected there: a value of the
/// wrong type is read as absent, a complaint ends the reading of its table. Without one, the first
/// fault is thrown as a std::runtime_error.
class table_reader {
public:
    /// `faults` may be nullptr.
    table_reader(const toml::table& table, std::string path, const std::string& source,
                 std::vector<std::string>* faults = nullptr)
        : table_(table), path_(std::move(path)), source_(source), faults_(faults)
    {
    }

    std::optional<std::string> text(const std::string& key);
    std::optional<bool> boolean(const std::string& key);
    /// A whole number between the bounds.
    std::optional<std::int64_t> integer(const std::string& key, std::int64_t min, std::int64_t max);
    /// Seconds, also fractions of them, between the bounds: a millisecond and a day.
    std::optional<double> seconds(const std::string& key, double min = 0.001, double max = 86'400);
    /// A number above 0. A fraction is the shortest decimal that TOML's binary number stands for:
    /// what was written, up to 15 digits.
    std::optional<decimal> positive_number(const std::string& key);
    /// A zone of this machine's time zone database.
    std::optional<time_zone> zone(const std::string& key);
    std::vector<std::string> texts(const std::string& key);
    std::string required_text(const std::string& key);

    /// Calls `read` with the table of that name, if there is one.
    void table(const std::string& key, const std::function<void(table_reader&)>& read);
    /// Calls `read` with each table of an array of tables (`[[key]]`).
    void tables(const std::string& key, const std::function<void(table_reader&)>& read);

    /// Reads this table by `read`, up to its first complaint, and finds the keys that were not
    /// asked for.
    void run(const std::function<void(table_reader&)>& read);

    /// Finds the keys that were not asked for.
    void finish() const;

    /// A fault, after which the table can be read on.
    void note(const std::string& key, const std::string& what) const;
    /// A fault, after which it cannot.
    [[noreturn]] void complain(const std::string& key, const std::string& what) const;

private:
    /// Thrown by complain() when faults are collected.
    struct reading_ends {};

    const toml::node* find(const std::string& key);
    std::string full_name(const std::string& key) const;

    const toml::table& table_;
    std::string path_;
    const std::string& source_;
    std::vector<std::string>* faults_;
    std::set<std::string> asked_;
};

}  // namespace ocpi::app
