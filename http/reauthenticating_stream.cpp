#include "http/reauthenticating_stream.hpp"

#include <utility>

namespace ocpi::http {
namespace {

bool has_same_rights(const auth::principal& a, const auth::principal& b)
{
    return a.kind == b.kind && a.token_kind == b.token_kind && a.contracts == b.contracts;
}

}  // namespace

reauthenticating_stream::reauthenticating_stream(std::shared_ptr<body_stream> guarded,
                                                 std::shared_ptr<Authenticator> authenticator,
                                                 std::string authorization,
                                                 std::shared_ptr<const auth::principal> caller)
    : guarded_(std::move(guarded)),
      authenticator_(std::move(authenticator)),
      authorization_(std::move(authorization)),
      caller_(std::move(caller))
{
}

boost::asio::awaitable<std::optional<std::string>> reauthenticating_stream::next()
{
    auto piece = co_await guarded_->next();
    if (!piece) co_return std::nullopt;
    const auto known = co_await authenticator_->authenticate(authorization_);
    const bool is_lost =
        known.has_value() && (*known == nullptr || !has_same_rights(**known, *caller_));
    if (!is_lost) co_return piece;
    guarded_->close();
    co_return std::nullopt;
}

void reauthenticating_stream::close() noexcept
{
    guarded_->close();
}

}  // namespace ocpi::http
