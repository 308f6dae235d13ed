#include "bench/run/measurement.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace ocpi::bench {
namespace {

std::vector<double> values_of(const std::vector<measurement>& rounds)
{
    std::vector<double> values;
    for (const auto& each : rounds) values.push_back(each.value);
    return values;
}

std::optional<double> middle_of(const std::vector<measurement>& rounds,
                                std::optional<double> measurement::*figure)
{
    std::vector<double> values;
    for (const auto& each : rounds) {
        if (each.*figure) values.push_back(*(each.*figure));
    }
    if (values.empty() || values.size() != rounds.size()) return {};
    return median(std::move(values));
}

/// Three digits that matter or a whole number, thousands apart.
std::string write_number(double value)
{
    char text[64];
    const auto size = std::fabs(value);
    std::snprintf(text, sizeof text,
                  size >= 100 || size == std::floor(size) ? "%.0f"
                  : size >= 10                            ? "%.1f"
                                                          : "%.2f",
                  value);
    std::string digits = text;
    const std::size_t first = value < 0 ? 1 : 0;
    if (size >= 1000) {
        for (auto at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
    }
    return digits;
}

std::string with_unit(double value, const std::string& unit)
{
    return write_number(value) + (unit.starts_with('/') || unit.empty() ? unit : " " + unit);
}

std::string optional_number(const std::optional<double>& value)
{
    return value ? write_number(*value) : "";
}

/// In characters of a terminal: continuation bytes of UTF-8 take no place.
std::size_t width_of(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

using table = std::vector<std::vector<std::string>>;

std::string layout(const table& cells)
{
    std::vector<std::size_t> widths(cells.front().size(), 3);
    for (const auto& line : cells) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(line[i]));
        }
    }
    std::string text;
    const auto add_line = [&](const std::vector<std::string>& line) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            text +=
                (i == 0 ? "| " : " | ") + line[i] + std::string(widths[i] - width_of(line[i]), ' ');
        }
        text += " |\n";
    };
    add_line(cells.front());
    std::vector<std::string> rule;
    for (const auto width : widths) rule.emplace_back(width, '-');
    add_line(rule);
    for (std::size_t i = 1; i < cells.size(); ++i) add_line(cells[i]);
    return text;
}

}  // namespace

double median(std::vector<double> values)
{
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double spread(const std::vector<double>& values)
{
    const auto centre = median(values);
    if (centre == 0) return 0;
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    return (*greatest - *least) / 2 / std::fabs(centre);
}

measurement middle(const std::vector<measurement>& rounds)
{
    measurement of;
    of.value = median(values_of(rounds));
    of.cpu_us = middle_of(rounds, &measurement::cpu_us);
    of.faults = middle_of(rounds, &measurement::faults);
    of.resident_mib = middle_of(rounds, &measurement::resident_mib);
    of.p99_ms = middle_of(rounds, &measurement::p99_ms);
    return of;
}

std::optional<double> ratio_of(const row& of)
{
    if (of.compared.empty() || of.ours.empty()) return {};
    const auto other = middle(of.compared).value;
    if (other == 0) return {};
    return middle(of.ours).value / other;
}

std::optional<bool> is_met(const row& of)
{
    const auto ratio = ratio_of(of);
    const auto value = middle(of.ours).value;
    switch (of.spec.wanted.kind) {
        case goal_kind::none: return {};
        case goal_kind::at_least: return value >= of.spec.wanted.bound;
        case goal_kind::at_most: return value <= of.spec.wanted.bound;
        case goal_kind::ratio_at_least:
            return ratio ? std::optional(*ratio >= of.spec.wanted.bound) : std::nullopt;
        case goal_kind::ratio_at_most:
            return ratio ? std::optional(*ratio <= of.spec.wanted.bound) : std::nullopt;
    }
    return {};
}

std::string describe_goal(const row_spec& of)
{
    const auto bound = of.wanted.bound;
    switch (of.wanted.kind) {
        case goal_kind::none: return "";
        case goal_kind::at_least: return "≥ " + with_unit(bound, of.unit);
        case goal_kind::at_most: return "≤ " + with_unit(bound, of.unit);
        case goal_kind::ratio_at_least: return "≥ " + write_number(bound) + " ×";
        case goal_kind::ratio_at_most: return "≤ " + write_number(bound) + " ×";
    }
    return "";
}

std::string write_table(const std::vector<row>& rows)
{
    table cells{{"what", "ours", "compared with", "ratio", "goal", "met", "spread", "p99 ms",
                 "CPU µs", "faults", "RSS MiB"}};
    for (const auto& each : rows) {
        const auto ours = middle(each.ours);
        const auto ratio = ratio_of(each);
        const auto met = is_met(each);
        std::string other;
        if (!each.compared.empty()) {
            other =
                each.spec.yardstick + ": " + with_unit(middle(each.compared).value, each.spec.unit);
        }
        char spread_text[64];
        std::snprintf(spread_text, sizeof spread_text, "± %.0f %%",
                      100 * spread(values_of(each.ours)));
        cells.push_back({each.spec.title, with_unit(ours.value, each.spec.unit), other,
                         ratio ? write_number(*ratio) : "", describe_goal(each.spec),
                         !met   ? ""
                         : *met ? "yes"
                                : "no",
                         spread_text, optional_number(ours.p99_ms), optional_number(ours.cpu_us),
                         optional_number(ours.faults), optional_number(ours.resident_mib)});
    }
    return layout(cells);
}

std::string replace_between(const std::string& text, const std::string& begin,
                            const std::string& end, const std::string& replacement)
{
    const auto from = text.find(begin + '\n');
    const auto to = text.find(end + '\n', from == std::string::npos ? 0 : from);
    if (from == std::string::npos || to == std::string::npos) {
        throw std::runtime_error("no lines " + begin + " and " + end);
    }
    const auto kept = from + begin.size() + 1;
    return text.substr(0, kept) + replacement + text.substr(to);
}

}  // namespace ocpi::bench
