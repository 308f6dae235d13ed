#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/trace_context.hpp"

#include <memory>
#include <string>
#include <string_view>

/// What the pipeline writes into the report of a request (request_observer.hpp). Each function does
/// nothing for a request without one.
namespace ocpi::http {

/// Method and trace.
void note_head(const request& head);
/// It came with credentials.
void note_credentials(const request& received);
void note_caller(const request& received, const std::shared_ptr<const auth::principal>& caller);
/// `route` must last as long as the server.
void note_route(const request& received, std::string_view route);
/// No handler is asked.
void note_refusal(const request& received, errc why);
void note_ids(const request& received, const std::string& request_id,
              const std::string& correlation_id);
/// OCPI's status code; 0 without an envelope.
void note_ocpi_status(const request& received, int ocpi_status);

/// The trace that the request belongs to: as received if its header is valid, else a new one.
protocol::trace_context trace_of(const request& received);

}  // namespace ocpi::http
