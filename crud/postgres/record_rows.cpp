#include "crud/postgres/record_rows.hpp"

#include "crud/total_slots.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

constexpr const char* insert_records =
    "INSERT INTO record (sequence, revision, last_updated, started_at, kwh, cost, module, "
    "country_code, party_id, id, emsp_country_code, emsp_party_id, contract, secondary_key, "
    "sort_key, category, currency, given_country_code, given_party_id, given_id, "
    "given_emsp_country_code, given_emsp_party_id, given_contract, search_text, json) SELECT * "
    "FROM "
    "unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], "
    "$7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], "
    "$14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], "
    "$21::text[], $22::text[], $23::text[], $24::bytea[], $25::bytea[])";

/// The columns of the statement, in its order. Folded texts are made and kept here.
class column_writer {
public:
    explicit column_writer(const std::vector<stored_record>& records) : records_(records) {}

    template <class Value>
    void numbers(Value value)
    {
        std::vector<std::optional<std::int64_t>> column;
        column.reserve(records_.size());
        for (const auto& each : records_) column.push_back(value(each));
        into_.add_numbers(column);
    }

    /// `value`: from a record to std::optional<std::string_view>.
    template <class Value>
    void texts(Value value)
    {
        into_.add_texts(collect(value));
    }

    template <class Value>
    void bytes(Value value)
    {
        into_.add_byte_arrays(collect(value));
    }

    /// `value`: from a document to a CiString, or nullptr.
    template <class Value>
    void folded(Value value)
    {
        std::deque<std::string> kept;
        texts([&](const stored_record& of) -> std::optional<std::string_view> {
            const ci_string* given = value(of.record.document);
            if (given == nullptr) return std::nullopt;
            return kept.emplace_back(given->folded());
        });
    }

    template <class Value>
    void given(Value value)
    {
        texts([&](const stored_record& of) -> std::optional<std::string_view> {
            const ci_string* given = value(of.record.document);
            if (given == nullptr) return std::nullopt;
            return given->str();
        });
    }

    parameters take() { return std::move(into_); }

private:
    template <class Value>
    std::vector<std::optional<std::string_view>> collect(Value value)
    {
        std::vector<std::optional<std::string_view>> column;
        column.reserve(records_.size());
        for (const auto& each : records_) column.push_back(value(each));
        return column;
    }

    const std::vector<stored_record>& records_;
    parameters into_;
};

using maybe_text = std::optional<std::string_view>;
using maybe_number = std::optional<std::int64_t>;

const ci_string* key_country(const document& of)
{
    return &of.key.country_code;
}
const ci_string* key_party(const document& of)
{
    return &of.key.party_id;
}
const ci_string* key_id(const document& of)
{
    return &of.key.id;
}
const ci_string* emsp_country(const document& of)
{
    return of.emsp ? &of.emsp->country_code : nullptr;
}
const ci_string* emsp_party(const document& of)
{
    return of.emsp ? &of.emsp->party_id : nullptr;
}
const ci_string* given_contract(const document& of)
{
    return of.contract ? &*of.contract : nullptr;
}

maybe_text if_any(std::string_view text)
{
    return text.empty() ? std::nullopt : maybe_text(text);
}

/// The member of the summary, if there is one.
template <class Result, class Member>
auto from_summary(Member member)
{
    return [member](const stored_record& of) -> Result {
        const auto& known = of.record.document.summary;
        if (!known) return std::nullopt;
        return member(*known);
    };
}

void add_number_columns(column_writer& to)
{
    to.numbers([](const auto& of) { return static_cast<std::int64_t>(of.sequence); });
    to.numbers([](const auto& of) { return static_cast<std::int64_t>(of.record.revision); });
    to.numbers([](const auto& of) { return of.record.document.last_updated.milliseconds(); });
    to.numbers(from_summary<maybe_number>([](const summary& of) -> maybe_number {
        if (!of.started_at) return std::nullopt;
        return of.started_at->milliseconds();
    }));
    to.numbers(from_summary<maybe_number>([](const summary& of) { return of.kwh; }));
    to.numbers(from_summary<maybe_number>([](const summary& of) { return of.cost; }));
}

void add_text_columns(column_writer& to)
{
    to.texts([](const auto& of) -> maybe_text { return of.module; });
    to.folded(key_country);
    to.folded(key_party);
    to.folded(key_id);
    to.folded(emsp_country);
    to.folded(emsp_party);
    to.folded(given_contract);
    to.texts([](const auto& of) { return if_any(of.record.document.secondary_key); });
    to.texts([](const auto& of) { return if_any(of.record.document.sort_key); });
    to.texts(from_summary<maybe_text>([](const summary& of) -> maybe_text { return of.category; }));
    to.texts(from_summary<maybe_text>([](const summary& of) -> maybe_text { return of.currency; }));
    to.given(key_country);
    to.given(key_party);
    to.given(key_id);
    to.given(emsp_country);
    to.given(emsp_party);
    to.given(given_contract);
}

/// From the level's name in list_total and an SQL expression to the statement.
command count_lists(list_level level, const std::string& slot)
{
    const auto number = std::to_string(static_cast<int>(level));
    return command(
        "INSERT INTO list_total (module, country_code, party_id, level, slot, emsp_country_code, "
        "emsp_party_id, count) SELECT module, country_code, party_id, " +
        number + ", " + slot +
        " AS slot, coalesce(emsp_country_code, 'none'), coalesce(emsp_party_id, 'none'), count(*) FROM "
        "record GROUP BY 1, 2, 3, 5, 6, 7");
}

/// The slot of an instant that a column holds, as slot_of() has it.
std::string slot_in_sql(total_level level, const std::string& column)
{
    const auto origin = start_of_slot(0, level).milliseconds();
    return "(" + column + " - (" + std::to_string(origin) + ")) / " +
           std::to_string(slot_width(level));
}

command sum_records_of(total_level level, const std::string& column)
{
    return command(
        "INSERT INTO record_total (module, category, level, slot, currency, count, kwh, "
        "cost) SELECT module, category, " +
        std::to_string(static_cast<int>(level)) + ", " + slot_in_sql(level, column) +
        " AS slot, currency, count(*), coalesce(sum(kwh), 0), coalesce(sum(cost), 0) "
        "FROM record WHERE category IS NOT NULL AND " +
        column + " IS NOT NULL GROUP BY 1, 2, 4, 5");
}

}  // namespace

command insert_stored_records(const std::vector<stored_record>& records)
{
    column_writer columns(records);
    add_number_columns(columns);
    add_text_columns(columns);
    columns.bytes(
        from_summary<maybe_text>([](const summary& of) -> maybe_text { return of.search_text; }));
    columns.bytes([](const auto& of) -> maybe_text { return of.record.document.json; });
    return command(insert_records, columns.take());
}

std::vector<command> count_all_records()
{
    std::vector<command> all;
    all.push_back(count_lists(list_level::all, "0"));
    all.push_back(count_lists(list_level::day_of_update,
                              slot_in_sql(total_level::day_of_update, "last_updated")));
    all.push_back(
        count_lists(list_level::wide_block, "sequence / " + std::to_string(wide_block_size)));
    all.push_back(count_lists(list_level::block, "sequence / " + std::to_string(block_size)));
    all.push_back(sum_records_of(total_level::quarter_hour_of_update, "last_updated"));
    all.push_back(sum_records_of(total_level::day_of_update, "last_updated"));
    all.push_back(sum_records_of(total_level::quarter_hour_of_start, "started_at"));
    return all;
}

}  // namespace ocpi::crud::postgres
