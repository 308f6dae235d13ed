// Sends load to a server and reports as JSON lines: load_client --help.

#include "bench/load/load_run.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv)
{
    using namespace ocpi::bench;
    CLI::App app("Sends a workload to an OCPI sessions server, from one thread", "load_client");
    app.option_defaults()->take_last();
    load_options load;
    workload_options requests;
    app.add_option("WORKLOAD", requests.name, "See below")->required();
    app.add_option("--target", load.target, "The server")->capture_default_str();
    app.add_option("--source", load.source, "Address to connect from");
    app.add_option("--token", requests.token, "Access token")->capture_default_str();
    app.add_option("--connections", load.connections)->capture_default_str();
    app.add_option("--warm-up", load.warm_up_seconds, "Seconds")->capture_default_str();
    app.add_option("--seconds", load.seconds)->capture_default_str();
    app.add_option("--rate", load.rate, "Requests per second; 0: as fast as answered")
        ->capture_default_str();
    app.add_option("--interval", load.interval, "Seconds between two reports")
        ->capture_default_str();
    app.add_option("--pid", load.server, "The server's process, to report what it takes");
    app.add_option("--prefix", requests.prefix, "Of the ids of existing sessions")
        ->capture_default_str();
    app.add_option("--count", requests.count, "How many sessions exist")->capture_default_str();
    app.add_option("--first", requests.first, "Number of the first new session")
        ->capture_default_str();
    app.add_option("--client", requests.client, "Number of this client, from 0 on")
        ->capture_default_str();
    app.add_option("--clients", requests.clients,
                   "How many there are, each of which begins at another session")
        ->capture_default_str();
    app.add_option("--offset", requests.offset, "Of page100")->capture_default_str();
    app.add_option("--periods", requests.periods, "Charging periods of a PUT session")
        ->capture_default_str();
    app.add_option("--partners", requests.partners,
                   "eMSPs that the sessions are for: ES*P00 and following (default: ES*ABC)");
    app.add_option("--date-from", requests.date_from, "Of lists")->capture_default_str();
    app.add_option("--interface", requests.interface, "emsp or cpo")->capture_default_str();
    std::string footer = "Workloads:";
    for (const auto name : workload::names()) footer += " " + std::string(name);
    app.footer(footer);
    CLI11_PARSE(app, argc, argv);
    try {
        raise_descriptor_limit();
        workload kind(requests);
        load_run run(load, kind);
        const auto print = [&](const load_report& report) {
            std::cout << write_report(requests.name, load, report) << std::endl;
        };
        const auto total = run.run(print);
        if (load.interval == 0) print(total);
        return total.errors == 0 && total.requests > 0 ? 0 : 1;
    } catch (const std::exception& failure) {
        std::cerr << "load_client: " << failure.what() << '\n';
        return 2;
    }
}
