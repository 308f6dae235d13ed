#include "app/socket_activation.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <utility>
#include <vector>

namespace socket_activation_test {

namespace {

namespace asio = boost::asio;
using ocpi::app::activation_sockets;
using ocpi::app::address_of;
using ocpi::app::passed_descriptors;
using ocpi::app::sort_descriptors;

constexpr pid_t own_pid = 42;

activation_sockets sort(std::string count, std::optional<std::string> names, std::string pid = "42")
{
    passed_descriptors passed;
    passed.pid = std::move(pid);
    passed.count = std::move(count);
    passed.names = std::move(names);
    return sort_descriptors(passed, own_pid);
}

activation_sockets sorted(std::vector<int> to_public, std::vector<int> to_admin)
{
    activation_sockets expected;
    expected.to_public = std::move(to_public);
    expected.to_admin = std::move(to_admin);
    return expected;
}

}  // namespace

TEST_CASE("app/socket_activation: descriptors from 3 up are sorted by their names")
{
    CHECK(sort("1", "public") == sorted({3}, {}));
    CHECK(sort("2", "public:admin") == sorted({3}, {4}));
    CHECK(sort("3", "admin:public:public") == sorted({4, 5}, {3}));
    CHECK(sort("0", "") == sorted({}, {}));
}

TEST_CASE("app/socket_activation: a socket without a name of its own is public")
{
    CHECK(sort("1", std::nullopt) == sorted({3}, {}));
    CHECK(sort("2", "unknown:ocpi-sessions.socket") == sorted({3, 4}, {}));
    CHECK(sort("3", "admin") == sorted({4, 5}, {3}));
    CHECK(sort("2", ":admin") == sorted({3}, {4}));
}

TEST_CASE("app/socket_activation: a name that is not understood is an error, never a public socket")
{
    CHECK_THROWS_WITH(sort("1", "amdin"),
                      "the service manager passes a socket named \"amdin\"; "
                      "FileDescriptorName= must be public or admin, or not be set");
}

TEST_CASE("app/socket_activation: descriptors of another process are left alone")
{
    CHECK(sort("1", "public", "41") == sorted({}, {}));
    CHECK(sort_descriptors(passed_descriptors(), own_pid) == sorted({}, {}));
}

TEST_CASE("app/socket_activation: numbers are checked")
{
    CHECK_THROWS(sort("one", "public"));
    CHECK_THROWS(sort("-1", "public"));
    CHECK_THROWS(sort("65", "public"));
    CHECK_THROWS(sort("1", "public", ""));
}

TEST_CASE("app/socket_activation: the address of a socket is written like `listen`")
{
    asio::io_context loop;
    using asio::ip::tcp;
    tcp::acceptor v4(loop, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
    CHECK(address_of(v4.native_handle()) ==
          "127.0.0.1:" + std::to_string(v4.local_endpoint().port()));
    tcp::acceptor v6(loop, tcp::endpoint(asio::ip::make_address("::"), 0));
    CHECK(address_of(v6.native_handle()) == "[::]:" + std::to_string(v6.local_endpoint().port()));
    CHECK_THROWS(address_of(-1));
}

}  // namespace socket_activation_test
