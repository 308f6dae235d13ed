#pragma once

#include "auth/authenticator.hpp"
#include "http/body_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ocpi::http {

/// A long-lived stream that ends when the token it was opened with is no longer valid or its rights
/// have changed: the caller is authenticated again before each piece. While authentication fails
/// with an error, the stream continues.
class reauthenticating_stream final : public body_stream {
public:
    /// `authorization` is the header value that authenticated `caller`.
    reauthenticating_stream(std::shared_ptr<body_stream> guarded,
                            std::shared_ptr<Authenticator> authenticator, std::string authorization,
                            std::shared_ptr<const auth::principal> caller);

    boost::asio::awaitable<std::optional<std::string>> next() override;
    void close() noexcept override;

private:
    const std::shared_ptr<body_stream> guarded_;
    const std::shared_ptr<Authenticator> authenticator_;
    const std::string authorization_;
    const std::shared_ptr<const auth::principal> caller_;
};

}  // namespace ocpi::http
