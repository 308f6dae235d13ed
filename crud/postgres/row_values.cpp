#include "crud/postgres/row_values.hpp"

#include "crud/postgres/value_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::crud::postgres {
namespace {

optional_text unless_empty(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    return text;
}

/// The number of a summary, if the record is in searches.
template <class Member>
auto of_summary(Member member)
{
    return [member](const row_to_store& row) -> std::optional<std::int64_t> {
        const auto& document = *row.document;
        if (document.secondary_key.empty() || !document.summary) return std::nullopt;
        return member(*document.summary);
    };
}

template <class Member>
auto text_of_summary(Member member)
{
    return [member](const row_to_store& row) -> optional_text {
        const auto& document = *row.document;
        if (document.secondary_key.empty() || !document.summary) return std::nullopt;
        return member(*document.summary);
    };
}

template <class Member>
auto of_emsp(Member member)
{
    return [member](const row_to_store& row) -> optional_text {
        if (!row.document->emsp) return std::nullopt;
        return member(*row.document->emsp).str();
    };
}

/// A folded text of each row, made for as long as the statement's parameters are collected.
class folded_texts {
public:
    template <class Value>
    folded_texts(const std::vector<row_to_store>& of, Value value)
    {
        texts_.reserve(of.size());
        for (const auto& each : of) {
            const ci_string* given = value(*each.document);
            texts_.push_back(given != nullptr ? std::optional(given->folded()) : std::nullopt);
        }
    }

    /// To be called for the rows in order.
    auto reader()
    {
        return [this, next = std::size_t{0}](const row_to_store&) mutable -> optional_text {
            const auto& text = texts_[next++];
            if (!text) return std::nullopt;
            return *text;
        };
    }

private:
    std::vector<std::optional<std::string>> texts_;
};

void add_folded(value_columns<std::vector<row_to_store>>& columns,
                const std::vector<row_to_store>& stored)
{
    folded_texts countries(
        stored, [](const document& of) { return of.emsp ? &of.emsp->country_code : nullptr; });
    folded_texts parties(stored,
                         [](const document& of) { return of.emsp ? &of.emsp->party_id : nullptr; });
    folded_texts contracts(
        stored, [](const document& of) { return of.contract ? &*of.contract : nullptr; });
    columns.texts(countries.reader()).texts(parties.reader()).texts(contracts.reader());
}

void add_summaries(value_columns<std::vector<row_to_store>>& columns)
{
    const auto category = [](const summary& of) { return std::string_view(of.category); };
    const auto started_at = [](const summary& of) -> std::optional<std::int64_t> {
        if (!of.started_at) return std::nullopt;
        return of.started_at->milliseconds();
    };
    const auto kwh = [](const summary& of) { return of.kwh; };
    const auto cost = [](const summary& of) { return of.cost; };
    const auto currency = [](const summary& of) { return std::string_view(of.currency); };
    const auto search_text = [](const summary& of) { return std::string_view(of.search_text); };
    columns.texts(text_of_summary(category)).numbers(of_summary(started_at));
    columns.numbers(of_summary(kwh)).numbers(of_summary(cost));
    columns.texts(text_of_summary(currency)).bytes(text_of_summary(search_text));
}

void add_given(value_columns<std::vector<row_to_store>>& columns)
{
    using row = const row_to_store&;
    const auto country = [](const party& of) -> const ci_string& { return of.country_code; };
    const auto id = [](const party& of) -> const ci_string& { return of.party_id; };
    columns.texts([](row of) -> optional_text { return of.document->key.country_code.str(); });
    columns.texts([](row of) -> optional_text { return of.document->key.party_id.str(); });
    columns.texts([](row of) -> optional_text { return of.document->key.id.str(); });
    columns.texts(of_emsp(country)).texts(of_emsp(id));
    columns.texts([](row of) -> optional_text {
        if (!of.document->contract) return std::nullopt;
        return of.document->contract->str();
    });
}

}  // namespace

void add_row_values(parameters& into, const std::vector<row_to_store>& stored)
{
    using row = const row_to_store&;
    value_columns columns(into, stored);
    columns.numbers([](row of) { return of.sequence_number; });
    columns.numbers([](row of) { return of.revision_number; });
    columns.texts([](row of) -> optional_text { return of.key->module; });
    columns.texts([](row of) -> optional_text { return of.key->owner.country_code; });
    columns.texts([](row of) -> optional_text { return of.key->owner.party_id; });
    columns.texts([](row of) -> optional_text { return of.key->id; });
    columns.numbers([](row of) { return of.document->last_updated.milliseconds(); });
    add_folded(columns, stored);
    columns.texts([](row of) { return unless_empty(of.document->secondary_key); });
    columns.texts([](row of) { return unless_empty(of.document->sort_key); });
    add_summaries(columns);
    add_given(columns);
    columns.bytes([](row of) -> optional_text { return of.document->json; });
}

}  // namespace ocpi::crud::postgres
