#include "http/request_notes.hpp"

#include "http/request_observer.hpp"
#include "ocpi/base/ci_string.hpp"

namespace ocpi::http {
namespace {

/// The header's value; nullptr if there is none, or more than one.
const std::string* find_sole(const headers& sent, std::string_view name)
{
    const std::string* value = nullptr;
    for (const auto& field : sent) {
        if (!equal_ignoring_case(field.name, name)) continue;
        if (value) return nullptr;
        value = &field.value;
    }
    return value;
}

protocol::trace_context read_trace(const request& received)
{
    const auto* sent = find_sole(received.headers, protocol::traceparent_header);
    const auto read = sent ? protocol::parse_traceparent(*sent) : std::nullopt;
    return read ? *read : protocol::make_trace_context();
}

}  // namespace

void note_head(const request& head)
{
    if (!head.report) return;
    head.report->method = known_method(head.method);
    head.report->trace = trace_of(head);
}

void note_credentials(const request& received)
{
    if (received.report) received.report->has_credentials = true;
}

void note_caller(const request& received, const std::shared_ptr<const auth::principal>& caller)
{
    if (received.report) received.report->caller = caller;
}

void note_route(const request& received, std::string_view route)
{
    if (received.report) received.report->route = route;
}

void note_refusal(const request& received, errc why)
{
    if (received.report) received.report->refusal = to_string(why);
}

void note_ids(const request& received, const std::string& request_id,
              const std::string& correlation_id)
{
    if (!received.report) return;
    received.report->request_id = request_id;
    received.report->correlation_id = correlation_id;
}

void note_ocpi_status(const request& received, int ocpi_status)
{
    if (received.report) received.report->ocpi_status = ocpi_status;
}

protocol::trace_context trace_of(const request& received)
{
    const bool is_noted = received.report && received.report->trace != protocol::trace_context();
    return is_noted ? received.report->trace : read_trace(received);
}

}  // namespace ocpi::http
