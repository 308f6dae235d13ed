#include "server/outbound_client.hpp"

#include "http/url.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/uuid.hpp"
#include "server/deadline.hpp"
#include "server/idle_connections.hpp"
#include "server/outbound_connection.hpp"
#include "server/outbound_dialer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::server {

namespace asio = boost::asio;

namespace {

constexpr int max_redirects = 3;

bool is_token(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// A request that may have been carried out can be sent again [RFC 9110 section 9.2.2]. PATCH is
/// not among them: a session's charging periods would be appended twice.
bool is_idempotent(std::string_view method)
{
    return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// 307 and 308 ask for the same request at another place; the others may mean a GET [RFC 9110
/// section 15.4], and 303 means another resource.
bool may_follow(int status, std::string_view method)
{
    if (status == 307 || status == 308) return true;
    return status != 303 && (method == "GET" || method == "HEAD");
}

/// Those that the client sees to.
bool is_set_by_client(std::string_view name)
{
    for (const char* ours :
         {"Host", "Content-Length", "Connection", "Transfer-Encoding", "User-Agent"}) {
        if (equal_ignoring_case(name, ours)) return true;
    }
    return false;
}

/// A control character becomes a space, so that no value can begin a field of its own.
void append_without_controls(std::string& to, std::string_view text)
{
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        to += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
}

std::string write_request(const http::outbound_request& request, const http::url& to)
{
    std::string text = request.method;
    text.append(" ").append(to.target).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(to.authority()).append("\r\nUser-Agent: ocpi-sessions\r\n");
    for (const auto& field : request.headers) {
        if (is_set_by_client(field.name)) continue;
        append_without_controls(text, field.name);
        text += ": ";
        append_without_controls(text, field.value);
        text += "\r\n";
    }
    const auto& method = request.method;
    if (!request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
        text.append("Content-Length: ").append(std::to_string(request.body.size()));
        text += "\r\n";
    }
    text.append("\r\n").append(request.body);
    return text;
}

/// The same fields, with another X-Request-ID where there is one.
http::headers with_new_request_id(const http::headers& of)
{
    constexpr const char* request_id = "X-Request-ID";
    http::headers renewed;
    for (const auto& field : of) {
        const bool is_id = equal_ignoring_case(field.name, request_id);
        renewed.add(field.name, is_id ? make_uuid() : field.value);
    }
    return renewed;
}

/// One request on its way, from the call to the answer, redirects included.
struct outbound_call {
    http::outbound_request request;
    http::url to;
    /// How often it has been put on the wire.
    int tries = 0;
    std::shared_ptr<deadline> time;
    deadline::time_point end;
};

/// The target of a redirect; std::nullopt for an answer that is not a redirect.
result<std::optional<http::url>> find_redirect(const outbound_call& made,
                                               const http::response& answer, int redirects)
{
    if (!is_redirect(answer.status)) return std::optional<http::url>();
    const auto host = made.to.authority();
    const auto* location = answer.headers.find("Location");
    if (!location) return partner_failure(host + " redirects without saying whereto");
    auto next = http::resolve_reference(made.to, *location);
    if (next.has_error()) {
        return partner_failure(
            host + " redirects to where nothing can be fetched: " + next.error().text());
    }
    if (next->origin() != made.to.origin()) {
        return partner_failure(host + " redirects to " + next->origin() +
                               "; redirects to other hosts are not followed");
    }
    const auto& method = made.request.method;
    if (!may_follow(answer.status, method)) {
        return partner_failure(host + " redirects a " + method + " with HTTP " +
                               std::to_string(answer.status) + ", which is not followed");
    }
    if (redirects == max_redirects) {
        return partner_failure(host + " redirects more than " + std::to_string(max_redirects) +
                               " times");
    }
    return std::optional<http::url>(std::move(*next));
}

}  // namespace

/// Outlives the client object: requests under way hold on to it.
class outbound_client::impl {
public:
    explicit impl(outbound_options options) : options_(std::move(options)), dialer_(options_) {}

    ~impl()
    {
        for (const auto& each : used_) {
            if (const auto idle = each.lock()) idle->drop(this);
        }
    }

    static asio::awaitable<result<http::response>> run(std::shared_ptr<impl> self,
                                                       http::outbound_request request);

    void shut_down()
    {
        const std::lock_guard lock(mutex_);
        is_shut_down_ = true;
        for (const auto& each : under_way_) {
            if (const auto time = each.lock()) time->end_now();
        }
    }

    void reopen()
    {
        const std::lock_guard lock(mutex_);
        is_shut_down_ = false;
    }

private:
    /// False when no request may begin.
    bool admit(const std::shared_ptr<deadline>& time)
    {
        const std::lock_guard lock(mutex_);
        if (is_shut_down_) return false;
        std::erase_if(under_way_, [](const auto& each) { return each.expired(); });
        under_way_.push_back(time);
        return true;
    }

    asio::awaitable<result<http::response>> exchange(outbound_call& made);
    asio::awaitable<exchange_outcome> exchange_on(std::shared_ptr<outbound_connection> connection,
                                                  outbound_call& made);
    result<http::response> conclude(const outbound_call& made, exchange_outcome outcome) const;
    std::shared_ptr<idle_connections> idle_of(const asio::any_io_executor& executor);

    const outbound_options options_;
    const outbound_dialer dialer_;
    std::mutex mutex_;
    /// Where connections of ours may wait; guarded by mutex_.
    std::vector<std::weak_ptr<idle_connections>> used_;
    bool is_shut_down_ = false;                       // guarded by mutex_
    std::vector<std::weak_ptr<deadline>> under_way_;  // guarded by mutex_
};

asio::awaitable<result<http::response>> outbound_client::impl::run(std::shared_ptr<impl> self,
                                                                   http::outbound_request request)
{
    const auto& options = self->options_;
    auto to = http::parse_url(request.url);
    if (to.has_error()) co_return partner_failure(to.error().text());
    if (!is_token(request.method)) {
        co_return partner_failure("a request to " + to->authority() + " has no proper method");
    }
    if (request.reach == http::reach::public_https && !to->is_https()) {
        co_return partner_failure(to->origin() +
                                  " is not https; mark the partner as trusted to allow it");
    }
    outbound_call made;
    made.request = std::move(request);
    made.to = std::move(*to);
    const asio::any_io_executor strand = co_await asio::this_coro::executor;
    made.time = std::make_shared<deadline>(strand);
    if (!self->admit(made.time)) {
        co_return partner_failure(made.to.authority() +
                                  " is not called any more: this server stops");
    }
    made.end = std::chrono::steady_clock::now() + options.request_timeout;
    for (int redirects = 0;; ++redirects) {
        auto answered = co_await self->exchange(made);
        if (answered.has_error()) co_return answered;
        auto next = find_redirect(made, *answered, redirects);
        if (next.has_error()) co_return next.error();
        if (!*next) co_return answered;
        made.to = std::move(**next);
    }
}

asio::awaitable<result<http::response>> outbound_client::impl::exchange(outbound_call& made)
{
    const asio::any_io_executor strand = co_await asio::this_coro::executor;
    const auto& request = made.request;
    const bool is_guarded = request.reach == http::reach::public_https;
    const auto pool = made.to.origin() + (is_guarded ? " public " : " any ") + request.pool;
    const auto idle = idle_of(strand);

    exchange_outcome outcome;
    auto connection = idle->take(this, pool, options_.idle_timeout);
    if (connection) {
        outcome = co_await exchange_on(connection, made);
        const bool was_stale = is_closed_by_peer(outcome.failure) && !outcome.has_begun;
        if (was_stale && !made.time->has_passed() && is_idempotent(request.method)) {
            connection = nullptr;
        }
    }
    if (!connection) {
        auto opened = co_await dialer_.open(made.to, request.reach, made.time, made.end);
        if (opened.has_error()) {
            if (std::chrono::steady_clock::now() < made.end) co_return opened.error();
            co_return partner_failure(made.to.authority() + " did not answer within " +
                                      describe_period(options_.request_timeout));
        }
        connection = std::move(*opened);
        outcome = co_await exchange_on(connection, made);
    }
    if (!outcome.failure && outcome.is_reusable && !made.time->has_passed()) {
        idle->put(this, pool, options_.max_idle_per_pool, options_.idle_timeout,
                  std::move(connection));
    }
    co_return conclude(made, std::move(outcome));
}

asio::awaitable<exchange_outcome> outbound_client::impl::exchange_on(
    std::shared_ptr<outbound_connection> connection, outbound_call& made)
{
    made.time->arm(made.end, [connection] { connection->close(); });
    // Each message that a server may see has an id of its own [transport and format, message IDs].
    if (made.tries++ > 0) made.request.headers = with_new_request_id(made.request.headers);
    auto bytes = write_request(made.request, made.to);
    auto outcome =
        co_await connection->exchange(std::move(bytes), made.request.method == "HEAD", options_);
    made.time->disarm();
    co_return outcome;
}

result<http::response> outbound_client::impl::conclude(const outbound_call& made,
                                                       exchange_outcome outcome) const
{
    if (!outcome.failure) return std::move(outcome.answer);
    const auto host = made.to.authority();
    if (made.time->has_passed()) {
        return partner_failure(host + " did not answer within " +
                               describe_period(options_.request_timeout));
    }
    if (is_closed_by_peer(outcome.failure)) {
        return partner_failure(host + (outcome.has_begun
                                           ? " closed the connection within its answer"
                                           : " closed the connection without an answer"));
    }
    if (is_too_large(outcome.failure)) {
        return partner_failure(
            "the answer of " + host + " is larger than " + std::to_string(options_.response_bytes) +
            " bytes, or its header than " + std::to_string(options_.response_header_bytes));
    }
    if (is_bad_answer(outcome.failure)) {
        return partner_failure(host + " answered with something that is not HTTP");
    }
    return partner_failure(host + ": " + describe_failure(outcome.failure));
}

std::shared_ptr<idle_connections> outbound_client::impl::idle_of(
    const asio::any_io_executor& executor)
{
    auto idle = idle_connections::of(executor);
    const std::lock_guard lock(mutex_);
    std::erase_if(used_, [](const auto& each) { return each.expired(); });
    const bool is_known = std::any_of(used_.begin(), used_.end(),
                                      [&](const auto& each) { return each.lock() == idle; });
    if (!is_known) used_.push_back(idle);
    return idle;
}

outbound_client::outbound_client(outbound_options options)
    : impl_(std::make_shared<impl>(std::move(options)))
{
}

outbound_client::~outbound_client() = default;

void outbound_client::shut_down()
{
    impl_->shut_down();
}

void outbound_client::reopen()
{
    impl_->reopen();
}

namespace {

/// Runs the request on a strand of its own, beside whatever its caller does.
asio::awaitable<result<http::response>> run_on_strand(asio::awaitable<result<http::response>> work)
{
    const asio::any_io_executor caller = co_await asio::this_coro::executor;
    const asio::any_io_executor strand = asio::make_strand(caller);
    co_return co_await asio::co_spawn(strand, std::move(work), asio::use_awaitable);
}

}  // namespace

// No coroutine itself: from the call on the request holds on to what it needs, and the client may
// be gone before the request begins to run.
asio::awaitable<result<http::response>> outbound_client::send(http::outbound_request request)
{
    return run_on_strand(impl::run(impl_, std::move(request)));
}

}  // namespace ocpi::server
