#include "tests/cluster/partner_receiver.hpp"

#include "modules/sessions/codec.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/written_at.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace cluster {

using namespace ocpi;

namespace {

constexpr auto receiver_side = crud::interface_side::receiver;

test::peer_reply envelope(int http_status, int status_code, const std::string& data = "null")
{
    return test::make_response(http_status, R"({"status_code":)" + std::to_string(status_code) +
                                                R"(,"timestamp":"2026-06-01T12:00:00Z","data":)" +
                                                data + '}');
}

/// As /proc/net/tcp writes a port of 127.0.0.1.
std::string local_address(unsigned short port)
{
    char text[16];
    std::snprintf(text, sizeof text, "0100007F:%04X", port);
    return text;
}

/// The socket that is connected so; empty: there is none.
std::string find_socket(unsigned short client_port, unsigned short server_port)
{
    std::ifstream table("/proc/net/tcp");
    std::string line;
    while (std::getline(table, line)) {
        std::istringstream fields(line);
        std::string number, local, remote, word, inode;
        fields >> number >> local >> remote;
        if (local != local_address(client_port) || remote != local_address(server_port)) continue;
        for (int i = 0; i < 6; ++i) fields >> word;
        fields >> inode;
        return "socket:[" + inode + ']';
    }
    return {};
}

bool has_open(pid_t process, const std::string& socket)
{
    std::error_code failure;
    const std::filesystem::directory_iterator files("/proc/" + std::to_string(process) + "/fd",
                                                    failure);
    if (failure) return false;
    for (const auto& each : files) {
        if (std::filesystem::read_symlink(each.path(), failure) == socket) return true;
    }
    return false;
}

/// .../sessions/COUNTRY/PARTY/ID
crud::object_key key_in(const std::string& target)
{
    const auto id = target.rfind('/');
    const auto party = target.rfind('/', id - 1);
    const auto country = target.rfind('/', party - 1);
    return crud::object_key(target.substr(country + 1, party - country - 1),
                            target.substr(party + 1, id - party - 1), target.substr(id + 1));
}

std::string endpoint_text(const char* identifier, const char* role, const std::string& url)
{
    return R"({"identifier":")" + std::string(identifier) + R"(","role":")" + role +
           R"(","url":")" + url + R"("})";
}

}  // namespace

instant now()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

pid_t find_process_of(unsigned short client_port, unsigned short server_port,
                      const std::vector<pid_t>& processes)
{
    const auto socket = find_socket(client_port, server_port);
    if (socket.empty()) return 0;
    for (const auto each : processes) {
        if (has_open(each, socket)) return each;
    }
    return 0;
}

partner_receiver::partner_receiver(std::string name, ocpi::party party,
                                   std::function<std::vector<pid_t>()> processes)
    : name_(std::move(name)),
      party_(std::move(party)),
      processes_(std::move(processes)),
      store_(std::make_shared<crud::memory_crud>()),
      writer_(store_),
      peer_([this](const http::request& request, test::peer_connection by) {
          return answer(request, by);
      })
{
}

void partner_receiver::register_with(const boost::asio::ip::tcp::endpoint& platform,
                                     const std::string& token_a)
{
    const auto role = [this](const char* of) {
        return R"({"role":")" + std::string(of) + R"(","business_details":{"name":")" + name_ +
               R"("},"country_code":")" + party_.country_code.str() + R"(","party_id":")" +
               party_.party_id.str() + R"("})";
    };
    test::ocpi_client client(platform, token_a);
    const auto answered =
        client.request("POST", "/ocpi/2.3.0/credentials",
                       R"({"token":"token-of-)" + name_ + R"(","url":")" + peer_.url("/versions") +
                           R"(","roles":[)" + role("EMSP") + ',' + role("CPO") + "]}");
    if (!test::is_acknowledged(answered)) {
        throw std::runtime_error("cannot register " + name_ + ": " +
                                 (answered ? answered->body : "no answer"));
    }
}

test::peer_reply partner_receiver::answer(const http::request& request, test::peer_connection by)
{
    if (request.target == "/versions") {
        return envelope(200, 1000,
                        R"([{"version":"2.3.0","url":")" + peer_.url("/2.3.0") + R"("}])");
    }
    if (request.target == "/2.3.0") {
        return envelope(200, 1000,
                        R"({"version":"2.3.0","endpoints":[)" +
                            endpoint_text("credentials", "SENDER", peer_.url("/credentials")) +
                            ',' + endpoint_text("sessions", "RECEIVER", peer_.url("/sessions")) +
                            ',' + endpoint_text("sessions", "SENDER", peer_.url("/own")) + "]}");
    }
    if (request.target.starts_with("/own")) {
        note("pull/", by);
        auto page = test::make_response(
            200, R"({"status_code":1000,"timestamp":"2026-06-01T12:00:00Z","data":[]})");
        page.headers.add("X-Total-Count", "0");
        page.headers.add("X-Limit", "100");
        return page;
    }
    if (request.target.starts_with("/sessions/")) {
        note("push/", by);
        return take(request);
    }
    return envelope(404, 2003);
}

test::peer_reply partner_receiver::take(const http::request& request)
{
    const auto key = key_in(request.target);
    if (request.method == "GET") {
        const auto found = test::run_awaitable(writer_.reader().get(receiver_side, key));
        if (found.has_error()) return envelope(404, 2003);
        return envelope(200, 1000, found->document.json);
    }
    const bool is_put = request.method == "PUT";
    const auto kind = is_put ? sessions::body_kind::whole : sessions::body_kind::fragment;
    const auto sent = sessions::read_session(request.body, kind, sessions::strictness::strict, key);
    if (sent.has_error()) return envelope(200, 2001);
    auto written = result<sessions::written_session>(error());
    if (is_put) {
        written = test::run_awaitable(
            writer_.put(receiver_side, key, *sent, sessions::strictness::strict, test::written_at));
    } else {
        written = test::run_awaitable(writer_.patch(receiver_side, key, *sent, test::written_at));
    }
    if (written.has_value()) return envelope(written->created ? 201 : 200, 1000);
    return envelope(written.error().code() == errc::not_found ? 404 : 200, 2001);
}

void partner_receiver::note(const std::string& what, test::peer_connection by)
{
    auto& sender = senders_[by.number];
    if (sender == 0) sender = find_process_of(by.port, peer_.port(), processes_());
    const std::lock_guard lock(mutex_);
    receipts_.push_back({what + name_, sender, now()});
}

std::vector<receipt> partner_receiver::receipts() const
{
    const std::lock_guard lock(mutex_);
    return receipts_;
}

pid_t partner_receiver::last_sender() const
{
    const std::lock_guard lock(mutex_);
    for (auto each = receipts_.rbegin(); each != receipts_.rend(); ++each) {
        if (each->lease.starts_with("push/")) return each->process;
    }
    return 0;
}

std::map<std::string, std::string> partner_receiver::sessions() const
{
    std::map<std::string, std::string> held;
    crud::list_query all;
    all.limit = 100'000;
    all.max_bytes = 1ULL << 40;
    const auto page = test::run_awaitable(store_->list("sessions", receiver_side, all));
    for (const auto& each : page->records) held[each.document.key.id.str()] = each.document.json;
    return held;
}

}  // namespace cluster
