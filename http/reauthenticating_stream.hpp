#pragma once

#include "auth/authenticator.hpp"
#include "http/body_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ocpi::http {

/// A stream that may be open for days, and gives nothing more once the token that it was opened
/// with counts no longer, or stands for other rights: before each piece, the caller is
/// authenticated again. While that question cannot be answered, the stream goes on.
class reauthenticating_stream final : public body_stream {
public:
    /// `authorization` is what `caller` was recognised by.
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
