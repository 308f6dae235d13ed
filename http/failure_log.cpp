#include "http/failure_log.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace ocpi::http {
namespace {

/// The text without what it quotes of a request, which may be anything.
std::string without_quotations(std::string_view text)
{
    std::string shown;
    bool is_quoted = false;
    for (const char c : text) {
        if (c == '"') {
            is_quoted = !is_quoted;
            shown += is_quoted ? "\"…" : "\"";
        } else if (!is_quoted) {
            shown += c;
        }
    }
    return shown;
}

}  // namespace

failure_log::failure_log(std::shared_ptr<logger> log)
    : log_(std::move(log)), limiter_(std::chrono::minutes(1))
{
}

void failure_log::write(std::string_view request_id, const error& failure, clock::time_point now)
{
    std::string cause(to_string(failure.code()));
    cause += ": ";
    cause += failure.log_text().empty() ? without_quotations(failure.text()) : failure.log_text();
    const auto line = "request " + std::string(request_id.substr(0, 200)) + ": " + cause;
    const bool ours = failure.code() == errc::internal || failure.code() == errc::storage;
    const bool is_limit = failure.code() == errc::too_many_requests;
    if (!ours && !is_limit) return log_->write(log_level::debug, line);
    // Of a limit, all callers beyond it are one cause: there may be thousands.
    const auto held_back = limiter_.admit(is_limit ? failure.text() : cause, now);
    if (!held_back) return;
    const auto more = " (and " + std::to_string(*held_back) + " requests more before)";
    const auto level = ours ? log_level::error : log_level::warning;
    log_->write(level, *held_back == 0 ? line : line + more);
}

}  // namespace ocpi::http
