// The real executable as a service manager runs it: its notifications, and its address from
// outside.

#include "tests/support/notify_receiver.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <csignal>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace service_test {

using namespace ocpi;

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

const std::vector<std::string> in_memory{"--dev", "--database", "memory:"};
const std::string request =
    "GET /ocpi/versions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token your-token\r\n"
    "Connection: close\r\n\r\n";

/// A socket that listens, kept by the test as by a service manager.
struct kept_socket {
    asio::io_context context;
    tcp::acceptor socket;

    explicit kept_socket(const char* address = "127.0.0.1")
        : socket(context, tcp::endpoint(asio::ip::make_address(address), 0))
    {
    }
    tcp::endpoint endpoint() const { return socket.local_endpoint(); }
    test::process_setting setting()
    {
        test::process_setting passing;
        passing.passed_socket = socket.native_handle();
        return passing;
    }
};

/// Callers that connect, ask and read an answer again and again, each time on a new connection.
class callers {
public:
    explicit callers(const tcp::endpoint& server)
    {
        for (int i = 0; i < 4; ++i) {
            threads_.emplace_back([this, server] {
                while (!is_over_) call(server);
            });
        }
    }
    ~callers() { end(); }

    void end()
    {
        is_over_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }
    int answers() const { return answers_; }
    int failures() const { return failures_; }

private:
    void call(const tcp::endpoint& server)
    {
        try {
            test::socket_client client(server);
            const auto answer = client.exchange(request);
            ++(answer.status == 200 ? answers_ : failures_);
        } catch (const std::exception&) {
            ++failures_;
        }
    }

    std::atomic<bool> is_over_ = false;
    std::atomic<int> answers_ = 0;
    std::atomic<int> failures_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("service: the manager is told of ready, reload, watchdog and stop")
{
    const test::temporary_directory directory;
    test::notify_receiver manager(directory.file("notify"));
    test::process_setting setting;
    setting.environment = {"NOTIFY_SOCKET=" + manager.address(), "WATCHDOG_USEC=200000"};
    test::server_process server(in_memory, "127.0.0.1:0", setting);
    CHECK(manager.receive() == "READY=1\nSTATUS=listening on " + server.url());
    CHECK(manager.receive() == "WATCHDOG=1");
    CHECK(manager.receive() == "WATCHDOG=1");
    const auto next = [&manager] {
        auto heard = manager.receive();
        while (heard == "WATCHDOG=1") heard = manager.receive();
        return heard.value_or("");
    };
    server.signal(SIGHUP);
    CHECK(next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(next() == "READY=1");
    CHECK(server.terminate() == 0);
    CHECK(next().starts_with("STOPPING=1"));
    CHECK(!manager.receive_arrived());
}

TEST_CASE("service: the manager may listen on an abstract socket")
{
    const test::temporary_directory directory;
    test::notify_receiver manager("@ocpi-sessions-test" + directory.file("notify"));
    test::process_setting setting;
    setting.environment = {"NOTIFY_SOCKET=" + manager.address()};
    test::server_process server(in_memory, "127.0.0.1:0", setting);
    CHECK(manager.receive() == "READY=1\nSTATUS=listening on " + server.url());
    CHECK(server.terminate() == 0);
    CHECK(manager.receive().value_or("").starts_with("STOPPING=1"));
}

TEST_CASE("service: the server listens on the socket that it is passed")
{
    kept_socket kept;
    test::server_process server(in_memory, "127.0.0.1:1", kept.setting());
    CHECK(server.url() == "http://127.0.0.1:" + std::to_string(kept.endpoint().port()));
    CHECK(test::socket_client(kept.endpoint()).exchange(request).status == 200);
    CHECK(server.terminate() == 0);
}

TEST_CASE("service: restarts refuse no connection and leave none without an answer")
{
    kept_socket kept;
    auto server = std::make_unique<test::server_process>(in_memory, "127.0.0.1:0", kept.setting());
    callers calling(kept.endpoint());
    for (int restart = 0; restart < 3; ++restart) {
        const auto before = calling.answers();
        while (calling.answers() < before + 50 && calling.failures() == 0) {
        }
        CHECK(server->terminate() == 0);
        server = std::make_unique<test::server_process>(in_memory, "127.0.0.1:0", kept.setting());
    }
    calling.end();
    CHECK(calling.answers() >= 150);
    CHECK(calling.failures() == 0);
}

TEST_CASE("service: --dev serves no passed socket beyond loopback")
{
    kept_socket kept("0.0.0.0");
    std::vector<std::string> arguments{"serve"};
    arguments.insert(arguments.end(), in_memory.begin(), in_memory.end());
    const auto outcome = test::run_service(arguments, kept.setting());
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.errors.find("serves loopback addresses only") != std::string::npos);
}

TEST_CASE("service: a socket with a name that is not understood is not served")
{
    kept_socket kept;
    auto setting = kept.setting();
    setting.socket_name = "amdin";
    const auto outcome = test::run_service({"serve", "--database", "memory:"}, setting);
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.errors.find("FileDescriptorName= must be public or admin") != std::string::npos);
}

}  // namespace service_test
