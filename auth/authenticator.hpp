#pragma once

#include "auth/principal.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace ocpi {

/// The identity system, as a port: an embedding program may bring its own.
///
/// Called once for every request, when its header has come and before its body is received, and
/// again for every piece of an answer that is a stream; from any thread and many at a time. The
/// coroutine resumes upon its own executor.
class Authenticator {
public:
    virtual ~Authenticator() = default;

    /// `authorization` is the value of the Authorization header as received (`Token …`), empty
    /// when there was none. The answer is who calls, or nullptr when the credentials count for
    /// nothing (401 to the client). An error means that the question could not be answered.
    /// Secrets must be compared in constant time and never reach a log or an answer.
    virtual boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>> authenticate(
        std::string authorization) = 0;
};

}  // namespace ocpi
