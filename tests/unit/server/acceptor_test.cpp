#include "server/acceptor.hpp"

#include "server/http_server.hpp"
#include "tests/support/echo_server.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <string>

namespace acceptor_test {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::ip::tcp;
using ocpi::test::echo_server;
using ocpi::test::get;
using ocpi::test::socket_client;

/// A listening socket that the test owns, as a service manager does.
struct kept_socket {
    asio::io_context loop;
    tcp::acceptor socket{loop, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};

    int copy() { return ::dup(socket.native_handle()); }
    tcp::endpoint endpoint() const { return socket.local_endpoint(); }
};

std::string complaint_about(int descriptor)
{
    asio::io_context loop;
    try {
        ocpi::server::adopt_acceptor(loop.get_executor(), descriptor);
    } catch (const std::exception& failure) {
        return failure.what();
    }
    return "";
}

}  // namespace

TEST_CASE("server/acceptor: only a TCP socket that listens is adopted")
{
    asio::io_context loop;
    tcp::socket connecting(loop, tcp::v4());
    asio::ip::udp::socket datagrams(loop, asio::ip::udp::v4());
    CHECK(complaint_about(connecting.native_handle()).ends_with(": it does not listen"));
    CHECK(complaint_about(datagrams.native_handle()).ends_with(": it is not a TCP socket"));
    CHECK(complaint_about(-1) == "cannot accept connections on descriptor -1: it is not a socket");
    int pair[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(complaint_about(pair[0]).ends_with(": it is not a TCP socket"));
    ::close(pair[0]);
    ::close(pair[1]);
}

TEST_CASE("server/acceptor: a socket that another process keeps survives the server")
{
    kept_socket kept;
    {
        echo_server first;
        CHECK(first.server.adopt(kept.copy()) == kept.endpoint());
        CHECK(socket_client(kept.endpoint()).exchange(get("/")).status == 200);
        first.stop().get();
    }
    socket_client between(kept.endpoint());
    REQUIRE(between.send(get("/")));
    echo_server second;
    second.server.adopt(kept.copy());
    CHECK(between.read_response()->status == 200);
}

TEST_CASE("server/acceptor: a connection without a request gets an answer while its server stops")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 1h;
    kept_socket kept;
    echo_server running(bounds);
    running.server.adopt(kept.copy());
    socket_client used(kept.endpoint());
    CHECK(used.exchange(get("/")).status == 200);
    socket_client fresh(kept.endpoint());
    socket_client silent(kept.endpoint());
    while (running.server.connections() != 3) {
    }
    auto stopped = running.stop();
    CHECK(used.is_closed_by_peer());
    const auto answered = fresh.exchange(get("/"));
    CHECK(answered.status == 200);
    CHECK(answered.header("Connection") == "close");
    stopped.get();
    CHECK(silent.is_closed_by_peer());
}

TEST_CASE("server/acceptor: without such a socket a connection without a request is closed at once")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 1h;
    echo_server running(bounds);
    auto silent = running.connect();
    while (running.server.connections() != 1) {
    }
    running.stop().get();
    CHECK(silent.is_closed_by_peer());
}

}  // namespace acceptor_test
