#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace ocpi {

/// What went wrong, from the caller's point of view. protocol/status_code.hpp maps each code to an
/// HTTP status and an OCPI status code; docs/errors.md documents that table.
enum class errc {
    malformed_http,      ///< the bytes are not an HTTP/1.1 request
    unreadable,          ///< the body is not a JSON text (RFC 8259, UTF-8, our limits)
    invalid,             ///< the body or a parameter can be read but breaks a rule
    unauthenticated,     ///< no token, or one that is not valid here
    not_found,           ///< no such object, or the caller may not see it
    method_not_allowed,  ///< the path is known, the method is not offered to this caller
    timed_out,           ///< the client did not finish its request in time
    body_too_large,      ///< the body exceeds limits.body_bytes
    header_too_large,    ///< the header exceeds limits.header_bytes
    already_exists,      ///< Crud::create: the key is taken
    conflict,            ///< Crud::update: the record is not at the expected revision
    too_many_requests,   ///< of a token, or without a valid token from an address
    overloaded,          ///< a queue is full; the same request may succeed a moment later
    storage,             ///< the store failed: disk full, locked, corrupt
    lease_lost,          ///< another process does this work now (Crud::fenced_by)
    partner_failure,     ///< another platform could not be reached or did not answer as it should
    version_mismatch,    ///< another platform does not speak the OCPI version it is called for
    endpoints_missing,   ///< another platform lacks an endpoint that we need
    internal,            ///< a bug on our side
};

/// The name of a code as used in logs and in docs/errors.md.
std::string_view to_string(errc code) noexcept;

/// An expected failure with two texts: `text` goes into the answer and must hold nothing that the
/// caller may not know; `log_text` goes to the operator's log.
class error {
public:
    error() = default;
    error(errc code, std::string text, std::string pointer = {}, std::string log_text = {});

    errc code() const noexcept { return code_; }
    /// For the client: what was wrong and how to fix it.
    const std::string& text() const noexcept { return text_; }
    /// JSON pointer (RFC 6901) to the wrong value; empty when the error is not about one place.
    const std::string& pointer() const noexcept { return pointer_; }
    /// For the operator; empty when the client's text is sufficient.
    const std::string& log_text() const noexcept { return log_text_; }

private:
    errc code_ = errc::internal;
    std::string text_;
    std::string pointer_;
    std::string log_text_;
};

/// A value or an error, for failures that a caller must expect; exceptions are for bugs, start-up
/// and the inside of vendor wrappers.
template <class T>
using result = boost::system::result<T, error>;

/// Called by boost::system::result when value() is called on an error: a bug, hence a throw.
[[noreturn]] void throw_exception_from_error(const error& failure,
                                             const boost::source_location& where);

}  // namespace ocpi
