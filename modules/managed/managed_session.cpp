#include "modules/managed/managed_session.hpp"

#include "modules/managed/override_codec.hpp"
#include "modules/managed/policy_codec.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/writer.hpp"

#include <stdexcept>
#include <utility>

namespace ocpi::managed {
namespace {

std::string number(const rational& value)
{
    return to_text(to_decimal(value));
}

std::string write_entry(const target_entry& entry)
{
    json::object_writer written;
    written.integer("id", entry.id).string("since", to_string(entry.since));
    if (entry.user_override) written.raw("override", write_override(*entry.user_override));
    if (entry.battery_reserve) written.raw("batteryReserve", to_text(*entry.battery_reserve));
    return written.finish();
}

std::string write_block(const planned_block& block)
{
    json::object_writer written;
    written.string("type", to_string(block.type))
        .string("startAt", to_string(block.start))
        .string("endAt", to_string(block.end))
        .raw("kwh", number(block.kwh));
    return written.finish();
}

std::string write_request(const control_request& asked)
{
    json::object_writer written;
    written.integer("targetId", asked.target_id)
        .raw("preferences", asked.preferences)
        .raw("isAnswered", asked.is_answered ? "true" : "false");
    if (asked.departure_time) written.string("departureTime", to_string(*asked.departure_time));
    return written.finish();
}

std::string write_estimate(const estimate& made)
{
    json::object_writer written;
    written.integer("targetId", made.target_id)
        .string("type", to_string(made.type))
        .raw("isOnTarget", made.is_on_target ? "true" : "false")
        .raw("levelAtReadyBy", number(made.level_at_ready_by));
    if (made.reached_at) written.string("reachedAt", to_string(*made.reached_at));
    return written.finish();
}

/// What is read here was written here: whatever is not as it should be is a damaged record, which
/// the callers below turn into an error.
struct damaged : std::runtime_error {
    damaged() : std::runtime_error("a damaged record") {}
};

json::value member(json::value of, std::string_view name)
{
    const auto found = of.find(name);
    if (!found) throw damaged();
    return *found;
}

date_time read_instant(json::value text)
{
    const auto read = parse_date_time(text.string());
    if (!read) throw damaged();
    return read->value;
}

std::optional<date_time> find_instant(json::value of, std::string_view name)
{
    const auto found = of.find(name);
    if (!found) return std::nullopt;
    return read_instant(*found);
}

decimal read_decimal(json::value text)
{
    const auto read = decimal::parse(text.text());
    if (!read || !read->fits(max_rational_places)) throw damaged();
    return *read;
}

std::int64_t read_integer(json::value text)
{
    return std::stoll(std::string(text.text()));
}

bool read_flag(json::value of, std::string_view name)
{
    return member(of, name).text() == "true";
}

target_type read_type(json::value of)
{
    const auto type = parse_target_type(member(of, "type").string());
    if (!type) throw damaged();
    return *type;
}

/// Parses a part of a record as a document of its own.
json::document read_again(json::value part)
{
    auto parsed = json::parse(part.text());
    if (parsed.has_error()) throw damaged();
    return std::move(*parsed);
}

target_entry read_entry(json::value written)
{
    target_entry entry;
    entry.id = read_integer(member(written, "id"));
    entry.since = read_instant(member(written, "since"));
    if (const auto set = written.find("override")) {
        auto wanted = read_stored_override(read_again(*set));
        if (wanted.has_error()) throw damaged();
        entry.user_override = std::move(*wanted);
    }
    if (const auto reserve = written.find("batteryReserve")) {
        entry.battery_reserve = read_decimal(*reserve);
    }
    return entry;
}

target_history read_log(json::value written)
{
    target_history log;
    for (const auto entry : written) log.push_back(read_entry(entry));
    return log;
}

planned_block read_block(json::value written)
{
    const auto type = parse_block_type(member(written, "type").string());
    if (!type) throw damaged();
    planned_block block;
    block.type = *type;
    block.start = read_instant(member(written, "startAt"));
    block.end = read_instant(member(written, "endAt"));
    block.kwh = to_rational(read_decimal(member(written, "kwh")));
    return block;
}

control_request read_request(json::value written)
{
    control_request asked;
    asked.target_id = read_integer(member(written, "targetId"));
    asked.departure_time = find_instant(written, "departureTime");
    asked.preferences = member(written, "preferences").text();
    asked.is_answered = read_flag(written, "isAnswered");
    return asked;
}

estimate read_estimate(json::value written)
{
    estimate made;
    made.target_id = read_integer(member(written, "targetId"));
    made.type = read_type(written);
    made.is_on_target = read_flag(written, "isOnTarget");
    made.level_at_ready_by = to_rational(read_decimal(member(written, "levelAtReadyBy")));
    made.reached_at = find_instant(written, "reachedAt");
    return made;
}

managed_session read_session_record(const json::document& read)
{
    const auto root = read.root();
    const auto rule = read_again(member(root, "policy"));
    auto of = read_policy(rule, std::string(member(root, "policyId").string()));
    if (of.has_error()) throw damaged();
    managed_session session;
    session.rule = std::move(*of);
    session.targets = read_log(member(root, "targets"));
    for (const auto block : member(root, "planned")) session.planned.push_back(read_block(block));
    session.planned_since = find_instant(root, "plannedSince");
    session.planned_at = find_instant(root, "plannedAt");
    session.session_revision =
        static_cast<crud::revision>(read_integer(member(root, "sessionRevision")));
    if (const auto made = root.find("estimate")) session.estimate = read_estimate(*made);
    if (const auto seen = root.find("preferencesSeen")) session.preferences_seen = seen->text();
    for (const auto asked : member(root, "requests")) {
        session.requests.push_back(read_request(asked));
    }
    session.preferences_unsupported = read_flag(root, "isUncontrollable");
    session.is_settled = read_flag(root, "isSettled");
    return session;
}

error damaged_managed_session()
{
    return error(errc::storage, "what is stored about a managed session cannot be read");
}

}  // namespace

policy rule_for(policy rule, const sessions::session& fields)
{
    if (fields.cdr_token) rule.contract_ids.assign(1, fields.cdr_token->contract_id);
    return rule;
}

std::string write_managed_session(const managed_session& session)
{
    json::array_writer planned;
    for (const auto& block : session.planned) planned.raw(write_block(block));
    json::object_writer written;
    written.string("policyId", session.rule.id)
        .raw("policy", write_policy(session.rule))
        .raw("targets", write_target_log(session.targets))
        .raw("planned", planned.finish())
        .integer("sessionRevision", static_cast<std::int64_t>(session.session_revision));
    if (session.planned_since) written.string("plannedSince", to_string(*session.planned_since));
    if (session.planned_at) written.string("plannedAt", to_string(*session.planned_at));
    if (session.estimate) written.raw("estimate", write_estimate(*session.estimate));
    if (!session.preferences_seen.empty()) {
        written.raw("preferencesSeen", session.preferences_seen);
    }
    json::array_writer requests;
    for (const auto& asked : session.requests) requests.raw(write_request(asked));
    written.raw("requests", requests.finish());
    written.raw("isUncontrollable", session.preferences_unsupported ? "true" : "false")
        .raw("isSettled", session.is_settled ? "true" : "false");
    return written.finish();
}

result<managed_session> read_managed_session(std::string_view text)
{
    const auto parsed = json::parse(text, json::max_depth + 2);
    if (parsed.has_error()) return damaged_managed_session();
    try {
        return read_session_record(*parsed);
    } catch (const std::exception&) {
        return damaged_managed_session();
    }
}

std::string write_target_log(const target_history& log)
{
    json::array_writer entries;
    for (const auto& entry : log) entries.raw(write_entry(entry));
    return entries.finish();
}

result<target_history> read_target_log(json::value written)
{
    try {
        return read_log(written);
    } catch (const std::exception&) {
        return damaged_managed_session();
    }
}

}  // namespace ocpi::managed
