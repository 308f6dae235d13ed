#include "modules/managed/policy_codec.hpp"

#include "modules/managed/field_rules.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <utility>

namespace ocpi::managed {
namespace {

using json::object_reader;
using json::presence;

constexpr std::array<std::string_view, 7> policy_members{
    "id", "timezone", "location", "contractIds", "vehicle", "batteryReserve", "schedule"};
constexpr std::array<std::string_view, 4> location_members{"countryCode", "partyId", "locationId",
                                                           "evseUid"};
constexpr std::array<std::string_view, 2> vehicle_members{"batteryCapacityKwh", "maxPowerKw"};
constexpr std::array<std::string_view, 3> entry_members{"weekdays", "readyBy",
                                                        "minimumChargeTarget"};

/// [locations, DayOfWeek], in that order: Monday is 1, Sunday 7.
constexpr std::array<std::string_view, 7> weekday_names{
    "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"};

std::optional<object_reader> read_object(object_reader& in, std::string_view name,
                                         std::span<const std::string_view> known)
{
    auto object = in.object(name, presence::required);
    if (object) object->refuse_unknown_members(known);
    return object;
}

void check_id(object_reader& in, const std::string& id)
{
    const auto sent = in.text("id", 0, presence::optional);
    if (sent && !equal_ignoring_case(*sent, id)) {
        in.add_problem("id", "is not the id of this policy, " + id);
    }
}

time_zone read_timezone(object_reader& in)
{
    const auto name = in.text("timezone", 0, presence::required);
    if (!name) return {};
    if (auto zone = time_zone::find(*name)) return *zone;
    const bool can_be_repeated = name->size() <= 40 && is_printable_ascii(*name);
    in.add_problem("timezone", "is not a time zone of the IANA database, such as Europe/Madrid" +
                                   (can_be_repeated ? ": " + *name : ""));
    return {};
}

ci_string read_name(object_reader& in, std::string_view name, std::size_t max_length)
{
    const auto read = in.ci_text(name, max_length, presence::required);
    if (read && read->empty()) in.add_problem(name, "is empty");
    return read.value_or(ci_string());
}

policy_location read_location(object_reader& in)
{
    policy_location read;
    auto object = read_object(in, "location", location_members);
    if (!object) return read;
    read.country_code = read_name(*object, "countryCode", 2);
    read.party_id = read_name(*object, "partyId", 3);
    read.location_id = read_name(*object, "locationId", 36);
    if (object->find_non_null("evseUid")) read.evse_uid = read_name(*object, "evseUid", 36);
    return read;
}

/// An element of `contractIds`; std::nullopt after reporting an error.
std::optional<ci_string> read_contract_id(json::value element, const std::string& pointer,
                                          json::diagnostics& findings)
{
    constexpr std::size_t longest = 36;
    const auto id = element.string();
    if (!element.is(json::kind::string) || id.empty() || id.size() > longest ||
        !is_printable_ascii(id)) {
        findings.add_problem(pointer, "must be a string of 1 to 36 printable ASCII characters");
        return {};
    }
    return ci_string(std::string(id));
}

/// Upper bound on the contracts of one vehicle at one location.
constexpr std::size_t max_contracts = 100;

std::vector<ci_string> read_contract_ids(object_reader& in)
{
    std::vector<ci_string> read;
    std::set<std::string> known;
    in.list("contractIds", presence::required,
            [&](json::value element, const std::string& pointer) {
                auto id = read_contract_id(element, pointer, in.findings());
                if (!id) return;
                if (!known.insert(id->folded()).second) {
                    in.findings().add_problem(pointer, "is in the list twice");
                }
                read.push_back(std::move(*id));
            });
    if (read.size() > max_contracts) {
        in.add_problem("contractIds", "has more than 100 contracts");
    }
    return read;
}

decimal read_above_zero(object_reader& in, std::string_view name)
{
    const auto number = read_plain_number(in, name);
    if (number && *number <= decimal()) in.add_problem(name, "must be above 0");
    return number.value_or(decimal());
}

vehicle read_vehicle(object_reader& in)
{
    vehicle read;
    auto object = read_object(in, "vehicle", vehicle_members);
    if (!object) return read;
    read.battery_capacity_kwh = read_above_zero(*object, "batteryCapacityKwh");
    read.max_power_kw = read_above_zero(*object, "maxPowerKw");
    return read;
}

std::array<bool, 7> read_weekdays(object_reader& in)
{
    std::array<bool, 7> read{};
    in.list("weekdays", presence::required, [&](json::value element, const std::string& pointer) {
        const auto* const found =
            std::find(weekday_names.begin(), weekday_names.end(), element.string());
        if (found == weekday_names.end()) {
            in.findings().add_problem(pointer, "must be a day of the week such as MONDAY");
            return;
        }
        // Monday is the first name, but Sunday the first of the array.
        auto& chosen = read[static_cast<std::size_t>(found - weekday_names.begin() + 1) % 7];
        if (chosen) in.findings().add_problem(pointer, "is in the list twice");
        chosen = true;
    });
    return read;
}

/// `07:00`, from 00:00 to 23:59.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text)
{
    if (text.size() != 5 || text[2] != ':') return {};
    for (auto at : {0U, 1U, 3U, 4U}) {
        if (text[at] < '0' || text[at] > '9') return {};
    }
    const auto number = [text](std::size_t at) {
        return (text[at] - '0') * 10 + (text[at + 1] - '0');
    };
    if (number(0) > 23 || number(3) > 59) return {};
    return std::chrono::hours(number(0)) + std::chrono::minutes(number(3));
}

std::string to_time_of_day(std::chrono::minutes since_midnight)
{
    const auto two_digits = [](std::int64_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    const auto count = since_midnight.count();
    return two_digits(count / 60) + ':' + two_digits(count % 60);
}

std::chrono::minutes read_ready_by(object_reader& in)
{
    const auto text = in.text("readyBy", 0, presence::required);
    if (!text) return {};
    const auto parsed = parse_time_of_day(*text);
    if (!parsed) in.add_problem("readyBy", "must be a time from 00:00 to 23:59, such as 07:00");
    return parsed.value_or(std::chrono::minutes(0));
}

std::vector<schedule_entry> read_schedule(object_reader& in)
{
    std::vector<schedule_entry> read;
    in.objects("schedule", presence::required, [&](object_reader& object) {
        object.refuse_unknown_members(entry_members);
        schedule_entry entry;
        entry.weekdays = read_weekdays(object);
        entry.ready_by = read_ready_by(object);
        entry.minimum_charge_target =
            read_percent(object, "minimumChargeTarget").value_or(decimal());
        read.push_back(std::move(entry));
    });
    return read;
}

std::string write_location(const policy_location& written)
{
    json::object_writer out;
    out.string("countryCode", written.country_code.str());
    out.string("partyId", written.party_id.str());
    out.string("locationId", written.location_id.str());
    if (written.evse_uid) out.string("evseUid", written.evse_uid->str());
    return out.finish();
}

std::string write_contract_ids(const std::vector<ci_string>& written)
{
    json::array_writer out;
    for (const auto& id : written) out.raw(json::quote(id.str()));
    return out.finish();
}

std::string write_vehicle(const vehicle& written)
{
    json::object_writer out;
    out.raw("batteryCapacityKwh", to_text(written.battery_capacity_kwh));
    out.raw("maxPowerKw", to_text(written.max_power_kw));
    return out.finish();
}

std::string write_entry(const schedule_entry& written)
{
    json::array_writer weekdays;
    for (std::size_t i = 0; i < weekday_names.size(); ++i) {
        if (written.weekdays[(i + 1) % 7]) weekdays.raw(json::quote(weekday_names[i]));
    }
    json::object_writer out;
    out.raw("weekdays", weekdays.finish());
    out.string("readyBy", to_time_of_day(written.ready_by));
    out.raw("minimumChargeTarget", to_text(written.minimum_charge_target));
    return out.finish();
}

std::string write_schedule(const std::vector<schedule_entry>& written)
{
    json::array_writer out;
    for (const auto& entry : written) out.raw(write_entry(entry));
    return out.finish();
}

}  // namespace

result<policy> read_policy(const json::document& sent, std::string id)
{
    json::diagnostics findings;
    json::check_numbers(sent, findings);
    policy read;
    if (auto root = object_reader::of_root(sent, findings)) {
        root->refuse_unknown_members(policy_members);
        check_id(*root, id);
        read.timezone = read_timezone(*root);
        read.location = read_location(*root);
        read.contract_ids = read_contract_ids(*root);
        read.vehicle = read_vehicle(*root);
        read.battery_reserve = read_percent(*root, "batteryReserve").value_or(decimal());
        read.schedule = read_schedule(*root);
    }
    if (!findings.problems().empty()) return findings.to_error();
    read.id = std::move(id);
    return read;
}

std::string write_policy(const policy& written)
{
    json::object_writer out;
    out.string("id", written.id);
    out.string("timezone", written.timezone.name());
    out.raw("location", write_location(written.location));
    out.raw("contractIds", write_contract_ids(written.contract_ids));
    out.raw("vehicle", write_vehicle(written.vehicle));
    out.raw("batteryReserve", to_text(written.battery_reserve));
    out.raw("schedule", write_schedule(written.schedule));
    return out.finish();
}

}  // namespace ocpi::managed
