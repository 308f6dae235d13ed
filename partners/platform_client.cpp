#include "partners/platform_client.hpp"

#include "auth/authorization.hpp"
#include "auth/hashing.hpp"
#include "http/retry_after.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/pause.hpp"
#include "ocpi/base/uuid.hpp"
#include "ocpi/json/byte_order_mark.hpp"
#include "partners/presentable_text.hpp"

#include <charconv>
#include <utility>

namespace ocpi::partners {
namespace {

/// An envelope around a list of the deepest objects that we take.
constexpr std::size_t deepest_envelope = json::max_depth + 2;

/// How often a request is sent to a platform that asks to be called again later.
constexpr int max_call_attempts = 3;

/// The envelope; when its list has elements that cannot be read, with null in their places. Those
/// are added to `lost`.
result<json::document> read_envelope(std::string_view received,
                                     std::vector<json::lost_element>& lost)
{
    const auto body = json::without_byte_order_mark(received);
    auto parsed = json::parse(body, deepest_envelope);
    if (parsed.has_value()) return parsed;
    auto saved = json::null_out_invalid(body, "data");
    if (!saved) return parsed;
    lost = std::move(saved->lost);
    return json::parse(saved->text, deepest_envelope);
}

/// Real time: what other platforms say of waiting is about that.
date_time now()
{
    return date_time(
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

void add_party(http::headers& headers, const char* country_code, const char* party_id,
               const std::optional<party>& named)
{
    if (!named) return;
    headers.add(country_code, named->country_code.str());
    headers.add(party_id, named->party_id.str());
}

std::string write_token(const platform_access& to)
{
    return to.form == token_form::raw ? auth::write_raw_authorization(to.token)
                                      : auth::write_authorization(to.token);
}

http::outbound_request write_request(const platform_access& to, const platform_request& request,
                                     const std::string& request_id)
{
    http::outbound_request sent;
    sent.method = request.method;
    sent.url = request.url;
    sent.headers.add("Authorization", write_token(to));
    sent.headers.add("Accept", "application/json");
    if (!request.body.empty()) sent.headers.add("Content-Type", "application/json");
    sent.headers.add("X-Request-ID", request_id);
    sent.headers.add("X-Correlation-ID", request.correlation_id);
    sent.headers.add(protocol::traceparent_header, protocol::write_traceparent(request.trace));
    add_party(sent.headers, protocol::to_country_code_header, protocol::to_party_id_header,
              request.routing.to);
    add_party(sent.headers, protocol::from_country_code_header, protocol::from_party_id_header,
              request.routing.from);
    sent.body = request.body;
    sent.reach = to.is_trusted ? http::reach::anywhere : http::reach::public_https;
    sent.pool = to.name;
    return sent;
}

/// The status code of an envelope, be it a number or the text of one, however it is spelt; 0 when
/// this is none.
int read_status_code(json::value root)
{
    const auto member = root.find("status_code");
    if (!member) return 0;
    const auto number =
        decimal::parse(member->is(json::kind::number) ? member->text() : member->string());
    constexpr std::int64_t max_digits = 4;
    if (!number || !number->fits(max_digits)) return 0;
    const auto text = to_text(*number);
    int code = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), code);
    const bool is_whole = problem == std::errc() && end == text.data() + text.size();
    return is_whole && code >= 1000 && code <= 9999 ? code : 0;
}

/// True for a body that was meant as an envelope, though it cannot be read as one: what it says of
/// the request is not known.
bool is_broken_envelope(std::string_view body)
{
    return body.find("\"status_code\"") != body.npos;
}

/// One try: the platform's answer as it came.
boost::asio::awaitable<result<platform_answer>> send_once(http::http_client& http,
                                                          platform_access to,
                                                          const platform_request& request,
                                                          const std::string& request_id)
{
    auto sent = write_request(to, request, request_id);
    auto received = co_await http.send(std::move(sent));
    if (received.has_error()) {
        co_return unusable_answer(to, "cannot be reached: " + received.error().text());
    }
    platform_answer answered;
    answered.http_status = received->status;
    auto parsed = read_envelope(received->body, answered.lost);
    if (parsed.has_value()) answered.status_code = read_status_code(parsed->root());
    if (answered.status_code != 0) {
        if (const auto message = parsed->root().find("status_message")) {
            answered.status_message = presentable(std::string(message->string()), to.token);
        }
        answered.envelope = std::move(*parsed);
    } else {
        answered.body_excerpt = excerpt_of(received->body, to.token);
        const bool is_answer = !request.needs_envelope && answered.is_bare_success() &&
                               !is_broken_envelope(received->body);
        if (received->status < 400 && !is_answer) {
            co_return unusable_answer(to, "answered HTTP " + std::to_string(received->status) +
                                              " with a body that is no OCPI envelope: \"" +
                                              answered.body_excerpt + '"');
        }
    }
    answered.retry_after = http::find_retry_after(received->headers, now());
    answered.headers = std::move(received->headers);
    co_return answered;
}

call_outcome outcome_of(const platform_answer& answer, const platform_request& request)
{
    const bool is_accepted =
        answer.is_success() || (!request.needs_envelope && answer.is_bare_success());
    return is_accepted ? call_outcome::accepted : call_outcome::refused;
}

void report_call(call_observer& observer, const platform_access& to,
                 const platform_request& request, const std::string& request_id,
                 const result<platform_answer>& answered,
                 std::chrono::steady_clock::duration duration)
{
    call_report report;
    report.partner = to.name;
    report.purpose = request.purpose;
    report.method = request.method;
    const auto path = presentable_path(request.url, to.token);
    report.path = path;
    report.attempt = request.attempts;
    report.duration = duration;
    report.request_id = request_id;
    report.correlation_id = request.correlation_id;
    report.trace = request.trace;
    if (answered.has_value()) {
        report.outcome = outcome_of(*answered, request);
        report.http_status = answered->http_status;
        report.status_code = answered->status_code;
    }
    const auto failure = answered.has_error() ? answered.error().text() : std::string();
    report.failure = failure;
    observer.on_call(report);
}

}  // namespace

platform_access access_to(const partner& registered)
{
    platform_access access;
    access.name = registered.name;
    access.token = registered.token;
    access.is_trusted = registered.is_trusted;
    access.form = registered.token_form;
    return access;
}

bool platform_answer::is_success() const noexcept
{
    return http_status >= 200 && http_status < 300 && status_code >= 1000 && status_code < 2000;
}

bool platform_answer::is_bare_success() const noexcept
{
    return http_status >= 200 && http_status < 300 && !envelope;
}

std::optional<json::value> platform_answer::data() const
{
    if (!envelope) return {};
    const auto member = envelope->root().find("data");
    if (!member || member->is(json::kind::null)) return {};
    return member;
}

std::string platform_answer::describe() const
{
    std::string text = "HTTP " + std::to_string(http_status);
    if (status_code != 0) text += ", status code " + std::to_string(status_code);
    if (!status_message.empty()) {
        text.append(" (").append(status_message.substr(0, max_quotation)).append(")");
    }
    if (!body_excerpt.empty()) text.append(" (\"").append(body_excerpt).append("\")");
    if (retry_after) {
        text += "; it asks not to be called for " + std::to_string(retry_after->count()) + " s";
    }
    return text;
}

std::optional<std::chrono::seconds> pause_before_retry(const platform_answer& answer,
                                                       std::chrono::seconds patience)
{
    const bool is_busy = answer.http_status == 429 || answer.http_status == 503;
    if (!is_busy || !answer.retry_after || *answer.retry_after > patience) return std::nullopt;
    return answer.retry_after;
}

bool refuses_token(const platform_answer& answer) noexcept
{
    return answer.http_status == 401 || answer.http_status == 403 || answer.status_code == 2002;
}

bool knows_token(const platform_answer& answer) noexcept
{
    if (answer.is_success() || answer.is_bare_success()) return true;
    const int status = answer.http_status;
    const bool is_about_object = (status >= 200 && status < 300) || status == 404;
    return is_about_object && answer.status_code > 2000 && answer.status_code < 3000 &&
           !refuses_token(answer);
}

struct platform_client::shared {
    std::shared_ptr<http::http_client> http;
    form_listener on_form;
    pause_function pause;
    /// nullptr: none.
    std::shared_ptr<call_observer> observer;
    token_form_memory forms;
};

platform_client::platform_client(std::shared_ptr<http::http_client> http, form_listener on_form,
                                 pause_function pause, std::shared_ptr<call_observer> observer)
    : shared_(std::make_shared<shared>())
{
    shared_->http = std::move(http);
    shared_->on_form = std::move(on_form);
    shared_->pause = std::move(pause);
    shared_->observer = std::move(observer);
    if (!shared_->pause) shared_->pause = [](std::chrono::seconds time) { return pause_for(time); };
}

token_form platform_client::form_for(const platform_access& to) const
{
    return shared_->forms.find(to.name).value_or(to.form);
}

boost::asio::awaitable<result<platform_answer>> platform_client::call(
    platform_access to, platform_request request) const
{
    const auto with = shared_;
    if (request.correlation_id.empty()) request.correlation_id = make_uuid();
    auto patience = to.patience;
    for (int attempt = 1;; ++attempt) {
        to.form = with->forms.find(to.name).value_or(to.form);
        auto answered = co_await call_in_any_form(with, to, request);
        if (answered.has_error() || attempt >= max_call_attempts) co_return answered;
        const auto pause = pause_before_retry(*answered, patience);
        if (!pause) co_return answered;
        patience -= *pause;
        co_await with->pause(*pause);
    }
}

boost::asio::awaitable<result<platform_answer>> platform_client::call_in_any_form(
    std::shared_ptr<shared> with, platform_access to, platform_request& request)
{
    auto answered = co_await send(with, to, request);
    if (answered.has_error() || !refuses_token(*answered)) co_return answered;
    // Another call may have learned it in the meantime.
    const bool is_known = with->forms.find(to.name).value_or(to.form) != to.form;
    const auto now = token_form_memory::clock::now();
    if (!is_known && !with->forms.take_trial(auth::hash_token(to.token), now)) co_return answered;
    to.form = other_form(to.form);
    auto other = co_await send(with, to, request);
    if (other.has_error() || !knows_token(*other)) co_return answered;
    if (!is_known) {
        with->forms.learn(to.name, to.form);
        if (with->on_form) co_await with->on_form(std::move(to));
    }
    co_return other;
}

/// One try, reported to the observer.
boost::asio::awaitable<result<platform_answer>> platform_client::send(std::shared_ptr<shared> with,
                                                                      const platform_access& to,
                                                                      platform_request& request)
{
    const auto request_id = make_uuid();
    request.trace = protocol::continue_trace(request.trace);
    ++request.attempts;
    const auto started = std::chrono::steady_clock::now();
    auto answered = co_await send_once(*with->http, to, request, request_id);
    if (with->observer) {
        const auto duration = std::chrono::steady_clock::now() - started;
        report_call(*with->observer, to, request, request_id, answered, duration);
    }
    co_return answered;
}

error unusable_answer(const platform_access& from, const std::string& what)
{
    return error(errc::partner_failure, from.name + ' ' + what);
}

}  // namespace ocpi::partners
