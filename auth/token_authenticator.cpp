#include "auth/token_authenticator.hpp"

#include "auth/hashing.hpp"
#include "ocpi/base/ci_string.hpp"

#include <optional>
#include <string_view>

namespace ocpi::auth {
namespace {

/// The credentials behind the scheme `Token`; empty when there are none.
std::string_view token_parameter(std::string_view authorization)
{
    constexpr std::string_view scheme = "Token ";
    if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
    auto parameter = authorization.substr(scheme.size());
    const auto first = parameter.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return parameter.substr(first, parameter.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string> decode_token(std::string_view parameter)
{
    auto token = decode_base64(parameter);
    while (token && !token->empty() && (token->back() == '\n' || token->back() == '\r')) {
        token->pop_back();
    }
    return token;
}

/// Only known tokens are remembered, so this is far beyond any honest number of callers within
/// one freshness period.
constexpr std::size_t most_remembered = 100'000;

}  // namespace

token_authenticator::token_authenticator(token_store tokens,
                                         const std::vector<configured_token>& configured,
                                         std::chrono::milliseconds freshness)
    : tokens_(std::move(tokens)), freshness_(freshness)
{
    for (const auto& entry : configured) {
        configured_.emplace_back(hash_token(entry.token),
                                 std::make_shared<const principal>(entry.identity));
    }
}

boost::asio::awaitable<result<std::shared_ptr<const principal>>> token_authenticator::authenticate(
    std::string authorization)
{
    const std::string parameter(token_parameter(authorization));
    if (parameter.empty()) co_return std::shared_ptr<const principal>();
    if (auto decoded = decode_token(parameter)) {
        auto identified = co_await identify(std::move(*decoded));
        if (identified.has_error() || *identified) co_return identified;
    }
    co_return co_await identify(parameter);
}

boost::asio::awaitable<result<std::shared_ptr<const principal>>> token_authenticator::identify(
    std::string token)
{
    const auto hash = hash_token(token);
    for (const auto& [configured_hash, identity] : configured_) {
        if (equal_in_constant_time(configured_hash, hash)) co_return identity;
    }
    if (auto identity = recall(hash)) co_return identity;
    auto found = co_await tokens_.find(hash);
    if (found.has_value() && *found) remember(hash, *found);
    co_return found;
}

std::shared_ptr<const principal> token_authenticator::recall(const std::string& token_hash)
{
    const std::lock_guard lock(mutex_);
    const auto found = recent_.find(token_hash);
    if (found == recent_.end()) return nullptr;
    if (real_time::now() < found->second.until) return found->second.identity;
    recent_.erase(found);
    return nullptr;
}

void token_authenticator::remember(const std::string& token_hash,
                                   std::shared_ptr<const principal> identity)
{
    const std::lock_guard lock(mutex_);
    if (recent_.size() >= most_remembered) recent_.clear();
    recent_.insert_or_assign(token_hash,
                             remembered{std::move(identity), real_time::now() + freshness_});
}

}  // namespace ocpi::auth
