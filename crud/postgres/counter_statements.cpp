#include "crud/postgres/counter_statements.hpp"

#include "crud/postgres/value_columns.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

using list_change = std::pair<named_counter_changes::list_key, std::int64_t>;
using sum_change = std::pair<named_counter_changes::sum_key, named_counter_changes::sums>;

const char* const add_counts =
    "INSERT INTO list_total (module, country_code, party_id, level, slot, emsp_country_code, "
    "emsp_party_id, count) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], "
    "$5::bigint[], $6::text[], $7::text[], $8::bigint[]) ON CONFLICT (module, country_code, "
    "party_id, level, slot, emsp_country_code, emsp_party_id) DO UPDATE SET count = "
    "list_total.count + excluded.count";

const char* const delete_empty_counts =
    "DELETE FROM list_total AS t USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[], "
    "$5::bigint[], $6::text[], $7::text[]) AS k (module, country_code, party_id, level, slot, "
    "emsp_country_code, emsp_party_id) WHERE t.module = k.module AND t.country_code = "
    "k.country_code AND t.party_id = k.party_id AND t.level = k.level::smallint AND t.slot = "
    "k.slot AND t.emsp_country_code = k.emsp_country_code AND t.emsp_party_id = k.emsp_party_id "
    "AND t.count = 0";

/// $1 to $5: a row for each new record. $6: how many places were allotted. $7, $8: the levels of
/// blocks, and how wide they are.
const char* const add_to_blocks =
    "INSERT INTO list_total (module, country_code, party_id, level, slot, emsp_country_code, "
    "emsp_party_id, count) SELECT v.module, v.country_code, v.party_id, b.level::smallint, "
    "(n.sequence - $6::bigint + v.sequence_number) / b.width, v.emsp_country_code, "
    "v.emsp_party_id, count(*) FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], "
    "$5::text[], $9::text[]) AS v (sequence_number, module, country_code, party_id, "
    "emsp_country_code, emsp_party_id) CROSS JOIN unnest($7::bigint[], $8::bigint[]) AS b (level, "
    "width) CROSS JOIN latest_number AS n WHERE n.name = 'record' GROUP BY 1, 2, 3, 4, 5, 6, 7 "
    "ON CONFLICT (module, country_code, party_id, level, slot, emsp_country_code, emsp_party_id) "
    "DO UPDATE SET count = list_total.count + excluded.count";

const char* const add_sums =
    "INSERT INTO record_total (module, category, level, slot, currency, count, kwh, cost) "
    "SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], "
    "$6::bigint[], $7::bigint[], $8::bigint[]) ON CONFLICT (module, category, level, slot, "
    "currency) DO UPDATE SET count = record_total.count + excluded.count, kwh = record_total.kwh "
    "+ excluded.kwh, cost = record_total.cost + excluded.cost";

const char* const delete_empty_sums =
    "DELETE FROM record_total AS t USING unnest($1::text[], $2::text[], $3::bigint[], "
    "$4::bigint[], $5::text[]) AS k (module, category, level, slot, currency) WHERE t.module = "
    "k.module AND t.category = k.category AND t.level = k.level::smallint AND t.slot = k.slot AND "
    "t.currency = k.currency AND t.count = 0";

using counted_text = std::optional<std::string_view>;

/// module to emsp_party_id.
parameters keys_of_counts(const std::vector<list_change>& changes)
{
    using change = const list_change&;
    parameters with;
    value_columns columns(with, changes);
    columns.texts([](change of) -> counted_text { return of.first.module; });
    columns.texts([](change of) -> counted_text { return of.first.owner.country_code; });
    columns.texts([](change of) -> counted_text { return of.first.owner.party_id; });
    columns.numbers([](change of) { return static_cast<std::int64_t>(of.first.level); });
    columns.numbers([](change of) { return of.first.slot; });
    columns.texts([](change of) -> counted_text { return of.first.emsp.country_code; });
    columns.texts([](change of) -> counted_text { return of.first.emsp.party_id; });
    return with;
}

parameters keys_of_sums(const std::vector<sum_change>& changes)
{
    using change = const sum_change&;
    parameters with;
    value_columns columns(with, changes);
    columns.texts([](change of) -> counted_text { return of.first.module; });
    columns.texts([](change of) -> counted_text { return of.first.category; });
    columns.numbers([](change of) { return static_cast<std::int64_t>(of.first.level); });
    columns.numbers([](change of) { return of.first.slot; });
    columns.texts([](change of) -> counted_text { return of.first.currency; });
    return with;
}

void add_lists(const named_counter_changes& counters, std::vector<command>& into)
{
    std::vector<list_change> changed;
    std::vector<list_change> lessened;
    for (const auto& each : counters.of_lists()) {
        if (each.second != 0) changed.emplace_back(each);
        if (each.second < 0) lessened.emplace_back(each);
    }
    if (changed.empty()) return;
    auto with = keys_of_counts(changed);
    value_columns(with, changed).numbers([](const list_change& of) { return of.second; });
    into.emplace_back(add_counts, std::move(with));
    if (!lessened.empty()) into.emplace_back(delete_empty_counts, keys_of_counts(lessened));
}

void add_blocks(const write_plan& plan, std::vector<command>& into)
{
    using row = const named_record&;
    if (plan.inserts.empty()) return;
    std::vector<named_record> made;
    for (const auto& each : plan.inserts) {
        made.push_back(count_of(*each.key, *each.document));
        made.back().sequence = each.sequence_number;
    }
    parameters with;
    value_columns columns(with, made);
    columns.numbers([](row of) { return of.sequence; });
    columns.texts([](row of) -> counted_text { return of.module; });
    columns.texts([](row of) -> counted_text { return of.owner.country_code; });
    columns.texts([](row of) -> counted_text { return of.owner.party_id; });
    columns.texts([](row of) -> counted_text { return of.emsp.country_code; });
    with.add(plan.sequences);
    const std::vector<std::pair<list_level, std::int64_t>> levels{
        {list_level::wide_block, wide_block_size}, {list_level::block, block_size}};
    value_columns blocks(with, levels);
    blocks.numbers([](const auto& of) { return static_cast<std::int64_t>(of.first); });
    blocks.numbers([](const auto& of) { return of.second; });
    columns.texts([](row of) -> counted_text { return of.emsp.party_id; });
    into.emplace_back(add_to_blocks, std::move(with));
}

void add_record_sums(const named_counter_changes& counters, std::vector<command>& into)
{
    using change = const sum_change&;
    std::vector<sum_change> changed;
    std::vector<sum_change> lessened;
    for (const auto& each : counters.of_sums()) {
        if (!each.second.is_zero()) changed.emplace_back(each);
        if (each.second.count < 0) lessened.emplace_back(each);
    }
    if (changed.empty()) return;
    auto with = keys_of_sums(changed);
    value_columns columns(with, changed);
    columns.numbers([](change of) { return of.second.count; });
    columns.numbers([](change of) { return of.second.kwh; });
    columns.numbers([](change of) { return of.second.cost; });
    into.emplace_back(add_sums, std::move(with));
    if (!lessened.empty()) into.emplace_back(delete_empty_sums, keys_of_sums(lessened));
}

}  // namespace

void add_counter_statements(const write_plan& plan, std::vector<command>& into)
{
    add_lists(plan.counters, into);
    add_blocks(plan, into);
    add_record_sums(plan.counters, into);
}

}  // namespace ocpi::crud::postgres
