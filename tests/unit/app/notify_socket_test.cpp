#include "app/notify_socket.hpp"

#include "tests/support/notify_receiver.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <string>

namespace notify_socket_test {

using ocpi::app::notify_socket;
using ocpi::test::notify_receiver;

TEST_CASE("app/notify_socket: a message arrives at a socket in the file system")
{
    const ocpi::test::temporary_directory directory;
    notify_receiver manager(directory.file("notify"));
    notify_socket socket(manager.address());
    CHECK(socket.send("READY=1\nSTATUS=here"));
    CHECK(manager.receive() == "READY=1\nSTATUS=here");
    CHECK(socket.send("STOPPING=1"));
    CHECK(manager.receive() == "STOPPING=1");
}

TEST_CASE("app/notify_socket: a message arrives at an abstract socket")
{
    notify_receiver manager("@ocpi-sessions/test/" + std::to_string(::getpid()));
    notify_socket socket(manager.address());
    CHECK(socket.send("READY=1"));
    CHECK(manager.receive() == "READY=1");
}

TEST_CASE("app/notify_socket: a message without a receiver is reported, again and again")
{
    const ocpi::test::temporary_directory directory;
    notify_socket socket(directory.file("nobody"));
    CHECK(!socket.send("READY=1"));
    CHECK(!socket.send("READY=1"));
    notify_receiver manager(directory.file("nobody"));
    CHECK(socket.send("READY=1"));
    CHECK(manager.receive() == "READY=1");
}

TEST_CASE("app/notify_socket: an address is a path or an abstract name, as long as it may be")
{
    CHECK_THROWS(notify_socket(""));
    CHECK_THROWS(notify_socket("run/notify"));
    CHECK_THROWS(notify_socket("vsock:2:1234"));
    CHECK_THROWS(notify_socket('/' + std::string(107, 'x')));
    CHECK_NOTHROW(notify_socket('/' + std::string(106, 'x')));
}

}  // namespace notify_socket_test
