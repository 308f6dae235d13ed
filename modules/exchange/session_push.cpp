#include "modules/exchange/session_push.hpp"

#include "http/url.hpp"
#include "modules/exchange/pushed_text.hpp"
#include "modules/exchange/session_diff.hpp"
#include "modules/sessions/session_reader.hpp"

#include <algorithm>
#include <chrono>

namespace ocpi::exchange {
namespace {

push_report store_failure(const error& failure)
{
    const auto& text = failure.log_text().empty() ? failure.text() : failure.log_text();
    return push_report(push_outcome::store_failed, text);
}

/// A hub does not reach the party behind it.
bool is_temporary_fault_of_hub(int status_code)
{
    constexpr int hub_timeout = 4002;
    constexpr int hub_connection_problem = 4003;
    return status_code == hub_timeout || status_code == hub_connection_problem;
}

/// Whether the partner rejects the session or is unhealthy itself.
push_outcome outcome_of(const partners::platform_answer& answer)
{
    if (answer.is_success() || answer.is_bare_success()) return push_outcome::done;
    const int status = answer.http_status;
    const bool is_unhealthy = status >= 500 || status == 401 || status == 408 || status == 429 ||
                              (answer.status_code >= 3000 && answer.status_code < 4000);
    if (is_temporary_fault_of_hub(answer.status_code)) return push_outcome::unreached;
    return is_unhealthy ? push_outcome::failed : push_outcome::rejected;
}

message_outcome as_message_outcome(push_outcome outcome)
{
    if (outcome == push_outcome::done) return message_outcome::acknowledged;
    return outcome == push_outcome::rejected ? message_outcome::rejected : message_outcome::failed;
}

std::optional<json::document> parse_copy(std::string_view text)
{
    auto parsed = json::parse(text);
    if (parsed.has_error()) return {};
    return std::move(*parsed);
}

/// The session in an answer, in the form in which we send it.
std::optional<json::document> data_of(const json::document& envelope)
{
    const auto data = envelope.root().find("data");
    if (!data || !data->is(json::kind::object)) return {};
    return parse_copy(without_null_fields(std::string(data->text())));
}

}  // namespace

push_memory::push_memory(const push_options& limits)
    : partners(limits.remembered_bytes, limits.max_served), traces(limits.max_traces)
{
}

push_tools::push_tools(crud::lease_tenure during, std::shared_ptr<partners::platform_client> with,
                       std::shared_ptr<exchange_observer> counting,
                       std::shared_ptr<push_memory> knowing)
    : tenure(std::move(during)),
      client(std::move(with)),
      observer(std::move(counting)),
      memory(std::move(knowing)),
      acknowledgements(tenure.crud())
{
}

session_push::session_push(std::shared_ptr<push_tools> tools,
                           std::shared_ptr<const push_target> target, std::string memory_key,
                           crud::revision acknowledged_since, std::stop_token stop,
                           std::function<void()> on_answer)
    : tools_(std::move(tools)),
      target_(std::move(target)),
      memory_key_(std::move(memory_key)),
      acknowledged_since_(acknowledged_since),
      stop_(std::move(stop)),
      on_answer_(std::move(on_answer))
{
}

bool session_push::counts(const std::optional<stored_acknowledgement>& found) const
{
    return found && found->value.partner == target_->access.name &&
           found->revision > acknowledged_since_;
}

session_at_partner session_push::place_of(const crud::record& record) const
{
    session_at_partner place;
    place.partner = memory_key_;
    if (record.document.emsp) place.emsp = fold_case(to_string(*record.document.emsp));
    place.session = record.document.key.folded();
    return place;
}

boost::asio::awaitable<push_report> session_push::run(crud::object_key key, crud::revision at_least,
                                                      unsigned attempts)
{
    attempts_ = attempts;
    session_at_partner place;
    place.partner = memory_key_;
    place.session = key.folded();
    const auto known = tools_->memory->partners.revision_at(place);
    if (known && *known >= at_least) {
        push_report acknowledged;
        acknowledged.revision = *known;
        co_return acknowledged;
    }
    auto report = co_await bring(key);
    // The second attempt finds no acknowledged state to make a PATCH of.
    if (!report) report = co_await bring(key);
    if (!report) co_return push_report(push_outcome::cancelled);
    co_return std::move(*report);
}

boost::asio::awaitable<std::optional<push_report>> session_push::bring(crud::object_key key)
{
    const auto record = co_await tools_->tenure.crud()->get(sessions::session_records,
                                                            crud::interface_side::sender, key);
    if (record.has_error()) {
        if (record.error().code() == errc::not_found) co_return push_report();
        co_return store_failure(record.error());
    }
    const auto& emsp = record->document.emsp;
    const auto& emsps = target_->emsps;
    const bool is_theirs = emsp && std::find(emsps.begin(), emsps.end(), *emsp) != emsps.end();
    if (!is_theirs) co_return push_report();
    auto found = co_await tools_->acknowledgements.find(key);
    if (found.has_error()) co_return store_failure(found.error());
    push_report report;
    report.revision = record->revision;
    if (counts(*found) && (*found)->value.revision >= record->revision) co_return report;

    text_ = write_pushed(target_->version, record->document.json);
    const auto now = parse_copy(text_);
    if (!now) co_return store_failure(sessions::damaged_session("it is no JSON"));
    if (stop_.stop_requested()) co_return push_report(push_outcome::cancelled);
    auto& memory = tools_->memory->partners;
    const auto place = place_of(*record);
    std::optional<crud::revision> acknowledged;
    if (counts(*found)) acknowledged = (*found)->value.revision;
    auto base = memory.take_base(place, acknowledged);
    if (!tools_->may_patch) base.reset();
    auto message = choose_message(base ? &base->document : nullptr, *now, target_->closing_put);
    std::optional<session_state> patched;
    if (message.patch) patched = base->state;

    const session_state sent(record->revision, record->document.last_updated);
    report = co_await send(*record, std::move(message));
    report.revision = record->revision;
    report.was_sent = true;
    if (report.outcome != push_outcome::done) {
        if (report.outcome != push_outcome::rejected) memory.leave_open(place, sent);
        co_return report;
    }
    if (stop_.stop_requested()) co_return push_report(push_outcome::cancelled);
    const bool is_by_patch = patched && !report.was_put;
    if (is_by_patch && memory.is_overtaken(place, *patched, sent)) co_return std::nullopt;
    on_answer_();
    const auto written = co_await tools_->acknowledgements.write(key, target_->access.name,
                                                                 record->revision, *found);
    if (written.has_error()) co_return store_failure(written.error());
    memory.acknowledge(place, sent, text_);
    co_return report;
}

boost::asio::awaitable<push_report> session_push::send(const crud::record& record,
                                                       push_message message)
{
    if (!message.patch) co_return co_await put(record);
    auto report = co_await call(record, "PATCH", std::move(*message.patch));
    if (report.outcome == push_outcome::rejected) co_return co_await repair(record);
    if (report.outcome == push_outcome::done && message.put_follows) {
        co_return co_await put(record);
    }
    co_return report;
}

boost::asio::awaitable<push_report> session_push::repair(const crud::record& record)
{
    std::optional<json::document> answer;
    auto report = co_await call(record, "GET", std::string(), &answer);
    const bool is_answered =
        report.outcome == push_outcome::done || report.outcome == push_outcome::rejected;
    if (!is_answered) co_return report;
    if (report.outcome == push_outcome::done && answer) {
        const auto theirs = data_of(*answer);
        const auto ours = parse_copy(text_);
        if (theirs && ours &&
            json::same(theirs->root(), ours->root(), json::number_equality::amount)) {
            co_return report;
        }
    }
    co_return co_await put(record);
}

/// A session that has grown by many PATCHes may be too long for one message, while what the partner
/// lacks is not.
boost::asio::awaitable<push_report> session_push::put(const crud::record& record)
{
    auto report = co_await call(record, "PUT", text_);
    if (!report.is_too_long) co_return report;
    std::optional<json::document> answer;
    const auto asked = co_await call(record, "GET", std::string(), &answer);
    if (asked.outcome != push_outcome::done || !answer) co_return report;
    const auto before = data_of(*answer);
    const auto now = parse_copy(text_);
    if (!before || !now) co_return report;
    auto patch = write_patch(*before, *now);
    if (!patch) co_return report;
    co_return co_await call(record, "PATCH", std::move(*patch));
}

boost::asio::awaitable<push_report> session_push::call(const crud::record& record,
                                                       std::string_view method, std::string body,
                                                       std::optional<json::document>* object)
{
    const bool may_send = !stop_.stop_requested() && tools_->tenure.is_held();
    if (!may_send) co_return push_report(push_outcome::cancelled);
    const auto key = record.document.key;
    partners::platform_request request;
    request.method = method;
    request.url = http::append_segments(target_->url,
                                        {key.country_code.str(), key.party_id.str(), key.id.str()});
    request.body = std::move(body);
    request.needs_envelope = false;
    request.purpose = partners::call_purpose::push;
    request.attempts = static_cast<int>(attempts_);
    if (const auto trace = tools_->memory->traces.find(record.revision)) request.trace = *trace;
    request.routing.from = key.owner();
    request.routing.to = record.document.emsp;

    const auto started = std::chrono::steady_clock::now();
    auto answer = co_await tools_->client->call(target_->access, std::move(request));
    if (stop_.stop_requested()) co_return push_report(push_outcome::cancelled);
    push_report report;
    if (answer.has_value()) {
        report = push_report(outcome_of(*answer), answer->describe());
        report.was_put = method == "PUT" && report.outcome == push_outcome::done;
        report.is_too_long = answer->http_status == 413;
        report.is_without_envelope = method != "GET" && answer->is_bare_success();
        report.retry_after = answer->retry_after;
        if (object) *object = std::move(answer->envelope);
    } else {
        report = push_report(push_outcome::failed, answer.error().text());
    }
    tools_->observer->on_push(target_->access.name, method, as_message_outcome(report.outcome),
                              std::chrono::steady_clock::now() - started);
    co_return report;
}

}  // namespace ocpi::exchange
