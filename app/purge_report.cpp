#include "app/purge_report.hpp"

#include "app/text_table.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ocpi::app {
namespace {

std::vector<std::string> cells_of(const std::string& name, const purge_summary::counts& counts)
{
    return {name, std::to_string(counts.purged), std::to_string(counts.lacking),
            std::to_string(counts.changed)};
}

}  // namespace

std::optional<date_time> parse_purge_date(std::string_view text)
{
    constexpr std::size_t date_size = 10;
    std::string instant(text);
    if (instant.size() == date_size) instant += "T00:00:00Z";
    const auto parsed = parse_date_time(instant);
    if (!parsed) return std::nullopt;
    return parsed->value;
}

std::string describe_purge(const purge_summary& summary, const purge_options& options)
{
    std::vector<std::vector<std::string>> rows;
    rows.push_back({"party", options.removes ? "removed" : "to remove", "a partner lacks",
                    "changed meanwhile"});
    for (const auto& [party, counts] : summary.parties) rows.push_back(cells_of(party, counts));
    rows.push_back(cells_of("all", summary.total()));
    return write_table(rows);
}

std::string draw_purge_line(const purge_summary& so_far, bool removes)
{
    const auto total = so_far.total();
    return std::to_string(total.purged) + (removes ? " removed, " : " to remove, ") +
           std::to_string(total.lacking + total.changed) + " kept";
}

}  // namespace ocpi::app
