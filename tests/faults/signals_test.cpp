// SIGTERM, SIGHUP and other certificates, at full load.

#include "modules/sessions/view_id.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/certificate_authority.hpp"
#include "tests/support/recorded_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace signals_test {

using namespace ocpi;

namespace {

constexpr int session_count = 4;

std::string name_of(int number)
{
    return "S" + std::to_string(number);
}

/// Reads the stream of all events into the history, until the server closes it.
class event_reader {
public:
    event_reader(const boost::asio::ip::tcp::endpoint& server, test::history& to)
        : stream_(server), history_(to)
    {
        for (int i = 0; i < session_count; ++i) {
            names_[sessions::view_id(crud::object_key("ES", "ABC", name_of(i)))] = name_of(i);
        }
        stream_.send(
            "GET /v1/events HTTP/1.1\r\nHost: t\r\nAuthorization: Token your-token\r\n\r\n");
        stream_.read_until("\r\n\r\n");
        thread_ = std::thread([this] { read(); });
    }
    ~event_reader() { join(); }

    void join()
    {
        if (thread_.joinable()) thread_.join();
    }

private:
    void read()
    {
        try {
            for (;;) read_one();
        } catch (const std::runtime_error&) {
            // The end of the stream.
        }
    }

    void read_one()
    {
        test::stream_event event;
        stream_.read_until("\nid: ");
        event.id = std::stoull(stream_.read_until("\n"));
        stream_.read_until("\ndata: ");
        const auto data = stream_.read_until("\n");
        event.received = history_.now();
        const auto parsed = json::parse(data);
        event.session = names_[std::string(parsed->root().find("id")->string())];
        event.value =
            test::element_of(std::stoull(std::string(parsed->root().find("kwh")->text())));
        history_.add(std::move(event));
    }

    test::socket_client stream_;
    test::history& history_;
    std::map<std::string, std::string> names_;
    std::thread thread_;
};

/// Writers and a reader of events on a server, until it stops.
struct load {
    const test::temporary_directory directory;
    const std::vector<std::string> arguments{"--dev", "--database",
                                             "sqlite:" + directory.file("sessions.db")};
    test::history recorded;
    test::write_numbers numbers;
    std::atomic<int> answers{0};
    std::atomic<int> unexpected_bytes{0};

    void work(const test::server_process& server, int connection)
    {
        test::recorded_client client(server.endpoint(), recorded, numbers);
        for (int number = 0; client.patch(name_of((connection + number) % session_count));
             ++number) {
            ++answers;
            if (number % 5 == 0 && !client.get(name_of(connection % session_count))) break;
        }
        if (!client.is_closed_by_peer()) ++unexpected_bytes;
    }

    std::map<std::string, std::string> read_stored(const test::server_process& server)
    {
        test::recorded_client client(server.endpoint(), recorded, numbers);
        for (int i = 0; i < session_count; ++i) REQUIRE(client.get(name_of(i)));
        std::map<std::string, std::string> stored;
        for (const auto& each : recorded.operations()) {
            if (each.what == test::operation::kind::read && each.seen) {
                stored[each.session] = each.seen->value;
            }
        }
        return stored;
    }
};

}  // namespace

TEST_CASE("faults/signals: SIGTERM at full load loses no answer and no write, and events end last")
{
    load all;
    auto server = std::make_unique<test::server_process>(all.arguments);
    {
        test::recorded_client client(server->endpoint(), all.recorded, all.numbers);
        for (int i = 0; i < session_count; ++i) REQUIRE(client.put(name_of(i)));
    }
    event_reader events(server->endpoint(), all.recorded);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) threads.emplace_back([&, i] { all.work(*server, i); });
        while (all.answers < 400) std::this_thread::yield();
        server->signal(SIGHUP);
        while (all.answers < 800) std::this_thread::yield();
        CHECK(server->terminate() == 0);
    }
    events.join();
    CHECK(all.unexpected_bytes == 0);
    CHECK(server->errors().find("stopped") != std::string::npos);

    server = std::make_unique<test::server_process>(all.arguments);
    all.read_stored(*server);
    CHECK(test::find_violation(all.recorded.operations()) == "");
    CHECK_FALSE(all.recorded.events().empty());
    CHECK(test::find_stream_violation(all.recorded.events(), all.recorded.operations(), {}) == "");
    CHECK(server->terminate() == 0);
}

TEST_CASE(
    "faults/signals: an event stream ends with what is stored, whatever was written meanwhile")
{
    load all;
    test::server_process server(all.arguments);
    {
        test::recorded_client client(server.endpoint(), all.recorded, all.numbers);
        for (int i = 0; i < session_count; ++i) REQUIRE(client.put(name_of(i)));
    }
    std::map<std::string, std::string> stored;
    {
        event_reader events(server.endpoint(), all.recorded);
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 6; ++i) {
                threads.emplace_back([&, i] {
                    test::recorded_client client(server.endpoint(), all.recorded, all.numbers);
                    for (int n = 0; n < 60; ++n) client.patch(name_of((i + n) % session_count));
                });
            }
        }
        stored = all.read_stored(server);
        // The stream is read to the end once the last state of each session has come.
        const auto has_all = [&] {
            std::map<std::string, std::string> shown;
            for (const auto& each : all.recorded.events()) shown[each.session] = each.value;
            return shown == stored;
        };
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!has_all() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
        CHECK(server.terminate() == 0);
    }
    CHECK(test::find_violation(all.recorded.operations()) == "");
    CHECK(test::find_stream_violation(all.recorded.events(), all.recorded.operations(), stored) ==
          "");
}

TEST_CASE("faults/signals: other certificates at full load fail no request")
{
    const test::temporary_directory directory;
    const test::certificate_authority authority;
    const auto write = [&](const std::string& name, const std::string& text) {
        const auto path = directory.file(name);
        std::ofstream(path) << text;
        return path;
    };
    const auto issue = [&] {
        const auto issued = authority.issue("127.0.0.1");
        write("server.key", issued.key);
        write("server.pem", issued.chain);
    };
    issue();
    const auto ca = write("ca.pem", authority.pem());
    const auto config =
        write("server.toml", "[tls]\ncertificate = \"" + directory.file("server.pem") +
                                 "\"\nkey = \"" + directory.file("server.key") + "\"\n");
    test::server_process server({"--dev", "--config", config, "--database", "memory:"});
    constexpr int requests = 100;
    // Each curl opens a connection for each request, or keeps one for all.
    const auto run_curl = [&](const std::string& options) {
        const auto command = "curl --silent --show-error --cacert " + ca + ' ' + options +
                             " --header 'Authorization: Token your-token' '" + server.url() +
                             "/ocpi/versions?[1-" + std::to_string(requests) + "]' 2>&1";
        std::FILE* pipe = ::popen(command.c_str(), "r");
        std::string output;
        char part[4096];
        while (const auto count = std::fread(part, 1, sizeof part, pipe))
            output.append(part, count);
        ::pclose(pipe);
        int answered = 0;
        for (auto at = output.find("\"status_code\":1000"); at != output.npos;
             at = output.find("\"status_code\":1000", at + 1)) {
            ++answered;
        }
        return answered;
    };
    std::atomic<int> answered{0};
    std::atomic<int> running{3};
    {
        std::vector<std::jthread> threads;
        for (const char* options :
             {"", "--no-keepalive --header 'Connection: close'", "--tls-max 1.2"}) {
            threads.emplace_back([&, options] {
                answered += run_curl(options);
                --running;
            });
        }
        while (running > 0) {
            issue();
            server.signal(SIGHUP);
            // A request of its own between two reloads.
            run_curl("--fail");
        }
    }
    CHECK(answered == 3 * requests);
    CHECK(server.terminate() == 0);
}

}  // namespace signals_test
