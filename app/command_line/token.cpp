#include "app/command_line/options.hpp"
#include "app/commands.hpp"

#include <CLI/CLI.hpp>

namespace ocpi::app::command_line {
namespace {

void add_token_add(program& to, CLI::App& token)
{
    auto* command = token.add_subcommand("add", "Add a token and print it, this once");
    const auto wanted = std::make_shared<token_add_arguments>();
    add_database_options(*command, wanted->database);
    auto& identity = wanted->identity;
    command->add_option("--kind", identity.kind, "partner, operator or driver")->required();
    command->add_option("--role", identity.roles, "A partner's role and party, like CPO:ES*ABC")
        ->allow_extra_args(false);
    command->add_option("--contract", identity.contracts, "A driver's contract id")
        ->allow_extra_args(false);
    command->add_option("--profile", identity.profile, "strict (the default) or tolerant");
    command->add_option("--name", identity.name, "A unique name (default: made up)");
    command->add_flag(
        "--registration", identity.registration,
        "CREDENTIALS_TOKEN_A: the partner registers by it, claiming no more than --role");
    command->add_flag("--trusted", identity.trusted,
                      "The partner's URLs may be plain http and lead to private addresses");
    command->add_option("--token", wanted->token, "The token (default: a random one)");
    set_action(to, *command, [wanted] { return token_add(*wanted); });
}

void add_token_list(program& to, CLI::App& token)
{
    auto* command = token.add_subcommand("list", "List names, kinds, profiles, roles, contracts");
    const auto database = std::make_shared<database_settings>();
    add_database_options(*command, *database);
    set_action(to, *command, [database] { return token_list(*database); });
}

void add_token_revoke(program& to, CLI::App& token)
{
    auto* command = token.add_subcommand(
        "revoke", "Revoke a token: no request with it is answered from then on");
    const auto database = std::make_shared<database_settings>();
    const auto name = std::make_shared<std::string>();
    add_database_options(*command, *database);
    command->add_option("--name", *name, "The token's name")->required();
    set_action(to, *command, [database, name] { return token_revoke(*database, *name); });
}

}  // namespace

void add_token(program& to)
{
    auto* token = to.app.add_subcommand("token", "Manage access tokens")->require_subcommand(1);
    add_token_add(to, *token);
    add_token_list(to, *token);
    add_token_revoke(to, *token);
}

}  // namespace ocpi::app::command_line
