#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ocpi::bench {

/// What one run of one row has shown.
struct measurement {
    /// In the row's unit.
    double value = 0;
    std::optional<double> cpu_us;  ///< the server's, for each request
    std::optional<double> faults;  ///< minor page faults for each request
    std::optional<double> resident_mib;
    std::optional<double> p99_ms;
    std::optional<double> bytes;  ///< head and body of an answer; not shown
};

enum class goal_kind {
    none,
    ratio_at_least,  ///< of ours to what it is compared with
    ratio_at_most,
    at_least,
    at_most,
};

struct goal {
    goal_kind kind = goal_kind::none;
    double bound = 0;
};

/// A row of the table.
struct row_spec {
    std::string title;
    std::string unit;  ///< such as `/s` or `ms`
    goal wanted;
    /// What it is compared with; empty: only the goal.
    std::string yardstick;
};

/// A row with all rounds' measurements.
struct row {
    row_spec spec;
    std::vector<measurement> ours;
    std::vector<measurement> compared;
};

/// The middle one, or the mean of the middle two; 0 without any.
double median(std::vector<double> values);

/// Half the distance of the greatest and the smallest to each other, as a part of the median.
double spread(const std::vector<double>& values);

/// Median of all rounds of each figure that all rounds have.
measurement middle(const std::vector<measurement>& rounds);

/// Ours to the yardstick's, of the medians; std::nullopt without a yardstick.
std::optional<double> ratio_of(const row& of);

/// std::nullopt without a goal, or without the yardstick that it needs.
std::optional<bool> is_met(const row& of);

/// `≥ 0.6 ×`, `≤ 5 ms`; empty without a goal.
std::string describe_goal(const row_spec& of);

/// The rows as a table in Markdown, its columns padded.
std::string write_table(const std::vector<row>& rows);

/// `text` with what is between the lines `begin` and `end` replaced. Throws std::runtime_error when
/// they are not there.
std::string replace_between(const std::string& text, const std::string& begin,
                            const std::string& end, const std::string& replacement);

}  // namespace ocpi::bench
