#include "app/command_line/options.hpp"
#include "app/commands.hpp"

#include <CLI/CLI.hpp>

namespace ocpi::app::command_line {
namespace {

void add_partner_argument(CLI::App& command, std::string& partner)
{
    command.add_option("PARTNER", partner, "A name or a party like BE*BEC")->required();
}

void add_partner_register(program& to, CLI::App& partner)
{
    auto* command = partner.add_subcommand(
        "register",
        "Register with a platform by the token that its operator has handed out; "
        "meanwhile a server on the same database must answer at the public URL");
    const auto platform = add_platform_options(to, *command);
    const auto wanted = std::make_shared<partner_register_arguments>();
    command->add_option("--versions-url", wanted->versions_url, "Where its version list is")
        ->required();
    command->add_option("--token-a", wanted->token_a, "CREDENTIALS_TOKEN_A")->required();
    command->add_flag("--trusted", wanted->is_trusted,
                      "Its URLs may be plain http and lead to private addresses");
    command->add_option("--name", wanted->name, "What to call it (default: the host of its URL)");
    command
        ->add_option("--role", wanted->roles,
                     "What it may claim to be, like CPO:BE*BEC (default: what it claims now)")
        ->allow_extra_args(false);
    command->add_option("--profile", wanted->profile, "strict (the default) or tolerant");
    set_action(to, *command, [platform, wanted] { return partner_register(*platform, *wanted); });
}

void add_partner_list(program& to, CLI::App& partner)
{
    auto* command = partner.add_subcommand(
        "list", "List names, versions, profiles, roles and URLs of registered partners");
    const auto platform = add_platform_options(to, *command);
    set_action(to, *command, [platform] { return partner_list(*platform); });
}

void add_partner_rotate(program& to, CLI::App& partner)
{
    auto* command = partner.add_subcommand("rotate", "Renew the tokens of both sides");
    const auto platform = add_platform_options(to, *command);
    const auto name = std::make_shared<std::string>();
    add_partner_argument(*command, *name);
    set_action(to, *command, [platform, name] { return partner_rotate(*platform, *name); });
}

void add_partner_set(program& to, CLI::App& partner)
{
    auto* command = partner.add_subcommand("set", "Change how sessions are sent to a partner");
    const auto platform = add_platform_options(to, *command);
    const auto name = std::make_shared<std::string>();
    const auto closing_put = std::make_shared<std::string>();
    add_partner_argument(*command, *name);
    command
        ->add_option("--closing-put", *closing_put,
                     "on: a session that is completed is PUT whole after its last PATCH, for "
                     "platforms that replace charging_periods by a PATCH; off (the default)")
        ->required()
        ->check(CLI::IsMember({"on", "off"}));
    set_action(to, *command, [platform, name, closing_put] {
        return partner_set(*platform, *name, *closing_put);
    });
}

void add_partner_remove(program& to, CLI::App& partner)
{
    auto* command = partner.add_subcommand("remove", "End a registration on both sides");
    const auto platform = add_platform_options(to, *command);
    const auto name = std::make_shared<std::string>();
    const auto even_unconfirmed = std::make_shared<bool>(false);
    add_partner_argument(*command, *name);
    command->add_flag("--force", *even_unconfirmed, "Also when the partner does not confirm it");
    set_action(to, *command, [platform, name, even_unconfirmed] {
        return partner_remove(*platform, *name, *even_unconfirmed);
    });
}

}  // namespace

void add_partner(program& to)
{
    auto* partner =
        to.app.add_subcommand("partner", "Register with other platforms")->require_subcommand(1);
    add_partner_register(to, *partner);
    add_partner_list(to, *partner);
    add_partner_rotate(to, *partner);
    add_partner_set(to, *partner);
    add_partner_remove(to, *partner);
}

void add_sync(program& to)
{
    auto* command = to.app.add_subcommand("sync", "Pull the sessions of a partner CPO");
    const auto platform = add_platform_options(to, *command);
    const auto wanted = std::make_shared<sync_arguments>();
    add_partner_argument(*command, wanted->partner);
    command->add_option("--date-from", wanted->date_from,
                        "Only what was updated since then (default: since the last run)");
    command->add_option("--date-to", wanted->date_to, "Only what was updated before then");
    set_action(to, *command, [platform, wanted] { return sync(*platform, *wanted); });
}

}  // namespace ocpi::app::command_line
