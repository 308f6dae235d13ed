#pragma once

#include "modules/pricing/engine.hpp"
#include "modules/pricing/session_reader.hpp"
#include "modules/tariffs/tariff_codec.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/instant.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::test {

using pricing::breakdown;
using pricing::cost_dimension;
using tariff_list = std::vector<tariffs::tariff_ptr>;

inline decimal number(std::string_view text)
{
    const auto parsed = decimal::parse(text);
    REQUIRE(parsed);
    return *parsed;
}

/// A tariff from its JSON text.
inline tariffs::tariff_ptr read_tariff(std::string_view text)
{
    const auto document = json::parse(text);
    REQUIRE(document.has_value());
    auto read = tariffs::read_tariff(*document);
    INFO((read.has_error() ? read.error().text() : ""));
    REQUIRE(read.has_value());
    return std::make_shared<const tariffs::tariff>(std::move(*read));
}

/// A tariff of those elements, in EUR; `more` are further members, each with a comma behind.
inline tariffs::tariff_ptr make_tariff(std::string_view elements,
                                       std::string_view tax_included = "NO",
                                       std::string_view more = "", std::string_view id = "T")
{
    std::string text = R"({"country_code":"DE","party_id":"OUR","currency":"EUR",)";
    text.append(more).append(R"("id":")").append(id).append(R"(","tax_included":")");
    text.append(tax_included).append(R"(","last_updated":"2024-01-01T00:00:00Z","elements":)");
    return read_tariff(text.append(elements).append("}"));
}

/// `2024-01-08THH:MM:00Z`, a Monday.
inline date_time monday(int hour, int minute = 0)
{
    return date_time(instant("2024-01-08T00:00:00Z").instant() + std::chrono::hours(hour) +
                     std::chrono::minutes(minute));
}

struct dimension_text {
    std::string type, volume;
};

inline sessions::charging_period period(date_time start, const std::vector<dimension_text>& volumes,
                                        std::string_view tariff_id = "")
{
    sessions::charging_period made;
    made.start_date_time = start;
    for (const auto& [type, volume] : volumes) {
        sessions::cdr_dimension dimension;
        dimension.type = type;
        dimension.volume = number(volume);
        made.dimensions.push_back(std::move(dimension));
    }
    if (!tariff_id.empty()) made.tariff_id = ci_string(std::string(tariff_id));
    return made;
}

/// A COMPLETED session in EUR that starts with its first period and ends two hours after its last.
inline pricing::priced_session session_of(std::vector<sessions::charging_period> periods)
{
    pricing::priced_session made;
    made.currency = "EUR";
    made.start = periods.empty() ? monday(10) : periods.front().start_date_time;
    made.end = periods.empty()
                   ? monday(12)
                   : date_time(periods.back().start_date_time.instant() + std::chrono::hours(2));
    made.periods = std::move(periods);
    return made;
}

inline std::string text(const rational& amount)
{
    return to_text(to_decimal(amount));
}

/// `unknown` for nothing.
inline std::string text(const std::optional<rational>& amount)
{
    return amount ? text(*amount) : "unknown";
}

/// `before / after`.
inline std::string totals(const breakdown& priced)
{
    return text(priced.before_taxes) + " / " + text(priced.after_taxes);
}

/// `before / after` of a session under one or several tariffs, in UTC.
inline std::string totals(const pricing::priced_session& session, const tariff_list& tariffs)
{
    return totals(pricing::make_breakdown(session, tariffs, time_zone()));
}

inline bool has_note(const breakdown& priced, std::string_view part)
{
    return std::any_of(priced.notes.begin(), priced.notes.end(), [part](const std::string& note) {
        return note.find(part) != std::string::npos;
    });
}

}  // namespace ocpi::test
