#include "server/connection.hpp"

#include "tests/support/echo_server.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace connection_test {

namespace {

using namespace std::chrono_literals;
using ocpi::test::echo_server;
using ocpi::test::get;
using ocpi::test::last_words;
using ocpi::test::put;

}  // namespace

TEST_CASE("server/connection: a request is answered and the connection kept")
{
    echo_server running;
    auto client = running.connect();
    for (const char* target : {"/a", "/b?c=%20d"}) {
        const auto response = client.exchange(get(target));
        CHECK(response.status == 200);
        CHECK(response.reason == "OK");
        CHECK(response.header("Server") == "ocpi-sessions");
        CHECK(response.header("Connection").empty());
        CHECK(response.header("X-Method") == "GET");
        CHECK(response.body == std::string(target) + "|");
    }
    CHECK(running.server.connections() == 1);
    CHECK(client.exchange(put("/c", "body")).body == "/c|body");
}

TEST_CASE(
    "server/connection: every answer tells the date, whatever the handler says, but no interim one")
{
    echo_server running;
    auto client = running.connect();
    const auto answered = client.exchange(get("/")).header("Date");
    CHECK(answered.size() == 29);
    CHECK(answered.ends_with(" GMT"));
    CHECK(last_words(running, "nonsense\r\n").header("Date").size() == 29);
}

TEST_CASE("server/connection: who is not admitted is refused before the body is asked for")
{
    echo_server running;
    const std::string stranger = "PUT /x HTTP/1.1\r\nHost: t\r\nX-Stranger: yes\r\n";
    for (const char* body :
         {"Content-Length: 1000000\r\nExpect: 100-continue\r\n", "Content-Length: 1000000\r\n",
          "Content-Length: 99999999999\r\n", "Transfer-Encoding: chunked\r\n"}) {
        CAPTURE(body);
        const auto refused = last_words(running, stranger + body + "\r\n");
        CHECK(refused.status == 401);
        CHECK(refused.body == "PUT /x|a stranger");
    }
}

TEST_CASE(
    "server/connection: who is not admitted keeps the connection if the body has come with the "
    "header")
{
    echo_server running;
    auto client = running.connect();
    const std::string stranger = " /x HTTP/1.1\r\nHost: t\r\nX-Stranger: yes\r\n";
    for (const char* rest : {"\r\n", "Content-Length: 4\r\n\r\nbody",
                             "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"}) {
        CAPTURE(rest);
        const auto refused = client.exchange("PUT" + stranger + rest + get("/next"));
        CHECK(refused.status == 401);
        CHECK(refused.header("Connection").empty());
        CHECK(client.read_response()->body == "/next|");
    }
    const auto closing = "PUT" + stranger + "Connection: close\r\n\r\n";
    CHECK(last_words(running, closing).status == 401);
}

TEST_CASE("server/connection: bodies have one bound for all connections, until they are answered")
{
    // A body of that size takes so much memory at least, and twice as much at most.
    const std::string body(300'100, 'x');
    ocpi::server::limits bounds;
    bounds.body_memory = 600'100;
    const auto in_chunks = [](const std::string& target, const std::string& content) {
        return "PUT " + target + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n" +
               content + "\r\n0\r\n\r\n";
    };
    const auto one_chunk = "49444\r\n" + body;
    for (const auto& request : {put("/hang", body), in_chunks("/hang", one_chunk)}) {
        echo_server running(bounds);
        auto first = running.connect();
        first.send(request);
        running.handler->await_hanging();
        CHECK(last_words(running, put("/x", body)).status == 503);
        CHECK(last_words(running, in_chunks("/x", one_chunk)).status == 503);
        // What comes with its header needs no more memory than its connection has.
        CHECK(running.connect().exchange(put("/x", "body")).body == "/x|body");
        CHECK(running.connect().exchange(in_chunks("/x", "4\r\nbody")).body == "/x|body");

        running.handler->release();
        CHECK(first.read_response()->body == "/hang|" + body);
        CHECK(running.connect().exchange(put("/x", body)).status == 200);
    }
}

TEST_CASE("server/connection: a client that asks to close is answered and closed")
{
    echo_server running;
    const auto response =
        last_words(running, "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    CHECK(response.status == 200);
}

TEST_CASE("server/connection: a handler may ask to close")
{
    echo_server running;
    CHECK(last_words(running, get("/close")).status == 200);
}

TEST_CASE("server/connection: HTTP/1.0 closes unless it asks to be kept")
{
    echo_server running;
    CHECK(last_words(running, "GET / HTTP/1.0\r\n\r\n").status == 200);
    auto client = running.connect();
    const std::string kept = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    CHECK(client.exchange(kept).header("Connection") == "keep-alive");
    CHECK(client.exchange(kept).status == 200);
}

TEST_CASE("server/connection: a hundred pipelined requests are answered in order")
{
    echo_server running;
    auto client = running.connect();
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += put("/" + std::to_string(i), std::string(300, 'x'));
    CHECK(client.send(requests));
    for (int i = 0; i < 100; ++i) {
        const auto response = client.read_response();
        REQUIRE(response);
        CHECK(response->body == "/" + std::to_string(i) + "|" + std::string(300, 'x'));
    }
}

TEST_CASE("server/connection: requests are understood wherever the network cuts them")
{
    echo_server running;
    auto client = running.connect();
    const std::string chunked = "POST /2 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
    const auto requests = put("/1", "one") + chunked + "3;a=b\r\ntwo\r\n0\r\nX-Late: 1\r\n\r\n" +
                          chunked + "0\r\n\r\n\r\n" + get("/3");
    for (std::size_t cut = 1; cut < requests.size(); ++cut) {
        CAPTURE(cut);
        client.send(std::string_view(requests).substr(0, cut));
        client.send(std::string_view(requests).substr(cut));
        for (const char* body : {"/1|one", "/2|two", "/2|", "/3|"}) {
            const auto response = client.read_response();
            REQUIRE(response);
            CHECK(response->body == body);
        }
    }
    for (const char byte : requests) client.send(std::string_view(&byte, 1));
    for (const char* body : {"/1|one", "/2|two", "/2|", "/3|"})
        CHECK(client.read_response()->body == body);
}

TEST_CASE("server/connection: HEAD is answered with the length of a body and without the body")
{
    echo_server running;
    auto client = running.connect();
    client.send("HEAD /some HTTP/1.1\r\nHost: t\r\n\r\n");
    const auto response = client.read_response(true);
    REQUIRE(response);
    CHECK(response->header("Content-Length") == "6");
    CHECK(client.exchange(get("/next")).body == "/next|");
}

TEST_CASE("server/connection: 204 has neither body nor length")
{
    echo_server running;
    auto client = running.connect();
    const auto response = client.exchange(get("/empty"));
    CHECK(response.status == 204);
    CHECK(response.header("Content-Length").empty());
    CHECK(client.exchange(get("/next")).body == "/next|");
}

TEST_CASE("server/connection: methods and targets of any form reach the handler")
{
    echo_server running;
    auto client = running.connect();
    CHECK(client.exchange("BREW /pot HTTP/1.1\r\nHost: t\r\n\r\n").header("X-Method") == "BREW");
    CHECK(client.exchange(get("http://host:80/path?q=1")).body == "/path?q=1|");
    CHECK(client.exchange(get("HTTPS://host")).body == "/|");
    CHECK(client.exchange(get("http://host?q=http://x")).body == "/?q=http://x|");
    CHECK(client.exchange(get("/redirect?to=http://x/")).body == "/redirect?to=http://x/|");
    CHECK(client.exchange("OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n").body == "*|");
    CHECK(client.exchange("CONNECT a:1 HTTP/1.1\r\nHost: t\r\n\r\n").body == "a:1|");
    CHECK(client
              .exchange("GET /up HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\n"
                        "Upgrade: websocket\r\n\r\n")
              .status == 200);
}

TEST_CASE("server/connection: a client that expects 100 Continue gets it before it sends its body")
{
    echo_server running;
    auto client = running.connect();
    const auto interim = client.exchange(
        "PUT /x HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    CHECK(interim.status == 100);
    CHECK(interim.headers.empty());
    CHECK(client.exchange("body").body == "/x|body");
    CHECK(client
              .exchange("PUT /y HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n"
                        "Expect: 100-continue\r\n\r\n")
              .status == 100);
    CHECK(client.exchange("4\r\nbody\r\n0\r\n\r\n").body == "/y|body");
}

TEST_CASE(
    "server/connection: a client that expects 100 Continue for too large a body is refused at once")
{
    echo_server running;
    const auto response = last_words(running,
                                     "PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 9999999\r\n"
                                     "Expect: 100-continue\r\n\r\n");
    CHECK(response.status == 413);
}

TEST_CASE("server/connection: a client that sends too large a body can read why it is refused")
{
    echo_server running;
    const auto response = last_words(running, put("/big", std::string(3 * 1024 * 1024, 'x')));
    CHECK(response.status == 413);
    CHECK(response.body.starts_with("PUT /big|"));
}

TEST_CASE("server/connection: a chunked body is measured as it comes")
{
    echo_server running;
    std::string request = "PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 48; ++i) request += "10000\r\n" + std::string(65536, 'x') + "\r\n";
    CHECK(last_words(running, request + "0\r\n\r\n").status == 413);
}

TEST_CASE("server/connection: a body of just the permitted size is received")
{
    ocpi::server::limits bounds;
    bounds.body_bytes = 100'000;
    echo_server running(bounds);
    auto client = running.connect();
    const std::string body(100'000, 'x');
    CHECK(client.exchange(put("/", body)).body == "/|" + body);
    CHECK(client
              .exchange("PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "186A0\r\n" +
                        body + "\r\n0\r\n\r\n")
              .body == "/|" + body);
    CHECK(last_words(running, put("/", body + "x")).status == 413);
}

TEST_CASE(
    "server/connection: too large a header is refused, in one field, in many, or in the target")
{
    echo_server running;
    CHECK(last_words(running,
                     "GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n")
              .status == 431);
    CHECK(last_words(running, get("/" + std::string(20'000, 'x'))).status == 431);
    std::string many = "GET / HTTP/1.1\r\nHost: t\r\n";
    for (int i = 0; i < 3000; ++i) many += "X: y\r\n";
    CHECK(last_words(running, many + "\r\n").status == 431);
    const auto with_fields = [](int count) {
        std::string request = "GET / HTTP/1.1\r\nHost: t\r\n";
        for (int i = 1; i < count; ++i) request += "X: y\r\n";
        return request + "\r\n";
    };
    CHECK(last_words(running, with_fields(101)).status == 431);
    auto client = running.connect();
    CHECK(client.exchange(with_fields(100)).status == 200);
    CHECK(client
              .exchange("GET / HTTP/1.1\r\nHost: t\r\nX-Seen: " + std::string(15'000, 'x') +
                        "\r\n\r\n")
              .header("X-Seen")
              .size() == 15'000);
}

TEST_CASE("server/connection: header values pass in both directions as they are")
{
    echo_server running;
    auto client = running.connect();
    const auto response =
        client.exchange("GET / HTTP/1.1\r\nHost: t\r\nX-Seen: caf\xc3\xa9\tok\r\n\r\n");
    CHECK(response.header("X-Seen") == "caf\xc3\xa9\tok");
}

TEST_CASE("server/connection: a header value of a handler cannot begin a field of its own")
{
    echo_server running;
    auto client = running.connect();
    const auto response = client.exchange(get("/split"));
    CHECK(response.header("X-Split") == "a  Injected: b");
    CHECK(response.header("Injected").empty());
}

TEST_CASE("server/connection: a client that stops in the middle of a header is answered 408")
{
    ocpi::server::limits bounds;
    bounds.header_timeout = 50ms;
    echo_server running(bounds);
    const auto response = last_words(running, "GET /slow HTTP/1.1\r\nHost: t\r\n");
    CHECK(response.status == 408);
    CHECK(response.body.starts_with("GET /slow|"));
    CHECK(last_words(running, "G").status == 408);
}

TEST_CASE("server/connection: a client that stops in the middle of a body is answered 408")
{
    ocpi::server::limits bounds;
    bounds.body_timeout = 50ms;
    echo_server running(bounds);
    CHECK(last_words(running, "PUT /slow HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nabc")
              .status == 408);
    CHECK(last_words(running,
                     "PUT /slow HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n"
                     "\r\n9\r\nabc")
              .status == 408);
}

TEST_CASE("server/connection: an idle connection is closed without a word")
{
    ocpi::server::limits bounds;
    bounds.idle_timeout = 50ms;
    echo_server running(bounds);
    auto fresh = running.connect();
    CHECK(fresh.is_closed_by_peer());
    auto used = running.connect();
    CHECK(used.exchange(get("/")).status == 200);
    CHECK(used.is_closed_by_peer());
}

TEST_CASE("server/connection: a client that vanishes in the middle of a request is forgotten")
{
    echo_server running;
    for (const auto& part : {std::string("GET / HT"), put("/", "body").substr(0, 50)}) {
        auto client = running.connect();
        client.send(part);
        client.shutdown_send();
        CHECK(client.is_closed_by_peer());
    }
}

TEST_CASE("server/connection: a client that sends all and no more still gets its answer")
{
    echo_server running;
    auto client = running.connect();
    client.send(put("/", "body"));
    client.shutdown_send();
    CHECK(client.read_response()->body == "/|body");
    CHECK(client.is_closed_by_peer());
}

TEST_CASE("server/connection: a client that does not read its answer is closed")
{
    ocpi::server::limits bounds;
    bounds.write_timeout = 100ms;
    bounds.drain_timeout = 1h;
    echo_server running(bounds);
    auto client = running.connect();
    client.send(get("/large"));
    client.read_response(true);  // the answer has begun
    running.stop().get();        // returns because the write timeout ends the connection
    CHECK(client.read_to_end().size() < 64 * 1024 * 1024);
}

}  // namespace connection_test
