#pragma once

#include "ocpi/protocol/trace_context.hpp"

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

namespace ocpi::partners {

/// Why another platform is called.
enum class call_purpose { registration, push, pull, preferences };

/// `registration`, `push`, `pull`, `preferences`.
std::string_view to_string(call_purpose purpose) noexcept;

enum class call_outcome {
    accepted,  ///< HTTP 2xx with OCPI 1xxx, or without an envelope where none is needed
    refused,   ///< another answer
    failed,    ///< no answer, or none that can be understood
};

/// `accepted`, `refused`, `failed`.
std::string_view to_string(call_outcome outcome) noexcept;

/// One request to another platform and its answer. The texts last for the call of the observer.
struct call_report {
    /// The partner's name.
    std::string_view partner;
    call_purpose purpose = call_purpose::registration;
    std::string_view method;
    /// Path of the URL, percent-encoded, without the query, and with *** in place of our token.
    std::string_view path;
    /// 1 for the first time that this request is sent.
    int attempt = 1;
    call_outcome outcome = call_outcome::failed;
    /// 0 without an answer.
    int http_status = 0;
    /// OCPI's; 0 without an envelope.
    int status_code = 0;
    std::chrono::steady_clock::duration duration{};
    std::string_view request_id;
    std::string_view correlation_id;
    /// As sent.
    protocol::trace_context trace;
    /// Why there is no usable answer, safe for logs; empty if there is one.
    std::string_view failure;
};

/// Takes part in every call of another platform, as a port: log, metrics.
class call_observer {
public:
    virtual ~call_observer() = default;

    /// Called once for each request that was sent, each attempt on its own, from any thread,
    /// concurrently. Must return quickly.
    virtual void on_call(const call_report& report) noexcept = 0;
};

/// One observer for several; nullptr for none. None of them may be nullptr.
std::shared_ptr<call_observer> join_observers(
    std::vector<std::shared_ptr<call_observer>> observers);

}  // namespace ocpi::partners
