// However clients behave, the server's memory stays below the sum of the bounds in docs/limits.md,
// and a client that behaves is served.

#include "app/file_limit.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace memory_bounds_test {

using namespace ocpi;

namespace {

// A sanitizer's own memory is not the server's.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_memory_of_its_own = false;
#else
constexpr bool has_memory_of_its_own = true;
#endif

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;

/// What is written into the configuration, and what the sum is made of.
struct bounds {
    std::size_t max_connections = 3'500;
    std::size_t header_bytes = 16 * kib;
    std::size_t header_fields = 100;
    std::size_t body_memory = 16 * mib;
    std::size_t page_bytes = 256 * kib;
    std::size_t answer_memory = 16 * mib;
    std::size_t concurrent_lists = 4;

    std::string text() const
    {
        std::ostringstream out;
        out << "[limits]\nmax_connections = " << max_connections
            << "\nheader_bytes = " << header_bytes << "\nheader_fields = " << header_fields
            << "\nbody_memory = " << body_memory << "\npage_bytes = " << page_bytes
            << "\nanswer_memory = " << answer_memory << "\nconcurrent_lists = " << concurrent_lists
            << "\nheader_timeout = 120\nbody_timeout = 120\nwrite_timeout = 120\n";
        return out.str();
    }

    /// The sum of docs/limits.md, without events.
    std::size_t sum() const
    {
        const auto connection = 2 * header_bytes + 128 * header_fields + 20 * kib;
        return (max_connections + 128) * connection + body_memory + answer_memory +
               concurrent_lists * 2 * page_bytes;
    }
};

/// The most that was resident at any time.
std::size_t peak_memory(pid_t process)
{
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * kib;
    }
    FAIL("the process has no memory");
    return 0;
}

/// A client that sends what it is told to and reads nothing, or little.
class rude_client {
public:
    rude_client(const boost::asio::ip::tcp::endpoint& server, std::string to_send)
        : to_send_(std::move(to_send)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        REQUIRE(socket_ >= 0);
        const int little = 4096;
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
        // With the large segments of the loopback interface, the server's kernel would take
        // megabytes of an answer off its hands.
        const int small_segment = 536;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_MAXSEG, &small_segment, sizeof small_segment);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(server.port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto* target = reinterpret_cast<const sockaddr*>(&address);
        REQUIRE(::connect(socket_, target, sizeof address) == 0);
        ::fcntl(socket_, F_SETFL, O_NONBLOCK);
    }
    ~rude_client()
    {
        if (socket_ >= 0) ::close(socket_);
    }
    rude_client(const rude_client&) = delete;
    rude_client& operator=(const rude_client&) = delete;

    /// As much as the server takes now.
    void send_some()
    {
        while (sent_ < to_send_.size()) {
            const auto count =
                ::send(socket_, to_send_.data() + sent_, to_send_.size() - sent_, MSG_NOSIGNAL);
            if (count <= 0) return;
            sent_ += static_cast<std::size_t>(count);
        }
    }

    /// Whether there is an answer, or the first part of it.
    bool is_answered(std::chrono::milliseconds patience) const
    {
        pollfd wait{socket_, POLLIN, 0};
        return ::poll(&wait, 1, static_cast<int>(patience.count())) > 0;
    }

private:
    const std::string to_send_;
    std::size_t sent_ = 0;
    const int socket_;
};

using crowd = std::vector<std::unique_ptr<rude_client>>;

std::string request(const std::string& line, const std::string& token, const std::string& more = {})
{
    return line + " HTTP/1.1\r\nHost: t\r\nAuthorization: Token " + token + "\r\n" + more + "\r\n";
}

std::string session(const std::string& id, std::size_t size)
{
    return R"({"country_code":"BE","party_id":"BEC","id":")" + id +
           R"(","start_date_time":"2026-06-01T10:00:00Z","kwh":0,"location_id":"L",)"
           R"("evse_uid":"E","connector_id":"1","currency":"EUR","status":"ACTIVE",)"
           R"("last_updated":"2026-06-01T10:00:00Z","x":")" +
           std::string(size, 'x') + R"("})";
}

std::string object(const std::string& id)
{
    return "/ocpi/emsp/2.3.0/sessions/BE/BEC/" + id;
}

constexpr const char* list = "GET /ocpi/emsp/2.3.0/sessions?limit=";
constexpr std::size_t attackers = 20;

struct stage {
    const test::temporary_directory directory;
    const bounds configured;
    std::unique_ptr<test::server_process> server;
    crowd crowds;

    stage()
    {
        std::ofstream file(directory.file("server.toml"));
        file << "database = \"sqlite:" << directory.file("sessions.db") << "\"\n"
             << "[paging]\ndefault_limit = 1000\nmax_limit = 1000\n"
             << configured.text();
        for (std::size_t i = 0; i < attackers; ++i) {
            file << "[[token]]\nkind = \"operator\"\nname = \"a" << i << "\"\ntoken = \"attacker-"
                 << i << "\"\n";
        }
        file.close();
        const std::vector<std::string> arguments{"--dev", "--config",
                                                 directory.file("server.toml")};
        server = std::make_unique<test::server_process>(arguments);
    }

    void put(const std::string& id, std::size_t size)
    {
        const auto text = session(id, size);
        const auto length = "Content-Length: " + std::to_string(text.size()) + "\r\n";
        expect_success(request("PUT " + object(id), "your-token", length) + text);
    }

    /// Returns the size of the answer's body.
    std::size_t expect_success(const std::string& sent)
    {
        test::socket_client client(server->endpoint(), std::chrono::minutes(2));
        const auto answer = client.exchange(sent);
        CHECK_MESSAGE(answer.status / 100 == 2, sent.substr(0, sent.find('\r')), ": ",
                      answer.status, ' ', answer.body.substr(0, 200));
        return answer.body.size();
    }

    /// What a client that behaves does. Its write fits into 4 KiB, which needs no body_memory.
    void check_service(const std::string& id)
    {
        put(id, 2 * kib);
        expect_success(request("GET " + object(id), "your-token"));
        CHECK(expect_success(request(std::string(list) + '2', "your-token")) > 64 * kib);
        expect_success(request("GET /ocpi/versions", "your-token"));
    }

    void attack(std::size_t count, const std::function<std::string(std::size_t)>& make)
    {
        const auto begin = crowds.size();
        for (std::size_t i = 0; i < count; ++i) {
            crowds.push_back(std::make_unique<rude_client>(server->endpoint(), make(i)));
            crowds.back()->send_some();
        }
        for (int round = 0; round < 20; ++round) {
            for (auto each = begin; each < crowds.size(); ++each) crowds[each]->send_some();
        }
    }
};

std::string attacker(std::size_t number)
{
    return "attacker-" + std::to_string(number % attackers);
}

}  // namespace

TEST_CASE("memory_bounds: slow readers, half requests and floods stay within the sum of the bounds")
{
    const auto files = app::raise_file_limit();
    REQUIRE_MESSAGE((!files || *files >= 8'000), "this test needs 8,000 open files (ulimit -n)");
    stage run;
    for (int i = 0; i < 10; ++i) run.put("S" + std::to_string(i), 32 * kib);
    run.check_service("before");
    const auto usual = peak_memory(run.server->pid());

    // Sessions and pages of 256 KiB that are asked for and not read.
    run.put("LARGE", 256 * kib);
    run.attack(1'500, [](std::size_t i) { return request("GET " + object("LARGE"), attacker(i)); });
    run.check_service("readers");
    for (const auto& each : run.crowds) {
        if (!each->is_answered(std::chrono::minutes(2))) FAIL("a reader has no answer");
    }
    run.attack(500, [](std::size_t i) { return request(std::string(list) + "1000", attacker(i)); });
    run.check_service("lists");
    // Headers without an end, bodies that are announced, and bodies that stop.
    run.attack(400, [](std::size_t i) {
        const auto head = request("GET /ocpi/versions", attacker(i));
        return head.substr(0, head.size() - 2) + "X: " + std::string(15 * kib, 'x');
    });
    run.check_service("headers");
    run.attack(400, [](std::size_t i) {
        const auto sent = i % 2 == 0 ? 0 : 600 * kib;
        return request("PUT " + object("B"), attacker(i), "Content-Length: 1048576\r\n") +
               std::string(sent, ' ');
    });
    run.check_service("bodies");
    // Requests in a row, of which no answer is read.
    run.attack(200, [](std::size_t i) {
        std::string all;
        const auto one = request("GET " + object("S1"), attacker(i));
        while (all.size() < 200 * kib) all += one;
        return all;
    });
    run.check_service("pipelines");

    const auto peak = peak_memory(run.server->pid());
    MESSAGE("before: ", usual / mib, " MiB, at most: ", peak / mib,
            " MiB, bound: ", (usual + run.configured.sum()) / mib, " MiB");
    if (has_memory_of_its_own) {
        CHECK(peak < usual + run.configured.sum());
        // The attack was one.
        CHECK(peak > usual + run.configured.answer_memory / 2 + run.configured.body_memory / 2);
    }
    run.crowds.clear();
    run.check_service("after");
    CHECK(run.server->terminate() == 0);
}

}  // namespace memory_bounds_test
