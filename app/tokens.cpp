#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/finish.hpp"
#include "app/log.hpp"
#include "auth/hashing.hpp"
#include "auth/token_store.hpp"
#include "partners/partner_store.hpp"

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace ocpi::app {
namespace {

std::shared_ptr<Crud> open_durable(const database_settings& database)
{
    if (!is_durable(database.url)) {
        throw std::runtime_error("tokens in " + database.url +
                                 " would be gone at once: use [[token]] in the configuration");
    }
    return open_database(database, make_stderr_logger(log_level::warning));
}

/// A token used for a registration stays invalid and cannot be added again.
void require_unused(const std::shared_ptr<Crud>& crud, const std::string& token)
{
    partners::partner_store partners(crud);
    if (finish(partners.find_bound(auth::hash_token(token)))) {
        throw std::runtime_error(
            "this token has served for the registration of a partner; choose another one");
    }
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
    if (identity.token_kind == auth::token_kind::registration) parts.emplace_back("registration");
    if (identity.is_trusted) parts.emplace_back("trusted");
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
    const auto crud = open_durable(arguments.database);
    require_unused(crud, token);
    auth::token_store tokens(crud);
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

int token_list(const database_settings& database)
{
    require_existing(database.url);
    auth::token_store tokens(open_durable(database));
    for (const auto& identity : finish(tokens.list())) {
        std::printf("%s\n", describe(identity).c_str());
    }
    return 0;
}

int token_revoke(const database_settings& database, const std::string& name)
{
    require_existing(database.url);
    auth::token_store tokens(open_durable(database));
    finish(tokens.revoke(name));
    std::fprintf(stderr, "revoked %s\n", name.c_str());
    return 0;
}

}  // namespace ocpi::app
