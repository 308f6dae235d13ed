#include "modules/sessions/codec.hpp"
#include "modules/sessions/decision.hpp"
#include "tests/fuzz/expect.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace ocpi;
using namespace ocpi::sessions;
using fuzz::expect;

/// After what is stored.
constexpr auto now = date_time::from_milliseconds(1'704'200'000'000);

constexpr std::string_view members_of_stored =
    R"("country_code":"ES","party_id":"ABC","id":"S1","start_date_time":"2024-01-01T10:00:00Z",)"
    R"("kwh":10.50,"cdr_token":{"country_code":"DE","party_id":"EMP","uid":"U1","type":"RFID",)"
    R"("contract_id":"C1"},"auth_method":"WHITELIST","location_id":"L1","evse_uid":"E1",)"
    R"("connector_id":"1","currency":"EUR","charging_periods":[{"start_date_time":)"
    R"("2024-01-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1.0}]}],)"
    R"("meter_value":[{"timestamp":"2024-01-01T10:00:00Z","sampledValue":[{"value":"1"}]}],)"
    R"("last_updated":"2024-01-01T10:30:00Z")";

const std::array<json::document, 3>& stored_sessions()
{
    const auto make = [](const char* status) {
        return *json::parse("{" + std::string(members_of_stored) + ",\"status\":\"" + status +
                            "\"}");
    };
    static const std::array<json::document, 3> all{make("ACTIVE"), make("COMPLETED"),
                                                   make("INVALID")};
    return all;
}

/// What is stored must be readable, and of the time that the store files it under.
json::document check_result(const decision& made, const json::document* before)
{
    auto stored = json::parse(made.json);
    expect(stored.has_value(), "a decision's result is JSON");
    const auto head = read_stored_head(*stored);
    expect(head.status.has_value(), "a decision's result has a status");
    expect(head.last_updated == made.last_updated, "last_updated is that of the text");
    if (before) {
        const auto head_before = read_stored_head(*before);
        expect(made.last_updated >= *head_before.last_updated, "last_updated never goes back");
    }
    return std::move(*stored);
}

void try_put(std::string_view body, strictness strict, const crud::object_key& key)
{
    const auto sent = read_session(body, body_kind::whole, strict, key);
    if (sent.has_error()) return;
    const auto created = decide_put(nullptr, *sent, strict, now);
    expect(created.has_value() && created->changes, "the first PUT creates");
    const auto stored = check_result(*created, nullptr);
    const auto replayed = decide_put(&stored, *sent, strict, now);
    expect(replayed.has_value() && !replayed->changes, "a PUT's replay changes nothing");
    for (const auto& existing : stored_sessions()) {
        const auto made = decide_put(&existing, *sent, strict, now);
        if (made.has_error() || !made->changes) continue;
        check_result(*made, strict == strictness::strict ? &existing : nullptr);
    }
}

void try_patch(std::string_view body, strictness strict, const crud::object_key& key)
{
    const auto sent = read_session(body, body_kind::fragment, strict, key);
    if (sent.has_error()) return;
    for (const auto& existing : stored_sessions()) {
        const auto made = decide_patch(existing, *sent, now);
        if (made.has_error() || !made->changes) continue;
        const auto stored = check_result(*made, &existing);
        const auto replayed = decide_patch(stored, *sent, now);
        expect(replayed.has_value() && !replayed->changes, "a PATCH's replay changes nothing");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const crud::object_key key("ES", "ABC", "S1");
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const auto strict : {strictness::strict, strictness::tolerant}) {
        try_put(body, strict, key);
        try_patch(body, strict, key);
    }
    return 0;
}
