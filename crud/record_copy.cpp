#include "crud/record_copy.hpp"

#include "crud/contents_counter.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace ocpi::crud {
namespace {

/// Drops the records that are in the target already.
void drop_until(std::vector<stored_record>& records, std::uint64_t reached)
{
    const auto first = std::find_if(records.begin(), records.end(),
                                    [&](const auto& each) { return each.sequence > reached; });
    records.erase(records.begin(), first);
}

void require_unchanged(record_source& from, const copy_origin& origin)
{
    if (from.latest() == origin.latest) return;
    throw copy_differs(origin.source +
                       " has been written to while it was copied: stop the servers on it and run "
                       "this again");
}

contents_counter::outcome copy_all(record_source& from, record_sink& to, std::uint64_t reached,
                                   const copy_origin& origin, const copy_report& report)
{
    copy_progress so_far;
    so_far.total = from.count();
    report(so_far);
    contents_counter counter;
    for (auto batch = from.read(); !batch.empty(); batch = from.read()) {
        for (const auto& each : batch) counter.add(each);
        so_far.records = counter.records();
        drop_until(batch, reached);
        if (batch.empty()) {
            so_far.skipped = so_far.records;
        } else {
            to.write(batch);
        }
        report(so_far);
    }
    require_unchanged(from, origin);
    return counter.finish(origin.latest.revision);
}

contents_counter::outcome read_all(record_source& from, const copy_origin& origin,
                                   std::uint64_t total, const copy_report& report)
{
    copy_progress so_far;
    so_far.step = copy_step::verify;
    so_far.total = total;
    report(so_far);
    contents_counter counter;
    for (auto batch = from.read(); !batch.empty(); batch = from.read()) {
        for (const auto& each : batch) counter.add(each);
        so_far.records = counter.records();
        report(so_far);
    }
    return counter.finish(origin.latest.revision);
}

/// `sessions: 12 records in place of 13`, `tariffs: other contents`, for each module that differs.
std::string describe_difference(const contents_counter::outcome& expected,
                                const contents_counter::outcome& found)
{
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> counts;
    for (const auto& each : expected.contents.modules) counts[each.module].first = each.records;
    for (const auto& each : found.contents.modules) counts[each.module].second = each.records;
    std::string text;
    for (const auto& [module, count] : counts) {
        std::string difference;
        if (count.first != count.second) {
            difference = std::to_string(count.second) + " records in place of " +
                         std::to_string(count.first);
        } else if (expected.module_hashes.at(module) != found.module_hashes.at(module)) {
            difference = "other contents";
        }
        if (difference.empty()) continue;
        if (!text.empty()) text += "; ";
        text += module + ": " + difference;
    }
    return text.empty() ? "the records are in another order" : text;
}

}  // namespace

store_contents copy_records(const std::string& source_name, record_source& from, record_sink& to,
                            const copy_report& report)
{
    const copy_origin origin{source_name, from.latest()};
    const auto reached = to.begin(origin);
    auto expected = copy_all(from, to, reached, origin, report);
    const auto written = to.read_back();
    const auto found = read_all(*written, origin, expected.contents.records, report);
    if (found.contents != expected.contents || found.module_hashes != expected.module_hashes) {
        throw copy_differs("the copy differs from " + source_name + ": " +
                           describe_difference(expected, found));
    }
    to.finish();
    return std::move(expected.contents);
}

}  // namespace ocpi::crud
