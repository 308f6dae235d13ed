#include "modules/sessions/exchange/session_push.hpp"

#include "modules/sessions/exchange/session_diff.hpp"
#include "modules/sessions/session_2_2_1.hpp"
#include "ocpi/http/url.hpp"

#include <algorithm>
#include <chrono>

namespace ocpi::sessions::exchange {
namespace {

constexpr std::string_view session_module = "sessions";

push_report store_failure(const error& failure)
{
    const auto& text = failure.log_text().empty() ? failure.text() : failure.log_text();
    return push_report(push_outcome::store_failed, text);
}

/// Is it the session that the partner does not like, or is the partner not well?
push_outcome judge(const partners::platform_answer& answer)
{
    if (answer.is_success()) return push_outcome::done;
    const int status = answer.http_status;
    const bool is_unwell = status >= 500 || status == 401 || status == 408 || status == 429 ||
                           (answer.status_code >= 3000 && answer.status_code < 4000);
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

}  // namespace

push_tools::push_tools(std::shared_ptr<Crud> store, std::shared_ptr<partners::platform_client> with,
                       std::shared_ptr<exchange_observer> counting, std::size_t remembered_bytes)
    : crud(std::move(store)),
      client(std::move(with)),
      observer(std::move(counting)),
      marks(crud),
      acknowledged(remembered_bytes)
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

bool session_push::counts(const std::optional<push_mark>& mark) const
{
    return mark && mark->partner == target_->access.name && mark->written_at > since_;
}

boost::asio::awaitable<result<bool>> session_push::is_settled(session_key key,
                                                              crud::revision revision)
{
    const auto known = tools_->acknowledged.find(memory_of(key));
    if (known && known->revision >= revision) co_return true;
    const auto mark = co_await tools_->marks.find(std::move(key));
    if (mark.has_error()) co_return mark.error();
    co_return counts(*mark) && (*mark)->revision >= revision;
}

boost::asio::awaitable<push_report> session_push::run(session_key key)
{
    const auto record = co_await tools_->crud->get(session_module, crud::interface_side::sender,
                                                   record_key_of(key));
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
    if (counts(mark) && mark->revision >= record->revision) co_return report;

    text_ = in_words_of(target_->version, record->document.json);
    const auto memory = memory_of(key);
    const auto known = tools_->acknowledged.find(memory);
    std::optional<json::document> patch_base;
    // Another process may have pushed since: then what is remembered is not what the partner has.
    if (known && counts(mark) && mark->revision == known->revision) {
        patch_base = parse_copy(known->json);
    }
    // Whatever comes of it, the partner may have taken it: only an acknowledgement is remembered.
    tools_->acknowledged.remember(memory, known_session());
    if (*is_over_) co_return push_report(push_outcome::abandoned);
    report = co_await send(*record, std::move(patch_base));
    report.revision = record->revision;
    report.was_sent = true;
    if (report.outcome != push_outcome::done) co_return report;
    if (*is_over_) co_return push_report(push_outcome::abandoned);
    const auto written =
        co_await tools_->marks.write(key, target_->access.name, record->revision, mark);
    if (written.has_error()) co_return store_failure(written.error());
    known_session acknowledged(record->document.key, record->revision, std::move(text_));
    tools_->acknowledged.remember(memory, std::move(acknowledged));
    co_return report;
}

boost::asio::awaitable<push_report> session_push::send(const crud::record& record,
                                                       std::optional<json::document> patch_base)
{
    std::optional<std::string> patch;
    if (patch_base) {
        const auto now = parse_copy(text_);
        if (now) patch = write_patch(*patch_base, *now);
    }
    if (!patch) co_return co_await put(record);
    auto report = co_await ask(record, "PATCH", std::move(*patch));
    if (report.outcome != push_outcome::refused) co_return report;
    co_return co_await repair(record);
}

boost::asio::awaitable<push_report> session_push::repair(const crud::record& record)
{
    std::optional<json::document> answer;
    auto report = co_await ask(record, "GET", std::string(), &answer);
    if (report.outcome == push_outcome::failed || report.outcome == push_outcome::abandoned) {
        co_return report;
    }
    if (report.outcome == push_outcome::done && answer) {
        const auto theirs = answer->root().find("data");
        const auto ours = parse_copy(text_);
        if (theirs && ours && json::same(*theirs, ours->root(), json::number_equality::amount)) {
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
    const auto theirs = answer->root().find("data");
    std::optional<json::document> before;
    if (theirs) before = parse_copy(std::string(theirs->text()));
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
    const auto key = session_key_of(record.document.key);
    partners::platform_request request;
    request.method = method;
    request.url = http::append_segments(target_->url,
                                        {key.country_code.str(), key.party_id.str(), key.id.str()});
    request.body = std::move(body);
    request.routing.from = key.owner();
    request.routing.to = record.document.emsp;

    const auto begun = std::chrono::steady_clock::now();
    auto answer = co_await tools_->client->call(target_->access, std::move(request));
    if (*is_over_) co_return push_report(push_outcome::abandoned);
    push_report report;
    if (answer.has_value()) {
        report = push_report(judge(*answer), answer->describe());
        report.is_too_long = answer->http_status == 413;
        if (object) *object = std::move(answer->envelope);
    } else {
        report = push_report(push_outcome::failed, answer.error().text());
    }
    tools_->observer->on_push(target_->access.name, method, as_message_outcome(report.outcome),
                              std::chrono::steady_clock::now() - begun);
    co_return report;
}

}  // namespace ocpi::sessions::exchange
