// A cheap receiver for the push: partner_server [HOST:PORT]. It plays any number of eMSPs,
// ES*P00 and following, each with versions, credentials and a sessions receiver below /NUMBER/,
// from one thread. Prints `listening on http://HOST:PORT`. GET /report answers with what has been
// received since the last GET /reset. Until GET /open it answers session messages
// with 503.

#include "bench/load/latency_histogram.hpp"
#include "bench/load/socket.hpp"
#include "bench/load/wall_clock.hpp"
#include "bench/partners/request_reader.hpp"
#include "ocpi/base/date_time.hpp"

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>

namespace {

using namespace ocpi::bench;

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// What arrived since the last reset.
struct tally {
    std::uint64_t puts = 0;
    std::uint64_t patches = 0;
    std::unordered_set<std::string> sessions;
    /// From the session's last_updated until the message was here.
    latency_histogram lag;
    std::int64_t began = 0;
    std::int64_t first_message = 0;
    std::int64_t last_message = 0;
};

class partner_server {
public:
    explicit partner_server(const std::string& listen)
        : poller_(::epoll_create1(EPOLL_CLOEXEC)),
          acceptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))
    {
        auto address = parse_endpoint(listen);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = sizeof address;
        const int one = 1;
        ::setsockopt(acceptor_.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (::bind(acceptor_.get(), generic, size) != 0) fail("bind");
        if (::listen(acceptor_.get(), 1024) != 0) fail("listen");
        ::getsockname(acceptor_.get(), generic, &size);
        url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
        watch(acceptor_.get());
    }

    const std::string& url() const { return url_; }

    [[noreturn]] void run()
    {
        std::array<epoll_event, 256> events;
        for (;;) {
            const int ready = ::epoll_wait(poller_.get(), events.data(), events.size(), -1);
            for (int i = 0; i < ready; ++i) {
                const int socket = events[static_cast<std::size_t>(i)].data.fd;
                if (socket == acceptor_.get()) {
                    accept();
                } else {
                    receive(socket);
                }
            }
        }
    }

private:
    struct client {
        file_handle socket;
        request_reader reader;
    };

    void watch(int socket)
    {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = socket;
        if (::epoll_ctl(poller_.get(), EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
    }

    void accept()
    {
        const int socket =
            ::accept4(acceptor_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0) return;
        clients_[socket].socket = file_handle(socket);
        watch(socket);
    }

    void receive(int socket)
    {
        auto& reader = clients_[socket].reader;
        char buffer[64 * 1024];
        const auto count = ::recv(socket, buffer, sizeof buffer, 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count <= 0) {
            clients_.erase(socket);
            return;
        }
        reader.add({buffer, static_cast<std::size_t>(count)});
        while (const auto request = reader.next()) {
            const auto answer = write_answer(*request);
            send_all(socket, answer.data(), answer.size());
        }
    }

    std::string write_answer(const received_request& request)
    {
        const std::string_view target = request.target;
        if (target == "/report") return with_head(200, report());
        if (target == "/open" || target == "/reset") {
            is_open_ = true;
            received_ = {};
            received_.began = steady_nanoseconds();
            return with_head(200, "{}");
        }
        const auto slash = target.find('/', 1);
        if (slash == std::string_view::npos) return with_head(404, "{}");
        const std::string partner(target.substr(1, slash - 1));
        const auto place = target.substr(slash);
        if (place.starts_with("/sessions/")) return take_session(request);
        const auto base = url_ + "/" + partner;
        if (place == "/versions") {
            return with_data(R"([{"version":"2.3.0","url":")" + base + R"(/2.3.0"}])");
        }
        if (place == "/2.3.0") {
            return with_data(
                R"({"version":"2.3.0","endpoints":[{"identifier":"credentials","role":"SENDER",)"
                R"("url":")" +
                base + R"(/credentials"},{"identifier":"sessions","role":"RECEIVER","url":")" +
                base + R"(/sessions"}]})");
        }
        if (place == "/credentials") return write_credentials(base, partner);
        return with_head(404, R"({"status_code":2003})");
    }

    std::string write_credentials(const std::string& base, const std::string& partner)
    {
        const auto party = "P" + std::string(partner.size() < 2 ? "0" : "") + partner;
        return with_data(R"({"token":"partner-)" + partner + R"(","url":")" + base +
                         R"(/versions","roles":[{"role":"EMSP","country_code":"ES","party_id":")" +
                         party + R"(","business_details":{"name":"Partner )" + partner +
                         R"("}}]})");
    }

    std::string take_session(const received_request& request)
    {
        if (request.method != "PUT" && request.method != "PATCH") {
            return with_head(404, R"({"status_code":2003})");
        }
        if (!is_open_) return with_head(503, "{}");
        ++(request.method == "PUT" ? received_.puts : received_.patches);
        received_.last_message = steady_nanoseconds();
        if (received_.first_message == 0) received_.first_message = received_.last_message;
        received_.sessions.insert(request.target);
        add_lag(request.body);
        return with_head(200, R"({"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"})");
    }

    void add_lag(std::string_view body)
    {
        constexpr std::string_view name = R"("last_updated":")";
        const auto at = body.rfind(name);
        if (at == std::string_view::npos) return;
        body.remove_prefix(at + name.size());
        const auto changed = ocpi::parse_date_time(body.substr(0, body.find('"')));
        if (!changed) return;
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
        received_.lag.add((now - changed->value.milliseconds()) * 1'000'000);
    }

    std::string report()
    {
        const auto seconds = [](std::int64_t from, std::int64_t to) {
            return from == 0 || to < from ? 0 : static_cast<double>(to - from) / 1e9;
        };
        const auto& of = received_;
        char text[512];
        std::snprintf(text, sizeof text,
                      R"({"messages":%llu,"puts":%llu,"patches":%llu,"sessions":%zu,)"
                      R"("seconds":%.3f,"seconds_since_reset":%.3f,)"
                      R"("lag_p50_ms":%.1f,"lag_p99_ms":%.1f,"lag_max_ms":%.1f})",
                      static_cast<unsigned long long>(of.puts + of.patches),
                      static_cast<unsigned long long>(of.puts),
                      static_cast<unsigned long long>(of.patches), of.sessions.size(),
                      seconds(of.first_message, of.last_message),
                      seconds(of.began, of.last_message), of.lag.percentile(0.5),
                      of.lag.percentile(0.99), of.lag.max());
        return text;
    }

    static std::string with_head(int status, const std::string& body)
    {
        return "HTTP/1.1 " + std::to_string(status) +
               " Answer\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    static std::string with_data(const std::string& data)
    {
        return with_head(200, R"({"data":)" + data +
                                  R"(,"status_code":1000,"timestamp":"2026-01-01T00:00:00Z"})");
    }

    file_handle poller_;
    file_handle acceptor_;
    std::string url_;
    std::map<int, client> clients_;
    bool is_open_ = false;
    tally received_;
};

}  // namespace

int main(int argc, char** argv)
{
    try {
        partner_server server(argc > 1 ? argv[1] : "127.0.0.1:0");
        std::cout << "listening on " << server.url() << std::endl;
        server.run();
    } catch (const std::exception& failure) {
        std::cerr << "partner_server: " << failure.what() << '\n';
        return 2;
    }
}
