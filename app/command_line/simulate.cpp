#include "app/command_line/options.hpp"
#include "app/simulate/command.hpp"

#include <CLI/CLI.hpp>

namespace ocpi::app::command_line {
namespace {

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

void add_target(CLI::App& command, simulate::arguments& wanted)
{
    command
        .add_option("--url", wanted.url,
                    "The server, like http://127.0.0.1:8000, or its version list")
        ->required();
    command
        .add_option("--token", wanted.token,
                    "A token that may write the party's sessions: an operator's or a CPO's")
        ->required();
}

void add_fleet(CLI::App& command, simulate::arguments& wanted)
{
    std::vector<std::string> names;
    for (const auto& each : simulate::scenarios()) names.emplace_back(each.name);
    command.add_option("--scenario", wanted.scenario, "See below (default: calm)")
        ->check(CLI::IsMember(names));
    command.add_option("--party", wanted.party, "The CPO that is simulated (default: ES*ABC)");
    command
        .add_option("--charge-points", wanted.charge_points, "How many (default: the scenario's)")
        ->check(CLI::Range(1, 100'000));
    command
        .add_option("--sessions-per-hour", wanted.sessions_per_hour,
                    "Of simulated time, at its busy hours (default: the scenario's)")
        ->check(CLI::Range(0.001, 1'000'000.0));
    command
        .add_option("--sessions", wanted.sessions,
                    "End when so many are over (default: at the end of --duration)")
        ->check(CLI::Range(1, 100'000'000));
}

void add_pace(CLI::App& command, simulate::arguments& wanted)
{
    command.add_option("--duration", wanted.duration,
                       "Simulated time, like 90s, 30m, 24h, 7d (default: 24h; overnight: 36h; "
                       "flood: 1h)");
    command.add_option("--speed", wanted.speed,
                       "Simulated time to real time, or max: as fast as the server answers "
                       "(default: 60; flood: max)");
    command.add_option("--seed", wanted.seed, "For the same sessions again (default: random)");
    command.add_option("--start", wanted.start,
                       "When the simulated time begins (default: so that it ends at the present)");
    command
        .add_option("--concurrency", wanted.concurrency,
                    "Requests under way at a time (default: 16; flood: 64)")
        ->check(CLI::Range(1, 10'000));
    command.add_flag("--drive-clock", wanted.drives_clock,
                     "Set the clock of a server in development mode to the simulated time");
}

}  // namespace

void add_simulate(program& to)
{
    auto* command = to.app.add_subcommand(
        "simulate",
        "A charge point operator in a box: reports charging sessions to an OCPI 2.3.0 server");
    const auto wanted = std::make_shared<simulate::arguments>();
    add_target(*command, *wanted);
    add_fleet(*command, *wanted);
    add_pace(*command, *wanted);
    command->add_flag("--verify", wanted->verifies,
                      "Read every session back and name each difference");
    command->footer(describe_scenarios());
    set_action(to, *command, [wanted] { return simulate::run(*wanted); });
}

}  // namespace ocpi::app::command_line
