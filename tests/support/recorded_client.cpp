#include "tests/support/recorded_client.hpp"

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/json/document.hpp"

#include <algorithm>

namespace ocpi::test {
namespace {

constexpr std::int64_t first_instant = 1'780'272'000'000;  // 2026-06-01T00:00:00Z

std::string target_of(const std::string& id)
{
    return "/ocpi/emsp/2.3.0/sessions/ES/ABC/" + id;
}

/// kwh and the period of a write; the time of the update is the same for all, so that none is
/// stale.
std::string appended_members(std::uint64_t number)
{
    return R"("kwh":)" + std::to_string(number) + R"(,"charging_periods":[{"start_date_time":")" +
           element_of(number) + R"(","dimensions":[{"type":"ENERGY","volume":1}]}],)" +
           R"("last_updated":"2026-06-01T00:00:00Z"})";
}

session_state read_state(json::value session)
{
    session_state read;
    read.value = element_of(std::stoull(std::string(session.find("kwh")->text())));
    if (const auto periods = session.find("charging_periods")) {
        for (const auto each : *periods) {
            read.list.emplace_back(each.find("start_date_time")->string());
        }
    }
    return read;
}

}  // namespace

std::string element_of(std::uint64_t number)
{
    return to_string(
        date_time::from_milliseconds(first_instant + static_cast<std::int64_t>(number) * 1000));
}

bool recorded_client::put(const std::string& id, const std::string& members)
{
    const auto number = numbers_.next();
    return write("PUT", id, number,
                 R"({"country_code":"ES","party_id":"ABC","id":")" + id +
                     R"(","start_date_time":"2026-06-01T00:00:00Z","location_id":"L",)"
                     R"("evse_uid":"E","connector_id":"1","currency":"EUR","status":"ACTIVE",)" +
                     members + appended_members(number));
}

bool recorded_client::patch(const std::string& id)
{
    const auto number = numbers_.next();
    return write("PATCH", id, number, '{' + appended_members(number));
}

bool recorded_client::write(const char* method, const std::string& id, std::uint64_t number,
                            const std::string& body)
{
    operation done;
    done.what = operation::kind::write;
    done.session = id;
    done.value = element_of(number);
    done.begun = history_.now();
    const auto answer = client_.request(method, target_of(id), body);
    done.ended = history_.now();
    was_acknowledged_ = is_acknowledged(answer);
    if (was_acknowledged_) done.how = operation::outcome::acknowledged;
    if (answer && answer->status >= 400 && answer->status < 500) {
        done.how = operation::outcome::refused;
    }
    history_.add(std::move(done));
    return answer.has_value();
}

bool recorded_client::get(const std::string& id)
{
    operation done;
    done.session = id;
    done.begun = history_.now();
    const auto answer = client_.request("GET", target_of(id));
    done.ended = history_.now();
    if (!answer) return false;
    if (answer->status == 200) {
        const auto parsed = json::parse(answer->body);
        if (parsed.has_value()) done.seen = read_state(*parsed->root().find("data"));
    }
    if (done.seen || answer->status == 404) done.how = operation::outcome::acknowledged;
    history_.add(std::move(done));
    return true;
}

std::string compare_totals(ocpi_client& client, std::vector<std::string>& listed)
{
    decimal kwh;
    std::string total;
    for (;;) {
        const auto page = client.request(
            "GET", "/ocpi/cpo/2.3.0/sessions?limit=1000&offset=" + std::to_string(listed.size()));
        if (!page || page->status != 200) return "no list";
        total = page->header("X-Total-Count");
        const auto parsed = json::parse(page->body);
        const auto sessions = *parsed->root().find("data");
        for (const auto each : sessions) {
            listed.emplace_back(each.find("id")->string());
            kwh = kwh + *decimal::parse(each.find("kwh")->text());
        }
        if (sessions.size() == 0 || std::to_string(listed.size()) == total) break;
    }
    if (total != std::to_string(listed.size())) return "X-Total-Count is " + total;
    const auto answer = client.request("GET", "/v1/statistics");
    if (!answer || answer->status != 200) return "no statistics";
    const auto parsed = json::parse(answer->body);
    const auto totals = *parsed->root().find("totals");
    if (totals.find("sessions")->text() != total) {
        return "the statistics count " + std::string(totals.find("sessions")->text());
    }
    if (*decimal::parse(totals.find("kwh")->text()) != kwh) {
        return "the statistics sum " + std::string(totals.find("kwh")->text()) + " kWh";
    }
    return {};
}

}  // namespace ocpi::test
