#pragma once

#include "auth/principal.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace ocpi {

/// The identity system, as a port: an embedding program may bring its own.
///
/// Called once per request, after its header is received and before its body, and again for every
/// piece of a streamed answer; from any thread, concurrently. The coroutine resumes on its caller's
/// executor.
class Authenticator {
public:
    virtual ~Authenticator() = default;

    /// `authorization` is the value of the Authorization header as received (`Token …`), empty when
    /// absent. Returns the caller, or nullptr when the credentials are not valid (401 to the
    /// client). An error means that the credentials could not be checked. Implementations compare
    /// secrets in constant time and never write them to a log or an answer.
    virtual boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>> authenticate(
        std::string authorization) = 0;
};

}  // namespace ocpi
