#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/log.hpp"
#include "auth/hashing.hpp"
#include "auth/token_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace ocpi::app {
namespace {

/// Runs one operation of the store to its end and throws what it fails with.
template <class T>
T finish(boost::asio::awaitable<result<T>> operation)
{
    boost::asio::io_context context;
    auto future = boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future);
    context.run();
    auto outcome = future.get();
    if (outcome.has_error()) {
        const auto& failure = outcome.error();
        throw std::runtime_error(failure.log_text().empty() ? failure.text() : failure.log_text());
    }
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

auth::token_store open_token_store(const std::string& database)
{
    if (!is_durable(database)) {
        throw std::runtime_error("tokens in " + database +
                                 " would be gone at once: use [[token]] in the configuration");
    }
    return auth::token_store(open_database(database, make_stderr_logger(log_level::warning)));
}

std::string join(const std::vector<std::string>& texts)
{
    std::string joined;
    for (const auto& text : texts) {
        if (!joined.empty()) joined += ' ';
        joined += text;
    }
    return joined;
}

std::string describe(const auth::principal& identity)
{
    std::vector<std::string> parts{identity.name, std::string(to_string(identity.kind)),
                                   std::string(to_string(identity.profile))};
    for (const auto& role : identity.roles) parts.push_back(ocpi::to_string(role));
    for (const auto& contract : identity.contracts) parts.push_back(contract.str());
    return join(parts);
}

}  // namespace

int token_add(const token_add_arguments& arguments)
{
    auto identity = make_identity(arguments.identity);
    auto token = arguments.token.value_or(auth::make_token());
    if (identity.name.empty()) {
        identity.name = arguments.identity.kind + '-' + auth::make_token().substr(0, 8);
    }
    auto tokens = open_token_store(arguments.database);
    finish(tokens.add(identity, token));
    if (identity.kind == auth::caller_kind::partner && identity.roles.empty()) {
        std::fprintf(stderr, "note: without --role this partner will see no session\n");
    }
    if (identity.kind == auth::caller_kind::driver && identity.contracts.empty()) {
        std::fprintf(stderr, "note: without --contract this driver will see no session\n");
    }
    std::fprintf(stderr, "added %s; the token is shown this once:\n", describe(identity).c_str());
    std::printf("%s\n", token.c_str());
    return 0;
}

int token_list(const std::string& database)
{
    require_existing(database);
    auto tokens = open_token_store(database);
    for (const auto& identity : finish(tokens.list())) {
        std::printf("%s\n", describe(identity).c_str());
    }
    return 0;
}

int token_revoke(const std::string& database, const std::string& name)
{
    require_existing(database);
    auto tokens = open_token_store(database);
    finish(tokens.revoke(name));
    std::fprintf(stderr, "revoked %s\n", name.c_str());
    return 0;
}

}  // namespace ocpi::app
