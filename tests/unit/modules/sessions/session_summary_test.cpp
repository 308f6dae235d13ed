#include "modules/sessions/session_summary.hpp"

#include "modules/sessions/session_record.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace session_summary_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

crud::summary summary_of(const std::string& session, const std::string& patch = {})
{
    const auto stored = json::parse(session);
    if (patch.empty()) return summarize(stored->root());
    const auto sent = json::parse(patch);
    return summarize(stored->root(), sent->root());
}

std::string category_of(const std::string& json)
{
    crud::document record(crud::object_key("ES", "ABC", "1"), json, date_time(), std::nullopt);
    REQUIRE(set_index_values(record));
    return record.summary->category;
}

constexpr const char* whole =
    R"({"id":"Sess-1","status":"ACTIVE","start_date_time":"2026-06-01T10:00:00Z","kwh":41.00,)"
    R"("location_id":"loc1","evse_uid":"E1","cdr_token":{"contract_id":"c-1","uid":"u1"},)"
    R"("currency":"EUR","total_cost":{"before_taxes":2.5,"taxes":[{"name":"VAT","amount":0.5}]}})";

}  // namespace

TEST_CASE("modules/sessions/session_summary: what a session is searched and summed by")
{
    const auto summary = summary_of(whole);
    CHECK(summary.category == "live");
    CHECK(summary.started_at == parse_date_time("2026-06-01T10:00:00Z")->value);
    CHECK(summary.kwh == 41'000'000);
    CHECK(summary.cost == 3'000'000);
    CHECK(summary.currency == "EUR");
    CHECK(summary.search_text == "SESS-1\nLOC1\nE1\nC-1\nU1");
}

TEST_CASE("modules/sessions/session_summary: a PATCH replaces members and removes them")
{
    const auto summary = summary_of(
        whole, R"({"kwh":-1,"location_id":"loc2","total_cost":null,"status":"INVALID"})");
    CHECK(summary.category == "invalid");
    CHECK(summary.kwh == 0);
    CHECK_FALSE(summary.cost);
    CHECK(summary.search_text == "SESS-1\nLOC2\nE1\nC-1\nU1");
    CHECK(summary == summary_of(whole, R"({"kwh":-1,"location_id":"loc2","total_cost":null,)"
                                       R"("status":"INVALID","id":"other"})"));
}

TEST_CASE("modules/sessions/session_summary: what is absent or unreadable is unknown")
{
    const auto summary = summary_of(
        R"({"kwh":1e300,"start_date_time":"x","total_cost":{"before_taxes":"1"},"cdr_token":1})");
    CHECK(summary.category == "live");
    CHECK_FALSE(summary.started_at);
    CHECK_FALSE(summary.kwh);
    CHECK_FALSE(summary.cost);
    CHECK(summary.currency.empty());
    CHECK(summary.search_text == "\n\n\n\n");
    CHECK_FALSE(summary_of(R"({"total_cost":{"before_taxes":1,"taxes":[{"name":"V"}]}})").cost);
}

TEST_CASE("modules/sessions/session_summary: the category is that of the status that is shown")
{
    CHECK(category_of(R"({"status":"ACTIVE"})") == live_sessions);
    CHECK(category_of(R"({"status":"PENDING"})") == pending_sessions);
    CHECK(category_of(R"({"status":"RESERVATION"})") == pending_sessions);
    CHECK(category_of(R"({"status":"INVALID"})") == invalid_sessions);
    CHECK(category_of(R"({"status":"COMPLETED"})") == awaiting_sessions);
    const std::string ended = R"({"status":"COMPLETED","end_date_time":"2026-06-01T11:00:00Z")";
    CHECK(category_of(ended + "}") == completed_sessions);
    const std::string sample = R"(,"meter_value":[{"timestamp":"2026-06-01T11:00:00Z",)"
                               R"("sampled_value":[{"value":"1","context":")";
    CHECK(category_of(ended + sample + R"(Sample.Periodic"}]}]})") == awaiting_sessions);
    CHECK(category_of(ended + sample + R"(Transaction.End"}]}]})") == completed_sessions);
}

}  // namespace session_summary_test
