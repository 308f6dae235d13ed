#include "crud/sqlite/candidates.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/statement.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

using sequences = std::vector<std::int64_t>;

/// A trigram that more records have is of no use.
constexpr std::size_t max_of_trigram = 150'000;
/// How many records tell how frequent a trigram is, and of how many trigrams of a text.
constexpr std::size_t sample_size = 1'000;
constexpr std::size_t max_sampled = 24;
/// How many of the rarest are looked up in full at most, and until how few records are left.
constexpr std::size_t max_looked_up = 5;
constexpr std::size_t few = 2'000;

sequences of_contracts(database& connection, std::int64_t module,
                       const std::vector<ci_string>& contracts, std::size_t limit)
{
    std::string sql =
        "SELECT sequence FROM record INDEXED BY record_by_contract WHERE module = ? AND contract "
        "IN (";
    for (std::size_t i = 0; i < contracts.size(); ++i) sql += i == 0 ? "?" : ", ?";
    query finding(connection, sql + ") LIMIT ?");
    finding.bind(module);
    for (const auto& each : contracts) finding.bind(each.folded());
    finding.bind(static_cast<std::int64_t>(limit));
    sequences found;
    while (finding.step()) found.push_back(finding.integer(0));
    return found;
}

/// In order.
sequences of_trigram(database& connection, const std::string& trigram, std::size_t limit)
{
    std::string quoted = "\"";
    for (const char c : trigram) quoted += c == '"' ? "\"\"" : std::string(1, c);
    query finding(connection, "SELECT rowid FROM record_text WHERE record_text MATCH ? LIMIT ?");
    finding.bind(quoted + '"').bind(static_cast<std::int64_t>(limit));
    sequences found;
    while (finding.step()) found.push_back(finding.integer(0));
    return found;
}

/// How far apart the records of a trigram are, told by the first of them.
std::int64_t distance(database& connection, const std::string& trigram)
{
    const auto sample = of_trigram(connection, trigram, sample_size);
    if (sample.size() < sample_size) return std::numeric_limits<std::int64_t>::max();
    return sample.back() - sample.front();
}

std::int64_t last_sequence(database& connection)
{
    query reading(connection, "SELECT coalesce(max(sequence), 0) FROM record");
    reading.step();
    return reading.integer(0);
}

/// Without those that are frequent, the rarest first.
std::vector<std::string> rarest(database& connection, const std::vector<std::string>& trigrams)
{
    const auto min_distance =
        last_sequence(connection) / static_cast<std::int64_t>(max_of_trigram / sample_size);
    std::vector<std::pair<std::int64_t, std::string>> sampled;
    const auto step = trigrams.size() / max_sampled + 1;
    for (std::size_t i = 0; i < trigrams.size(); i += step) {
        const auto apart = distance(connection, trigrams[i]);
        if (apart >= min_distance) sampled.emplace_back(apart, trigrams[i]);
    }
    std::stable_sort(sampled.begin(), sampled.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    if (sampled.size() > max_looked_up) sampled.resize(max_looked_up);
    std::vector<std::string> found;
    for (auto& [apart, trigram] : sampled) found.push_back(std::move(trigram));
    return found;
}

/// std::nullopt when all trigrams are frequent, or there are none.
std::optional<sequences> with_text(database& connection, const std::string& text)
{
    std::optional<sequences> found;
    for (const auto& trigram : rarest(connection, trigrams_of(text))) {
        auto those = of_trigram(connection, trigram, max_of_trigram + 1);
        if (those.size() > max_of_trigram) continue;
        sequences both;
        if (found) {
            std::set_intersection(found->begin(), found->end(), those.begin(), those.end(),
                                  std::back_inserter(both));
        }
        found = found ? std::move(both) : std::move(those);
        if (found->size() <= few) break;
    }
    return found;
}

}  // namespace

std::optional<sequences> find_candidates(database& connection, std::int64_t module,
                                         const search_filter& filter, std::size_t max)
{
    std::optional<sequences> found;
    if (filter.contracts) {
        found = of_contracts(connection, module, *filter.contracts, max + 1);
        if (found->size() <= max) return found;
    }
    if (!filter.text.empty()) found = with_text(connection, filter.text);
    if (found && found->size() > max) found.reset();
    return found;
}

std::vector<std::string> trigrams_of(std::string_view text)
{
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_continued = (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
        if (!is_continued) begins.push_back(i);
    }
    begins.push_back(text.size());
    std::vector<std::string> trigrams;
    for (std::size_t i = 0; i + 3 < begins.size(); ++i) {
        trigrams.emplace_back(text.substr(begins[i], begins[i + 3] - begins[i]));
    }
    std::sort(trigrams.begin(), trigrams.end());
    trigrams.erase(std::unique(trigrams.begin(), trigrams.end()), trigrams.end());
    return trigrams;
}

}  // namespace ocpi::crud::sqlite
