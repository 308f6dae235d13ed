#include "app/commands.hpp"
#include "app/manual/write_manual.hpp"
#include "app/simulate/command.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <functional>

namespace {

using namespace ocpi::app;

constexpr const char* password_file_help =
    "File whose first line is the password of the database on PostgreSQL";
constexpr const char* allow_lost_writes_help =
    "Accept a PostgreSQL server with fsync or synchronous_commit off";

/// What the command line asked for.
struct request {
    platform_arguments platform;
    token_add_arguments token_add;
    database_settings database;
    std::string token_name;
    partner_register_arguments partner_register;
    std::string partner;
    sync_arguments sync;
    cost_arguments cost;
    simulate::arguments simulate;
    bool even_unconfirmed = false;
    std::string closing_put;
    std::vector<std::string> files;
    std::string file;
    migrate_arguments migrate;
    purge_arguments purge;
    lease_arguments leases;
    std::string directory;
    std::string config_file;
    std::function<int()> run;
};

/// This platform's identity: from the configuration file, or from options that override it.
void add_platform_options(CLI::App& command, request& asked)
{
    command.add_option("--config", asked.platform.config_file, "TOML file; flags override it");
    command.add_option("--database", asked.platform.database,
                       "sqlite:PATH, postgresql://HOST/NAME or memory: (default sqlite:ocpi-sessions.db)");
    command.add_option("--database-password-file", asked.platform.database_password_file,
                       password_file_help);
    command.add_flag("--allow-lost-writes", asked.platform.allow_lost_writes,
                     allow_lost_writes_help);
    command.add_option("--public-url", asked.platform.public_url,
                       "How partners reach this server, for absolute URLs");
    command.add_flag("--dev", asked.platform.development,
                     "Loopback only: party ES*ABC, operator token your-token, settable clock");
}

void add_serve(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand("serve", "Run the server");
    add_platform_options(*command, asked);
    command->add_option("--listen", asked.platform.listen,
                        "HOST:PORT, port 0 for any free one (default 127.0.0.1:8000)");
    command->add_option("--admin-listen", asked.platform.admin_listen,
                        "HOST:PORT of the admin listener (default: that of the configuration)");
    command->callback([&asked] { asked.run = [&asked] { return serve(asked.platform); }; });
}

void add_database_option(CLI::App& command, request& asked)
{
    command.add_option("--database", asked.database.url, "sqlite:PATH or postgresql://HOST/NAME")
        ->capture_default_str();
    command.add_option("--database-password-file", asked.database.password_file,
                       password_file_help);
    command.add_flag("--allow-lost-writes", asked.database.allow_lost_writes,
                     allow_lost_writes_help);
}

void add_file_option(CLI::App& command, request& asked)
{
    command.add_option("--database", asked.database.url, "sqlite:PATH")->capture_default_str();
}

void add_token(CLI::App& app, request& asked)
{
    auto* token = app.add_subcommand("token", "Manage access tokens")->require_subcommand(1);

    auto* add = token->add_subcommand("add", "Add a token and print it, this once");
    add_database_option(*add, asked);
    auto& identity = asked.token_add.identity;
    add->add_option("--kind", identity.kind, "partner, operator or driver")->required();
    add->add_option("--role", identity.roles, "A partner's role and party, like CPO:ES*ABC")
        ->allow_extra_args(false);
    add->add_option("--contract", identity.contracts, "A driver's contract id")
        ->allow_extra_args(false);
    add->add_option("--profile", identity.profile, "strict (the default) or tolerant");
    add->add_option("--name", identity.name, "A unique name (default: made up)");
    add->add_flag("--registration", identity.registration,
                  "CREDENTIALS_TOKEN_A: the partner registers by it, claiming no more than --role");
    add->add_flag("--trusted", identity.trusted,
                  "The partner's URLs may be plain http and lead to private addresses");
    add->add_option("--token", asked.token_add.token, "The token (default: a random one)");
    add->callback([&asked] {
        asked.run = [&asked] {
            asked.token_add.database = asked.database;
            return token_add(asked.token_add);
        };
    });

    auto* list = token->add_subcommand("list", "List names, kinds, profiles, roles, contracts");
    add_database_option(*list, asked);
    list->callback([&asked] { asked.run = [&asked] { return token_list(asked.database); }; });

    auto* revoke = token->add_subcommand("revoke", "Make a token count for nothing");
    add_database_option(*revoke, asked);
    revoke->add_option("--name", asked.token_name, "The token's name")->required();
    revoke->callback([&asked] {
        asked.run = [&asked] { return token_revoke(asked.database, asked.token_name); };
    });
}

void add_partner(CLI::App& app, request& asked)
{
    auto* partner =
        app.add_subcommand("partner", "Register with other platforms")->require_subcommand(1);

    auto* add = partner->add_subcommand(
        "register",
        "Register with a platform by the token that its operator has handed out; "
        "meanwhile a server on the same database must answer at the public URL");
    add_platform_options(*add, asked);
    auto& wanted = asked.partner_register;
    add->add_option("--versions-url", wanted.versions_url, "Where its version list is")->required();
    add->add_option("--token-a", wanted.token_a, "CREDENTIALS_TOKEN_A")->required();
    add->add_flag("--trusted", wanted.is_trusted,
                  "Its URLs may be plain http and lead to private addresses");
    add->add_option("--name", wanted.name, "What to call it (default: the host of its URL)");
    add->add_option("--role", wanted.roles,
                    "What it may claim to be, like CPO:BE*BEC (default: what it claims now)")
        ->allow_extra_args(false);
    add->add_option("--profile", wanted.profile, "strict (the default) or tolerant");
    add->callback([&asked] {
        asked.run = [&asked] { return partner_register(asked.platform, asked.partner_register); };
    });

    auto* list = partner->add_subcommand(
        "list", "List names, versions, profiles, roles and URLs of registered partners");
    add_platform_options(*list, asked);
    list->callback([&asked] { asked.run = [&asked] { return partner_list(asked.platform); }; });

    auto* rotate = partner->add_subcommand("rotate", "Renew the tokens of both sides");
    add_platform_options(*rotate, asked);
    rotate->add_option("PARTNER", asked.partner, "A name or a party like BE*BEC")->required();
    rotate->callback([&asked] {
        asked.run = [&asked] { return partner_rotate(asked.platform, asked.partner); };
    });

    auto* set = partner->add_subcommand("set", "Change how sessions are sent to a partner");
    add_platform_options(*set, asked);
    set->add_option("PARTNER", asked.partner, "A name or a party like BE*BEC")->required();
    set->add_option("--closing-put", asked.closing_put,
                    "on: a session that is completed is PUT whole after its last PATCH, for "
                    "platforms that replace charging_periods by a PATCH; off (the default)")
        ->required()
        ->check(CLI::IsMember({"on", "off"}));
    set->callback([&asked] {
        asked.run = [&asked] {
            return partner_set(asked.platform, asked.partner, asked.closing_put);
        };
    });

    auto* remove = partner->add_subcommand("remove", "End a registration on both sides");
    add_platform_options(*remove, asked);
    remove->add_option("PARTNER", asked.partner, "A name or a party like BE*BEC")->required();
    remove->add_flag("--force", asked.even_unconfirmed,
                     "Also when the partner does not confirm it");
    remove->callback([&asked] {
        asked.run = [&asked] {
            return partner_remove(asked.platform, asked.partner, asked.even_unconfirmed);
        };
    });
}

void add_sync(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand("sync", "Pull the sessions of a partner CPO");
    add_platform_options(*command, asked);
    command->add_option("PARTNER", asked.sync.partner, "A name or a party like BE*BEC")->required();
    command->add_option("--date-from", asked.sync.date_from,
                        "Only what was updated since then (default: since the last run)");
    command->add_option("--date-to", asked.sync.date_to, "Only what was updated before then");
    command->callback(
        [&asked] { asked.run = [&asked] { return sync(asked.platform, asked.sync); }; });
}

void add_backup(CLI::App& app, request& asked)
{
    auto* backup = app.add_subcommand(
        "backup", "Copy the database to a new file, also while a server writes it, and verify it");
    add_file_option(*backup, asked);
    backup->add_option("FILE", asked.file, "The copy; it must not exist")->required();
    backup->callback(
        [&asked] { asked.run = [&asked] { return back_up(asked.database.url, asked.file); }; });

    auto* restore = app.add_subcommand("restore", "Verify a backup and make a new database of it");
    add_file_option(*restore, asked);
    restore->add_option("FILE", asked.file, "The backup")->required();
    restore->callback([&asked] {
        asked.run = [&asked] { return ocpi::app::restore(asked.database.url, asked.file); };
    });
    for (auto* each : {backup, restore}) {
        each->footer("Exit status: 0; 1 when a file is damaged; 2 on any other failure.");
    }
}

void add_migrate(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand("migrate",
                                       "Copy a whole database to a new one of another kind, and "
                                       "verify it; stop the servers first. "
                                       "Run again after an interruption, it goes on where it was");
    command->add_option("--from", asked.migrate.from, "sqlite:PATH or postgresql://HOST/NAME")
        ->required();
    command
        ->add_option(
            "--to", asked.migrate.to,
            "sqlite:PATH of a file that does not exist, or postgresql://HOST/NAME of an empty "
            "database")
        ->required();
    command->add_option("--database-password-file", asked.migrate.password_file,
                        password_file_help);
    command->footer(
        "Passwords: in a file, PGPASSFILE or PGPASSWORD rather than in a URL, which others can "
        "see.\n"
        "Exit status: 0; 1 when the copy differs from the source, or the source is damaged or has "
        "changed meanwhile; 2 on any other failure.");
    command->callback([&asked] { asked.run = [&asked] { return migrate(asked.migrate); }; });
}

void add_purge(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand(
        "purge", "Remove settled sessions that every partner has; a dry run without --yes");
    add_database_option(*command, asked);
    command
        ->add_option("--completed-before", asked.purge.completed_before,
                     "A date like 2026-01-01 or an OCPI DateTime, UTC")
        ->required();
    command->add_flag("--yes", asked.purge.removes, "Remove them");
    command->callback([&asked] {
        asked.run = [&asked] {
            asked.purge.database = asked.database;
            return purge(asked.purge);
        };
    });
}

void add_leases(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand(
        "leases", "Show which process does what, where several share a database");
    add_database_option(*command, asked);
    command->add_flag("--json", asked.leases.as_json, "Print JSON");
    command->callback([&asked] {
        asked.run = [&asked] {
            asked.leases.database = asked.database;
            return list_leases(asked.leases);
        };
    });
}

void add_check(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand("check", "Validate Session JSON, a line per problem");
    command->add_option("FILE", asked.files, "Files with a Session or a list of them")->required();
    command->callback([&asked] { asked.run = [&asked] { return check(asked.files); }; });
}

void add_check_config(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand(
        "check-config", "Print what a configuration file amounts to, or what is wrong in it");
    command->add_option("FILE", asked.config_file, "TOML file")->required();
    command->callback(
        [&asked] { asked.run = [&asked] { return check_config(asked.config_file); }; });
}

void add_cost(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand("cost", "Price a Session or a CDR by tariffs, exactly");
    auto& wanted = asked.cost;
    command->add_option("--session", wanted.session_file, "File with a Session or a CDR")
        ->required();
    command->add_option("--tariff", wanted.tariff_files,
                        "Files with a Tariff or a list of them (default: those of the CDR)");
    command->add_option("--time-zone", wanted.time_zone,
                        "Where the location is, like Europe/Madrid (default: UTC)");
    command->add_flag("--json", wanted.as_json, "Print one JSON object, nothing rounded");
    command
        ->add_option("--places", wanted.places, "Places of the amounts in the table (default: 2)")
        ->check(CLI::Range(0, 12));
    command->callback([&asked] { asked.run = [&asked] { return cost(asked.cost); }; });
}

/// Names and descriptions, a line each.
std::string describe_scenarios()
{
    std::string text = "Scenarios:\n";
    for (const auto& each : simulate::scenarios()) {
        auto name = std::string(each.name);
        name.resize(11, ' ');
        text += "  " + name + std::string(each.about) + "\n";
    }
    return text +
           "Exit status: 0; 1 on a difference or an unexpected answer; 2 on wrong arguments "
           "or without a server.";
}

void add_simulate(CLI::App& app, request& asked)
{
    auto* command = app.add_subcommand(
        "simulate",
        "A charge point operator in a box: reports charging sessions to an OCPI 2.3.0 server");
    auto& wanted = asked.simulate;
    std::vector<std::string> names;
    for (const auto& each : simulate::scenarios()) names.emplace_back(each.name);
    command
        ->add_option("--url", wanted.url,
                     "The server, like http://127.0.0.1:8000, or its version list")
        ->required();
    command
        ->add_option("--token", wanted.token,
                     "A token that may write the party's sessions: an operator's or a CPO's")
        ->required();
    command->add_option("--scenario", wanted.scenario, "See below (default: calm)")
        ->check(CLI::IsMember(names));
    command->add_option("--party", wanted.party, "The CPO that is simulated (default: ES*ABC)");
    command
        ->add_option("--charge-points", wanted.charge_points, "How many (default: the scenario's)")
        ->check(CLI::Range(1, 100'000));
    command
        ->add_option("--sessions-per-hour", wanted.sessions_per_hour,
                     "Of simulated time, at its busy hours (default: the scenario's)")
        ->check(CLI::Range(0.001, 1'000'000.0));
    command
        ->add_option("--sessions", wanted.sessions,
                     "End when so many are over (default: at the end of --duration)")
        ->check(CLI::Range(1, 100'000'000));
    command->add_option("--duration", wanted.duration,
                        "Simulated time, like 90s, 30m, 24h, 7d (default: 24h; overnight: 36h; "
                        "flood: 1h)");
    command->add_option("--speed", wanted.speed,
                        "Simulated time to real time, or max: as fast as the server answers "
                        "(default: 60; flood: max)");
    command->add_option("--seed", wanted.seed, "For the same sessions again (default: random)");
    command->add_option("--start", wanted.start,
                        "When the simulated time begins (default: so that it ends at the present)");
    command
        ->add_option("--concurrency", wanted.concurrency,
                     "Requests under way at a time (default: 16; flood: 64)")
        ->check(CLI::Range(1, 10'000));
    command->add_flag("--drive-clock", wanted.drives_clock,
                      "Set the clock of a server in development mode to the simulated time");
    command->add_flag("--verify", wanted.verifies,
                      "Read every session back and name each difference");
    command->footer(describe_scenarios());
    command->callback([&asked] { asked.run = [&asked] { return simulate::run(asked.simulate); }; });
}

/// For packaging, not shown by --help.
void add_generate(CLI::App& app, request& asked)
{
    auto* command =
        app.add_subcommand("generate", "Write man pages and shell completions")->group("");
    command->add_option("DIRECTORY", asked.directory, "Where to write them")->required();
    command->callback([&app, &asked] {
        asked.run = [&app, &asked] {
            return manual::write_manual(manual::describe(app), OCPI_SESSIONS_VERSION,
                                        asked.directory);
        };
    });
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app("OCPI 2.3.0 sessions server for eMSPs and CPOs", "ocpi-sessions");
    app.require_subcommand(1);
    app.set_version_flag("--version", OCPI_SESSIONS_VERSION);
    request asked;
    asked.platform.version = OCPI_SESSIONS_VERSION;
    add_serve(app, asked);
    add_token(app, asked);
    add_partner(app, asked);
    add_sync(app, asked);
    add_backup(app, asked);
    add_migrate(app, asked);
    add_purge(app, asked);
    add_leases(app, asked);
    add_check(app, asked);
    add_check_config(app, asked);
    add_cost(app, asked);
    add_simulate(app, asked);
    add_generate(app, asked);
    try {
        app.parse(argc, argv);
        return asked.run();
    } catch (const CLI::ParseError& failure) {
        return app.exit(failure) == 0 ? 0 : 2;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "ocpi-sessions: %s\n", failure.what());
        return 2;
    }
}
