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

/// Whether a hub says that it does not reach the party behind it: for now, it may be expected.
bool is_passing_fault_of_hub(int status_code)
{
    constexpr int hub_timeout = 4002;
    constexpr int hub_connection_problem = 4003;
    return status_code == hub_timeout || status_code == hub_connection_problem;
}

/// Is it the session that the partner does not like, or is the partner not well?
push_outcome judge(const partners::platform_answer& answer)
{
    if (answer.is_success() || answer.is_bare_success()) return push_outcome::done;
    const int status = answer.http_status;
    const bool is_unwell = status >= 500 || status == 401 || status == 408 || status == 429 ||
                           (answer.status_code >= 3000 && answer.status_code < 4000);
    if (is_passing_fault_of_hub(answer.status_code)) return push_outcome::unreached;
    return is_unwell ? push_outcome::failed : push_outcome::refused;
}

message_outcome as_message_outcome(push_outcome outcome)
{
    if (outcome == push_outcome::done) return message_outcome::acknowledged;
    return outcome == push_outcome::refused ? message_outcome::refused : message_outcome::failed;
}

std::optional<json::document> parse_copy(std::string_view text)
{
    auto parsed = json::parse(text);
    if (parsed.has_error()) return {};
    return std::move(*parsed);
}

/// The session that an answer carries, in the form in which we send it.
std::optional<json::document> data_of(const json::document& envelope)
{
    const auto data = envelope.root().find("data");
    if (!data || !data->is(json::kind::object)) return {};
    return parse_copy(without_null_fields(std::string(data->text())));
}

}  // namespace

push_tools::push_tools(std::shared_ptr<Crud> store, std::shared_ptr<partners::platform_client> with,
                       std::shared_ptr<exchange_observer> counting, const push_options& limits)
    : crud(std::move(store)),
      client(std::move(with)),
      observer(std::move(counting)),
      marks(crud),
      memory(limits.remembered_bytes, limits.max_served)
{
}

session_push::session_push(std::shared_ptr<push_tools> tools,
                           std::shared_ptr<const push_target> target, std::string memory,
                           crud::revision since, std::shared_ptr<const std::atomic<bool>> is_over)
    : tools_(std::move(tools)),
      target_(std::move(target)),
      memory_(std::move(memory)),
      since_(since),
      is_over_(std::move(is_over))
{
}

bool session_push::counts(const std::optional<stored_mark>& mark) const
{
    return mark && mark->value.partner == target_->access.name && mark->revision > since_;
}

session_at_partner session_push::place_of(const crud::record& record) const
{
    session_at_partner place;
    place.partner = memory_;
    if (record.document.emsp) place.emsp = fold_case(to_string(*record.document.emsp));
    place.session = record.document.key.folded();
    return place;
}

boost::asio::awaitable<result<bool>> session_push::is_settled(crud::object_key key,
                                                              crud::revision revision)
{
    session_at_partner place;
    place.partner = memory_;
    place.session = key.folded();
    if (tools_->memory.revision_at(place).value_or(0) >= revision) co_return true;
    const auto mark = co_await tools_->marks.find(std::move(key));
    if (mark.has_error()) co_return mark.error();
    co_return counts(*mark) && (*mark)->value.revision >= revision;
}

boost::asio::awaitable<push_report> session_push::run(crud::object_key key)
{
    auto report = co_await bring(key);
    // The second time nothing is remembered of which a PATCH could be made.
    if (!report) report = co_await bring(key);
    if (!report) co_return push_report(push_outcome::abandoned);
    co_return std::move(*report);
}

boost::asio::awaitable<std::optional<push_report>> session_push::bring(crud::object_key key)
{
    const auto record =
        co_await tools_->crud->get(sessions::session_records, crud::interface_side::sender, key);
    if (record.has_error()) {
        if (record.error().code() == errc::not_found) co_return push_report();
        co_return store_failure(record.error());
    }
    const auto& emsp = record->document.emsp;
    const auto& emsps = target_->emsps;
    const bool is_theirs = emsp && std::find(emsps.begin(), emsps.end(), *emsp) != emsps.end();
    if (!is_theirs) co_return push_report();
    const auto found = co_await tools_->marks.find(key);
    if (found.has_error()) co_return store_failure(found.error());
    const auto mark = *found;
    push_report report;
    report.revision = record->revision;
    if (counts(mark) && mark->value.revision >= record->revision) co_return report;

    text_ = write_pushed(target_->version, record->document.json);
    const auto now = parse_copy(text_);
    if (!now) co_return store_failure(sessions::damaged_session("it is no JSON"));
    if (*is_over_) co_return push_report(push_outcome::abandoned);
    auto& memory = tools_->memory;
    const auto place = place_of(*record);
    std::optional<crud::revision> marked;
    if (counts(mark)) marked = mark->value.revision;
    const auto base = memory.take_base(place, marked);
    auto message = choose_message(base ? &base->document : nullptr, *now, target_->closing_put);
    std::optional<session_state> patched;
    if (message.patch) patched = base->state;

    const session_state sent(record->revision, record->document.last_updated);
    report = co_await send(*record, std::move(message));
    report.revision = record->revision;
    report.was_sent = true;
    if (report.outcome != push_outcome::done) {
        if (report.outcome != push_outcome::refused) memory.leave_open(place, sent);
        co_return report;
    }
    if (*is_over_) co_return push_report(push_outcome::abandoned);
    const bool is_by_patch = patched && !report.was_put;
    if (is_by_patch && memory.is_overtaken(place, *patched, sent)) co_return std::nullopt;
    const auto written =
        co_await tools_->marks.write(key, target_->access.name, record->revision, mark);
    if (written.has_error()) co_return store_failure(written.error());
    memory.acknowledge(place, sent, text_);
    co_return report;
}

boost::asio::awaitable<push_report> session_push::send(const crud::record& record,
                                                       push_message message)
{
    if (!message.patch) co_return co_await put(record);
    auto report = co_await ask(record, "PATCH", std::move(*message.patch));
    if (report.outcome == push_outcome::refused) co_return co_await repair(record);
    if (report.outcome == push_outcome::done && message.put_follows) {
        co_return co_await put(record);
    }
    co_return report;
}

boost::asio::awaitable<push_report> session_push::repair(const crud::record& record)
{
    std::optional<json::document> answer;
    auto report = co_await ask(record, "GET", std::string(), &answer);
    const bool is_answered =
        report.outcome == push_outcome::done || report.outcome == push_outcome::refused;
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

/// A session that has grown by many PATCHes may be too long for one message; then what the partner
/// lacks of it may not be.
boost::asio::awaitable<push_report> session_push::put(const crud::record& record)
{
    auto report = co_await ask(record, "PUT", text_);
    if (!report.is_too_long) co_return report;
    std::optional<json::document> answer;
    const auto asked = co_await ask(record, "GET", std::string(), &answer);
    if (asked.outcome != push_outcome::done || !answer) co_return report;
    const auto before = data_of(*answer);
    const auto now = parse_copy(text_);
    if (!before || !now) co_return report;
    auto patch = write_patch(*before, *now);
    if (!patch) co_return report;
    co_return co_await ask(record, "PATCH", std::move(*patch));
}

boost::asio::awaitable<push_report> session_push::ask(const crud::record& record,
                                                      std::string_view method, std::string body,
                                                      std::optional<json::document>* object)
{
    if (*is_over_) co_return push_report(push_outcome::abandoned);
    const auto key = record.document.key;
    partners::platform_request request;
    request.method = method;
    request.url = http::append_segments(target_->url,
                                        {key.country_code.str(), key.party_id.str(), key.id.str()});
    request.body = std::move(body);
    request.needs_envelope = false;
    request.routing.from = key.owner();
    request.routing.to = record.document.emsp;

    const auto begun = std::chrono::steady_clock::now();
    auto answer = co_await tools_->client->call(target_->access, std::move(request));
    if (*is_over_) co_return push_report(push_outcome::abandoned);
    push_report report;
    if (answer.has_value()) {
        report = push_report(judge(*answer), answer->describe());
        report.was_put = method == "PUT" && report.outcome == push_outcome::done;
        report.is_too_long = answer->http_status == 413;
        report.is_without_envelope = method != "GET" && answer->is_bare_success();
        report.retry_after = answer->retry_after;
        if (object) *object = std::move(answer->envelope);
    } else {
        report = push_report(push_outcome::failed, answer.error().text());
    }
    tools_->observer->on_push(target_->access.name, method, as_message_outcome(report.outcome),
                              std::chrono::steady_clock::now() - begun);
    co_return report;
}

}  // namespace ocpi::exchange
