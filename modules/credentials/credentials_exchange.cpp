#include "modules/credentials/credentials_exchange.hpp"

#include <optional>
#include <utility>

namespace ocpi::credentials {
namespace {

constexpr int max_attempts = 3;

answered_credentials read_answer(const partners::platform_access& from,
                                 const std::optional<json::value>& data, protocol::version version)
{
    auto token = data ? find_token(*data) : std::string();
    auto read = data ? read_credentials(*data, version)
                     : result<platform_credentials>(error(errc::invalid, "there are none"));
    if (read.has_error()) {
        auto words = "answers with credentials that cannot be used: " + read.error().text();
        if (token.empty()) words += "; it may believe that it is registered";
        read = partners::unusable_answer(from, words);
    }
    return {std::move(token), std::move(read)};
}

}  // namespace

boost::asio::awaitable<result<answered_credentials>> exchange_credentials(
    partners::platform_client client, partners::platform_access access,
    partners::platform_request request, protocol::version version)
{
    const int attempts = request.method == "PUT" ? max_attempts : 1;
    for (int attempt = 1;; ++attempt) {
        const auto answered = co_await client.call(access, request);
        if (answered.has_error()) {
            if (attempt < attempts) continue;
            co_return answered.error();
        }
        if (!answered->is_success()) {
            co_return error(errc::invalid,
                            access.name + " refuses our credentials: " + answered->describe());
        }
        co_return read_answer(access, answered->data(), version);
    }
}

boost::asio::awaitable<void> call_off(partners::platform_client client,
                                      partners::platform_access access, std::string token,
                                      std::string credentials_url)
{
    if (token.empty()) co_return;
    access.token = std::move(token);
    partners::platform_request request;
    request.method = "DELETE";
    request.url = std::move(credentials_url);
    (void)co_await client.call(std::move(access), std::move(request));
}

}  // namespace ocpi::credentials
