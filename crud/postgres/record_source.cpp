#include "crud/postgres/record_source.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

/// The size of a document that is stored apart is known without reading it: those behind the bound
/// are not read.
constexpr const char* select_batch =
    "SELECT sequence, revision, last_updated, given_country_code, given_party_id, given_id, "
    "given_emsp_country_code, given_emsp_party_id, given_contract, secondary_key, sort_key, "
    "category, started_at, kwh, cost, currency, search_text, json FROM (SELECT *, "
    "sum(octet_length(json)) OVER (ORDER BY sequence) - octet_length(json) AS bytes_before FROM "
    "record WHERE module = $1 AND sequence > $2 ORDER BY sequence LIMIT $3) AS r "
    "WHERE bytes_before < $4 ORDER BY sequence";

std::string text_at(const rows& from, int row, int column)
{
    return std::string(from.text(row, column));
}

std::optional<std::int64_t> number_at(const rows& from, int row, int column)
{
    if (from.is_null(row, column)) return std::nullopt;
    return from.integer(row, column);
}

std::optional<summary> read_summary(const rows& from, int row)
{
    if (from.is_null(row, 11)) return std::nullopt;
    summary read;
    read.category = text_at(from, row, 11);
    if (const auto started_at = number_at(from, row, 12)) {
        read.started_at = date_time::from_milliseconds(*started_at);
    }
    read.kwh = number_at(from, row, 13);
    read.cost = number_at(from, row, 14);
    read.currency = text_at(from, row, 15);
    read.search_text = text_at(from, row, 16);
    return read;
}

stored_record read_row(const rows& from, int row, const std::string& module)
{
    stored_record read;
    read.module = module;
    read.sequence = static_cast<std::uint64_t>(from.integer(row, 0));
    read.record.revision = static_cast<revision>(from.integer(row, 1));
    std::optional<party> emsp;
    if (!from.is_null(row, 6)) emsp.emplace(text_at(from, row, 6), text_at(from, row, 7));
    auto& into = read.record.document;
    into = document(object_key(text_at(from, row, 3), text_at(from, row, 4), text_at(from, row, 5)),
                    text_at(from, row, 17), date_time::from_milliseconds(from.integer(row, 2)),
                    std::move(emsp));
    if (!from.is_null(row, 8)) into.contract = ci_string(text_at(from, row, 8));
    into.secondary_key = text_at(from, row, 9);
    into.sort_key = text_at(from, row, 10);
    into.summary = read_summary(from, row);
    return read;
}

}  // namespace

store_numbers postgres_record_source::latest()
{
    const auto read =
        on_.run(command("SELECT revision, sequence FROM latest_number WHERE name = 'record'"));
    if (read.size() == 0) return {};
    return {static_cast<revision>(read.integer(0, 0)),
            static_cast<std::uint64_t>(read.integer(0, 1))};
}

std::uint64_t postgres_record_source::count()
{
    begin();
    return count_;
}

std::vector<stored_record> postgres_record_source::read()
{
    begin();
    std::vector<stored_record> batch;
    std::uint64_t bytes = 0;
    while (batch.size() < copy_batch_records && bytes < copy_batch_bytes) {
        auto* from = find_next();
        if (from == nullptr) break;
        bytes += from->waiting.back().record.document.json.size();
        batch.push_back(std::move(from->waiting.back()));
        from->waiting.pop_back();
    }
    return batch;
}

void postgres_record_source::begin()
{
    if (has_begun_) return;
    has_begun_ = true;
    const auto read =
        on_.run(command("SELECT module, count(*) FROM record GROUP BY module ORDER BY module"));
    for (int row = 0; row < read.size(); ++row) {
        modules_.emplace_back().name = text_at(read, row, 0);
        count_ += static_cast<std::uint64_t>(read.integer(row, 1));
    }
}

void postgres_record_source::fill(module_course& course)
{
    parameters with;
    with.add(std::string_view(course.name)).add(static_cast<std::int64_t>(course.reached));
    with.add(static_cast<std::int64_t>(copy_batch_records));
    with.add(static_cast<std::int64_t>(copy_batch_bytes));
    const auto read = on_.run(command(select_batch, std::move(with)));
    course.is_at_end = read.size() == 0;
    for (int row = read.size() - 1; row >= 0; --row) {
        course.waiting.push_back(read_row(read, row, course.name));
    }
    if (!course.waiting.empty()) course.reached = course.waiting.front().sequence;
}

postgres_record_source::module_course* postgres_record_source::find_next()
{
    module_course* next = nullptr;
    for (auto& each : modules_) {
        if (each.waiting.empty() && !each.is_at_end) fill(each);
        if (each.waiting.empty()) continue;
        const bool is_before =
            next == nullptr || each.waiting.back().sequence < next->waiting.back().sequence;
        if (is_before) next = &each;
    }
    return next;
}

}  // namespace ocpi::crud::postgres
