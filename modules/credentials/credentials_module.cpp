#include "modules/credentials/credentials_module.hpp"

#include "auth/authorization.hpp"
#include "auth/hashing.hpp"
#include "auth/token_store.hpp"
#include "modules/credentials/handshake.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ocpi::credentials {
namespace {

using boost::asio::awaitable;

/// The token in the caller's header: of the readings that the header allows the one that the
/// identity system has recognised, else the likeliest.
std::string presented_token(const http::call& call)
{
    const auto* header = call.request.headers.find("Authorization");
    if (!header) return {};
    const auto readings = auth::presented_tokens(*header);
    auto found = std::find_if(readings.begin(), readings.end(), [&](const std::string& reading) {
        return auth::hash_token(reading) == call.caller.token_hash;
    });
    if (found == readings.end()) {
        found = std::find_if(readings.begin(), readings.end(), auth::is_valid_token);
    }
    return found == readings.end() ? std::string() : *found;
}

/// The caller as a handshake needs to know it, also when the identity system does not provide
/// tokens.
auth::principal bearer_of(const http::call& call)
{
    auto bearer = call.caller;
    if (bearer.token_hash.empty()) bearer.token_hash = auth::hash_token(presented_token(call));
    return bearer;
}

http::answer nothing_here()
{
    return error(errc::not_found, "there is nothing at this path");
}

/// A refusal on account of the state of the registration names the methods that remain.
http::answer refusal(const error& failure, bool registered)
{
    http::answer answered(failure);
    if (failure.code() == errc::method_not_allowed) {
        answered.headers.add("Allow", registered ? "GET, HEAD, PUT, DELETE" : "GET, HEAD, POST");
    }
    return answered;
}

http::answer answer_with(const platform_credentials& credentials)
{
    http::answer answered;
    answered.data = write_credentials(credentials);
    return answered;
}

class credentials_module {
public:
    credentials_module(std::shared_ptr<platform> own, protocol::version version)
        : own_(std::move(own)), handshake_(own_), version_(version)
    {
    }

    awaitable<http::answer> get(const http::call& call)
    {
        if (!is_partner(call)) co_return nothing_here();
        co_return answer_with(own_credentials(*own_, presented_token(call)));
    }

    awaitable<http::answer> post(const http::call& call)
    {
        if (!is_partner(call)) co_return nothing_here();
        const auto caller = bearer_of(call);
        const auto registered = co_await handshake_.is_registered(caller);
        if (registered.has_error()) co_return registered.error();
        if (*registered) {
            const error failure(errc::method_not_allowed,
                                "you are registered already: PUT renews your credentials");
            co_return refusal(failure, true);
        }
        auto sent = read_credentials(call.request.body, version_);
        if (sent.has_error()) co_return sent.error();
        const auto begun = co_await handshake_.begin(caller, version_, std::move(*sent));
        if (begun.has_error()) co_return refusal(begun.error(), true);
        co_return answer_with(*begun);
    }

    awaitable<http::answer> put(const http::call& call)
    {
        if (!is_partner(call)) co_return nothing_here();
        const auto caller = bearer_of(call);
        const auto registered = co_await handshake_.is_registered(caller);
        if (registered.has_error()) co_return registered.error();
        if (!*registered) co_return not_registered();
        auto sent = read_credentials(call.request.body, version_);
        if (sent.has_error()) co_return sent.error();
        const auto renewed = co_await handshake_.renew(caller, version_, std::move(*sent));
        if (renewed.has_error()) co_return refusal(renewed.error(), false);
        co_return answer_with(*renewed);
    }

    awaitable<http::answer> remove(const http::call& call)
    {
        if (!is_partner(call)) co_return nothing_here();
        const auto ended = co_await handshake_.end(bearer_of(call));
        if (ended.has_error()) co_return refusal(ended.error(), false);
        co_return http::answer();
    }

private:
    static bool is_partner(const http::call& call)
    {
        return call.caller.kind == auth::caller_kind::partner;
    }

    static http::answer not_registered()
    {
        return refusal(
            error(errc::method_not_allowed, "you are not registered: POST your credentials first"),
            false);
    }

    std::shared_ptr<platform> own_;
    handshake handshake_;
    protocol::version version_;
};

using method = awaitable<http::answer> (credentials_module::*)(const http::call&);

}  // namespace

std::string module_path(protocol::version of)
{
    return "/ocpi/" + std::string(to_string(of)) + "/credentials";
}

void add_credentials_module(http::router& router, const std::shared_ptr<platform>& own)
{
    for (const auto version : own->versions) {
        const auto module = std::make_shared<credentials_module>(own, version);
        const auto add = [&](const char* verb, method handle) {
            router.add(
                http::interface_kind::configuration, verb, module_path(version),
                [module, handle](const http::call& call) { return ((*module).*handle)(call); });
        };
        add("GET", &credentials_module::get);
        add("POST", &credentials_module::post);
        add("PUT", &credentials_module::put);
        add("DELETE", &credentials_module::remove);
    }
}

}  // namespace ocpi::credentials
