// The subcommands that an operator runs on a database.

#include "app/command_line/options.hpp"
#include "app/commands.hpp"

#include <CLI/CLI.hpp>

namespace ocpi::app::command_line {
namespace {

/// A database in a file, and the file of a backup.
struct backup_arguments {
    std::string database = database_settings().url;
    std::string file;
};

std::shared_ptr<backup_arguments> add_backup_options(CLI::App& command, const char* file_help)
{
    auto files = std::make_shared<backup_arguments>();
    command.add_option("--database", files->database, "sqlite:PATH")->capture_default_str();
    command.add_option("FILE", files->file, file_help)->required();
    command.footer("Exit status: 0; 1 when a file is damaged; 2 on any other failure.");
    return files;
}

}  // namespace

void add_backup(program& to)
{
    auto* backup = to.app.add_subcommand(
        "backup", "Copy the database to a new file, also while a server writes it, and verify it");
    const auto copied = add_backup_options(*backup, "The copy; it must not exist");
    set_action(to, *backup, [copied] { return back_up(copied->database, copied->file); });

    auto* restoring =
        to.app.add_subcommand("restore", "Verify a backup and make a new database of it");
    const auto restored = add_backup_options(*restoring, "The backup");
    set_action(to, *restoring, [restored] { return restore(restored->database, restored->file); });
}

void add_migrate(program& to)
{
    auto* command =
        to.app.add_subcommand("migrate",
                              "Copy a whole database to a new one of another kind, and "
                              "verify it; stop the servers first. "
                              "Run again after an interruption, it goes on where it was");
    const auto wanted = std::make_shared<migrate_arguments>();
    command->add_option("--from", wanted->from, "sqlite:PATH or postgresql://HOST/NAME")
        ->required();
    command
        ->add_option(
            "--to", wanted->to,
            "sqlite:PATH of a file that does not exist, or postgresql://HOST/NAME of an empty "
            "database")
        ->required();
    command->add_option("--database-password-file", wanted->password_file, password_file_help);
    command->add_flag("--allow-lost-writes", wanted->allow_lost_writes, allow_lost_writes_help);
    command->footer(
        "Passwords: in a file, PGPASSFILE or PGPASSWORD rather than in a URL, which others can "
        "see.\n"
        "Exit status: 0; 1 when the copy differs from the source, or the source is damaged or has "
        "changed meanwhile; 2 on any other failure.");
    set_action(to, *command, [wanted] { return migrate(*wanted); });
}

void add_purge(program& to)
{
    auto* command = to.app.add_subcommand(
        "purge", "Remove settled sessions that every partner has; a dry run without --yes");
    const auto wanted = std::make_shared<purge_arguments>();
    add_database_options(*command, wanted->database);
    command
        ->add_option("--completed-before", wanted->completed_before,
                     "A date like 2026-01-01 or an OCPI DateTime, UTC")
        ->required();
    command->add_flag("--yes", wanted->removes, "Remove them");
    set_action(to, *command, [wanted] { return purge(*wanted); });
}

void add_leases(program& to)
{
    auto* command = to.app.add_subcommand(
        "leases", "Show which process does what, where several share a database");
    const auto wanted = std::make_shared<lease_arguments>();
    add_database_options(*command, wanted->database);
    command->add_flag("--json", wanted->as_json, "Print JSON");
    set_action(to, *command, [wanted] { return list_leases(*wanted); });
}

}  // namespace ocpi::app::command_line
