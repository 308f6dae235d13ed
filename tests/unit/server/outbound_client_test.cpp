#include "server/outbound_client.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_peer.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace outbound_client_test {

namespace {

namespace asio = boost::asio;
namespace http = ocpi::http;
using namespace std::chrono_literals;
using ocpi::server::outbound_client;
using ocpi::server::outbound_options;
using ocpi::test::make_response;
using ocpi::test::peer_certificate;
using ocpi::test::peer_reply;
using ocpi::test::scripted_peer;
using manner = peer_reply::manner;

/// A client and a context for one thread.
struct caller {
    explicit caller(outbound_options options = {}) : client(std::move(options)) {}

    ocpi::result<http::response> send(http::outbound_request request)
    {
        auto answer = asio::co_spawn(context, client.send(std::move(request)), asio::use_future);
        context.restart();
        context.run();  // returns: what is kept waits without work
        return answer.get();
    }

    ocpi::result<http::response> send(const std::string& method, const std::string& url,
                                      const std::string& body = {})
    {
        return send(make(method, url, body));
    }

    static http::outbound_request make(const std::string& method, const std::string& url,
                                       const std::string& body = {})
    {
        http::outbound_request request;
        request.method = method;
        request.url = url;
        request.body = body;
        request.reach = http::reach::anywhere;
        request.pool = "cpo";
        return request;
    }

    outbound_client client;
    asio::io_context context;
};

std::string text_of(const ocpi::result<http::response>& failed)
{
    if (failed.has_value()) return "an answer: " + std::to_string(failed->status);
    CHECK(failed.error().code() == ocpi::errc::partner_failure);
    return failed.error().text();
}

bool contains(const std::string& text, const std::string& part)
{
    CHECK_MESSAGE(text.find(part) != text.npos, text, " has no ", part);
    return text.find(part) != text.npos;
}

peer_reply echo(const http::request& received)
{
    auto reply = make_response(200, received.method + ' ' + received.target + ' ' + received.body);
    for (const char* name : {"Host", "User-Agent", "Content-Length", "X-Some"}) {
        if (const auto* value = received.headers.find(name)) {
            reply.headers.add(std::string("Seen-") + name, *value);
        }
    }
    return reply;
}

outbound_options in_a_hurry()
{
    outbound_options options;
    options.request_timeout = 50ms;
    return options;
}

std::string header_of(const http::response& answer, const char* name)
{
    const auto* value = answer.headers.find(name);
    return value ? *value : "absent";
}

}  // namespace

TEST_CASE("server/outbound_client: a request arrives as it was meant, and so does its answer")
{
    scripted_peer peer(echo);
    caller ours;
    auto request = caller::make("PUT", peer.url("/a/b?c=d%20"), "content");
    request.headers.add("X-Some", "thing\r\nX-Injected: 1");
    request.headers.add("Content-Length", "99");
    const auto answer = ours.send(request);
    REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
    CHECK(answer->status == 200);
    CHECK(answer->body == "PUT /a/b?c=d%20 content");
    CHECK(header_of(*answer, "Seen-Host") == "127.0.0.1:" + std::to_string(peer.port()));
    CHECK(header_of(*answer, "Seen-User-Agent") == "ocpi-sessions");
    CHECK(header_of(*answer, "Seen-Content-Length") == "7");
    CHECK(header_of(*answer, "Seen-X-Some") == "thing  X-Injected: 1");
    const auto bare = ours.send("GET", peer.url("/"));
    REQUIRE(bare.has_value());
    CHECK(header_of(*bare, "Seen-Content-Length") == "absent");
}

TEST_CASE("server/outbound_client: connections are kept, one pool apart from another")
{
    scripted_peer peer(echo);
    caller ours;
    for (int i = 0; i < 3; ++i) CHECK(ours.send("GET", peer.url("/")).has_value());
    CHECK(peer.requests() == 3);
    CHECK(peer.connections() == 1);
    auto other = caller::make("GET", peer.url("/"));
    other.pool = "another";
    CHECK(ours.send(other).has_value());
    CHECK(peer.connections() == 2);
    CHECK(ours.send("HEAD", peer.url("/")).has_value());
    CHECK(ours.send("GET", peer.url("/")).has_value());
    CHECK(peer.connections() == 2);
}

TEST_CASE("server/outbound_client: a kept connection is left alone when its time is over")
{
    scripted_peer peer(echo);
    outbound_options options;
    options.idle_timeout = 0ms;
    caller ours(options);
    CHECK(ours.send("GET", peer.url("/")).has_value());
    CHECK(ours.send("GET", peer.url("/")).has_value());
    CHECK(peer.connections() == 2);
}

TEST_CASE("server/outbound_client: a kept connection that was closed costs one more connection")
{
    scripted_peer peer([](const http::request& received) {
        return peer_reply(make_response(200, received.target), manner::last);
    });
    caller ours;
    for (int i = 0; i < 3; ++i) CHECK(ours.send("GET", peer.url("/")).has_value());
    CHECK(peer.connections() == 3);
}

TEST_CASE("server/outbound_client: a request that a kept connection swallowed is repeated once")
{
    std::atomic<int> count = 0;
    scripted_peer peer([&](const http::request& received) {
        return ++count == 2 ? peer_reply(manner::close) : echo(received);
    });
    caller ours;
    CHECK(ours.send("GET", peer.url("/")).has_value());
    SUBCASE("when it is idempotent")
    {
        const auto answer = ours.send("PUT", peer.url("/x"), "y");
        REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
        CHECK(answer->body == "PUT /x y");
        CHECK(peer.requests() == 3);
    }
    SUBCASE("never a POST")
    {
        contains(text_of(ours.send("POST", peer.url("/x"), "y")), "closed the connection");
        CHECK(peer.requests() == 2);
    }
    SUBCASE("never a PATCH")
    {
        contains(text_of(ours.send("PATCH", peer.url("/x"), "y")), "closed the connection");
        CHECK(peer.requests() == 2);
    }
}

TEST_CASE("server/outbound_client: a request on a new connection is not repeated")
{
    scripted_peer peer([](const http::request&) { return peer_reply(manner::close); });
    caller ours;
    contains(text_of(ours.send("GET", peer.url("/"))), "closed the connection without an answer");
    CHECK(peer.requests() == 1);
}

TEST_CASE("server/outbound_client: who does not answer in time is not waited for")
{
    caller ours(in_a_hurry());
    SUBCASE("not a byte")
    {
        scripted_peer peer([](const http::request&) { return peer_reply(manner::hang); });
        const auto host = "127.0.0.1:" + std::to_string(peer.port());
        CHECK(text_of(ours.send("GET", peer.url("/"))) == host + " did not answer within 50 ms");
    }
    SUBCASE("a byte now and then")
    {
        scripted_peer peer([](const http::request&) {
            return peer_reply(manner::drip, "HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n");
        });
        contains(text_of(ours.send("GET", peer.url("/"))), "did not answer within 50 ms");
    }
    SUBCASE("no TLS handshake")
    {
        asio::ip::tcp::acceptor silent(
            ours.context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        const auto port = std::to_string(silent.local_endpoint().port());
        contains(text_of(ours.send("GET", "https://127.0.0.1:" + port)), "did not answer within");
    }
}

TEST_CASE("server/outbound_client: who cannot be connected to in time is not waited for")
{
    outbound_options options;
    options.connect_timeout = 50ms;
    caller ours(options);
    asio::ip::tcp::acceptor silent(ours.context,
                                   asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    const auto host = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    CHECK(text_of(ours.send("GET", "https://" + host)) ==
          "no connection to " + host + " within 50 ms");
    silent.close();
    CHECK(text_of(ours.send("GET", "http://" + host)) == host + ": connection refused");
}

TEST_CASE("server/outbound_client: bodies of every framing are read")
{
    std::string sent;
    auto how = manner::bytes;
    SUBCASE("chunked")
    {
        sent =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    }
    SUBCASE("until the end of the connection")
    {
        sent = "HTTP/1.1 200 OK\r\n\r\nabcde";
        how = manner::bytes_last;
    }
    SUBCASE("after an interim answer")
    {
        sent = "HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde";
    }
    scripted_peer peer([=](const http::request&) { return peer_reply(how, sent); });
    caller ours;
    const auto answer = ours.send("GET", peer.url("/"));
    REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
    CHECK(answer->status == 200);
    CHECK(answer->body == "abcde");
}

TEST_CASE("server/outbound_client: an answer beyond the bounds is refused")
{
    outbound_options options;
    options.response_bytes = 10;
    std::string sent;
    SUBCASE("announced")
    {
        sent = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n";
    }
    SUBCASE("in chunks")
    {
        sent = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nabcdefghijk\r\n";
    }
    SUBCASE("its header")
    {
        sent = "HTTP/1.1 200 OK\r\nX-Long: " + std::string(70'000, 'x') + "\r\n\r\n";
    }
    scripted_peer peer([=](const http::request&) { return peer_reply(manner::bytes, sent); });
    caller ours(options);
    contains(text_of(ours.send("GET", peer.url("/"))), "is larger than 10 bytes");
}

TEST_CASE("server/outbound_client: what is not HTTP is refused, and any HTTP status is an answer")
{
    caller ours;
    scripted_peer garbage([](const http::request&) {
        return peer_reply(manner::bytes, "SSH-2.0-OpenSSH_9.2\r\n\r\n");
    });
    contains(text_of(ours.send("GET", garbage.url("/"))), "something that is not HTTP");
    scripted_peer cut([](const http::request&) {
        return peer_reply(manner::bytes_last, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    });
    contains(text_of(ours.send("GET", cut.url("/"))), "closed the connection within its answer");
    scripted_peer broken(
        [](const http::request&) { return peer_reply(make_response(500, "<html>Oops")); });
    const auto answer = ours.send("GET", broken.url("/"));
    REQUIRE(answer.has_value());
    CHECK(answer->status == 500);
    CHECK(answer->body == "<html>Oops");
}

TEST_CASE("server/outbound_client: a GET is redirected within one origin, and nowhere else")
{
    scripted_peer peer([](const http::request& received) -> peer_reply {
        if (received.target == "/end") return make_response(200, "there");
        auto reply = make_response(302, "");
        if (received.target == "/begin") reply.headers.add("Location", "/end");
        if (received.target == "/loop") reply.headers.add("Location", "/loop");
        if (received.target == "/away") reply.headers.add("Location", "http://other.example/x");
        return reply;
    });
    caller ours;
    const auto answer = ours.send("GET", peer.url("/begin"));
    REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
    CHECK(answer->body == "there");
    contains(text_of(ours.send("GET", peer.url("/loop"))), "redirects more than 3 times");
    contains(text_of(ours.send("GET", peer.url("/away"))),
             "redirects to http://other.example; redirects to other hosts are not followed");
    contains(text_of(ours.send("POST", peer.url("/begin"))), "redirects a POST");
    contains(text_of(ours.send("GET", peer.url("/nowhere"))), "without saying whereto");
    CHECK(peer.connections() == 1);
}

TEST_CASE("server/outbound_client: 307 and 308 move any request, with its method and body")
{
    std::vector<std::string> received;
    std::vector<std::string> ids;
    scripted_peer peer([&](const http::request& request) -> peer_reply {
        received.push_back(request.method + ' ' + request.target + ' ' + request.body);
        if (const auto* id = request.headers.find("X-Request-ID")) ids.push_back(*id);
        if (request.target.ends_with('/')) return make_response(200, "there");
        const bool is_away = request.target.starts_with("/away");
        auto reply = make_response(request.target.ends_with("307") ? 307 : 308, "");
        reply.headers.add("Location", is_away ? "http://other.example/" : request.target + '/');
        return reply;
    });
    caller ours;
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "GET"}) {
        for (const char* target : {"/a/307", "/b/308"}) {
            received.clear();
            const auto answer = ours.send(method, peer.url(target), "{}");
            REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
            CHECK(answer->body == "there");
            const auto line = method + std::string(" ") + target;
            CHECK(received == std::vector{line + " {}", line + "/ {}"});
        }
        contains(text_of(ours.send(method, peer.url("/away/307"), "{}")),
                 "redirects to http://other.example; redirects to other hosts are not followed");
    }
}

TEST_CASE("server/outbound_client: what moves a GET does not move another method")
{
    scripted_peer peer([](const http::request& received) -> peer_reply {
        auto reply = make_response(std::stoi(received.target.substr(1)), "");
        reply.headers.add("Location", "/200");
        return reply;
    });
    caller ours;
    for (const char* target : {"/301", "/302", "/303"}) {
        for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
            contains(text_of(ours.send(method, peer.url(target))),
                     std::string("redirects a ") + method + " with HTTP " + (target + 1));
        }
    }
}

TEST_CASE("server/outbound_client: each request that a server sees has an X-Request-ID of its own")
{
    std::vector<std::string> request_ids;
    std::vector<std::string> correlation_ids;
    scripted_peer peer([&](const http::request& received) -> peer_reply {
        request_ids.push_back(*received.headers.find("X-Request-ID"));
        correlation_ids.push_back(*received.headers.find("X-Correlation-ID"));
        if (received.target == "/end") return make_response(200, "there");
        auto reply = make_response(307, "");
        reply.headers.add("Location", "/end");
        return reply;
    });
    caller ours;
    http::outbound_request request;
    request.method = "PUT";
    request.url = peer.url("/begin");
    request.reach = http::reach::anywhere;
    request.headers.add("X-Request-ID", "request-1");
    request.headers.add("X-Correlation-ID", "correlation-1");
    REQUIRE(ours.send(std::move(request)).has_value());
    REQUIRE(request_ids.size() == 2);
    CHECK(request_ids[0] == "request-1");
    CHECK(request_ids[1].size() == 36);
    CHECK(correlation_ids == std::vector<std::string>{"correlation-1", "correlation-1"});
}

TEST_CASE("server/outbound_client: a valid certificate is needed, for the very host")
{
    outbound_options options;
    SUBCASE("of a name")
    {
        scripted_peer peer(echo, peer_certificate());
        options.ca_file = peer.ca_file();
        caller ours(options);
        for (int i = 0; i < 2; ++i) {
            const auto answer = ours.send("GET", peer.url("/", "localhost"));
            REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
        }
        CHECK(peer.connections() == 1);
        contains(text_of(ours.send("GET", peer.url("/"))), "address mismatch");
    }
    SUBCASE("of an address")
    {
        peer_certificate certificate;
        certificate.host = "127.0.0.1";
        scripted_peer peer(echo, certificate);
        options.ca_file = peer.ca_file();
        caller ours(options);
        const auto answer = ours.send("GET", peer.url("/"));
        REQUIRE_MESSAGE(answer.has_value(), text_of(answer));
        contains(text_of(ours.send("GET", peer.url("/", "localhost"))), "mismatch");
    }
    SUBCASE("expired")
    {
        peer_certificate certificate;
        certificate.is_expired = true;
        scripted_peer peer(echo, certificate);
        options.ca_file = peer.ca_file();
        caller ours(options);
        contains(text_of(ours.send("GET", peer.url("/", "localhost"))),
                 "is not valid: certificate has expired");
        CHECK(peer.requests() == 0);
    }
    SUBCASE("of an authority that we trust")
    {
        scripted_peer peer(echo, peer_certificate());
        caller ours;
        contains(text_of(ours.send("GET", peer.url("/", "localhost"))), "the TLS certificate of");
        CHECK(peer.requests() == 0);
    }
}

TEST_CASE("server/outbound_client: without trust only https to public addresses is spoken")
{
    scripted_peer peer(echo, peer_certificate());
    outbound_options options;
    options.ca_file = peer.ca_file();
    caller ours(options);
    const auto refusal = [&](const std::string& url) {
        auto request = caller::make("GET", url);
        request.reach = http::reach::public_https;
        return text_of(ours.send(request));
    };
    // What is kept of a trusted platform is of no use to another one.
    CHECK(ours.send("GET", peer.url("/", "localhost")).has_value());
    const auto port = std::to_string(peer.port());
    for (const char* host : {"localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1",
                             "2130706433", "10.0.0.1", "169.254.169.254"}) {
        contains(refusal("https://" + (host + (':' + port)) + "/"), "is not public; mark");
    }
    contains(refusal("http://cpo.example.com/"), "is not https");
    contains(refusal("https://user:hunter2@cpo.example.com/"), "a user or a password");
    CHECK(peer.connections() == 1);
}

TEST_CASE("server/outbound_client: many requests of several threads at once get their own answers")
{
    scripted_peer peer(echo, peer_certificate());
    outbound_options options;
    options.ca_file = peer.ca_file();
    outbound_client client(options);
    asio::io_context context;
    std::vector<std::future<ocpi::result<http::response>>> answers;
    constexpr int count = 100;
    std::atomic<int> right = 0;
    for (int i = 0; i < count; ++i) {
        const auto one = [&, i]() -> asio::awaitable<void> {
            for (int again = 0; again < 3; ++again) {
                auto request = caller::make(
                    "GET", peer.url('/' + std::to_string(i * 10 + again), "localhost"));
                const auto expected = "GET /" + std::to_string(i * 10 + again) + ' ';
                const auto answer = co_await client.send(std::move(request));
                if (answer.has_value() && answer->body == expected) ++right;
            }
        };
        asio::co_spawn(context, one, asio::detached);
    }
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) threads.emplace_back([&] { context.run(); });
    }
    CHECK(right == count * 3);
    CHECK(peer.connections() <= count * 3);
}

TEST_CASE("server/outbound_client: when it is shut down nobody is waited for, nor called")
{
    caller ours;  // with 30 s for an answer
    scripted_peer peer([&](const http::request& received) {
        if (received.target != "/hang") return echo(received);
        ours.client.shut_down();
        return peer_reply(manner::hang);
    });
    CHECK(ours.send("GET", peer.url("/")).has_value());
    CHECK(ours.send("GET", peer.url("/hang")).has_error());
    const auto requests = peer.requests();
    contains(text_of(ours.send("GET", peer.url("/"))), "this server stops");
    CHECK(peer.requests() == requests);
    ours.client.reopen();
    CHECK(ours.send("GET", peer.url("/")).has_value());
}

TEST_CASE("server/outbound_client: client and context may be destroyed in any order")
{
    std::promise<void> arrived;
    std::atomic<bool> hangs = false;
    scripted_peer peer([&](const http::request& received) {
        if (!hangs) return echo(received);
        arrived.set_value();
        return peer_reply(manner::hang);
    });
    auto client = std::make_unique<outbound_client>();
    auto context = std::make_unique<asio::io_context>();
    const auto begin = [&] {
        auto request = caller::make("GET", peer.url("/"));
        asio::co_spawn(*context, client->send(std::move(request)), asio::detached);
    };
    begin();
    context->run();
    CHECK(peer.connections() == 1);

    SUBCASE("the context first, with a kept connection")
    {
        context.reset();
        context = std::make_unique<asio::io_context>();
        begin();
        context->run();
        CHECK(peer.connections() == 2);
    }
    SUBCASE("the client first, with a kept connection")
    {
        client.reset();
        context.reset();
    }
    SUBCASE("with a request under way")
    {
        hangs = true;
        begin();
        context->restart();
        const auto reached = arrived.get_future();
        while (reached.wait_for(0s) != std::future_status::ready) context->run_for(1ms);
        SUBCASE("the context first")
        {
            context.reset();
        }
        SUBCASE("the client first")
        {
            client.reset();
            context.reset();
        }
    }
}

TEST_CASE("server/outbound_client: a file of authorities that cannot be used is told at once")
{
    outbound_options options;
    options.ca_file = "/nowhere/ca.pem";
    CHECK_THROWS_AS(outbound_client(std::move(options)), std::runtime_error);
}

}  // namespace outbound_client_test
