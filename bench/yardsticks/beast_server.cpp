// A bare Boost.Beast server, to compare with: answers every request with as many bytes of body as
// asked for, over kept connections, one coroutine each, on as many threads as ocpi-sessions has.
// yardstick_beast BYTES [HOST:PORT] [THREADS]; prints `listening on http://HOST:PORT`.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

asio::awaitable<void> serve(tcp::socket socket, const std::string& body)
{
    socket.set_option(tcp::no_delay(true));
    boost::beast::flat_buffer buffer;
    try {
        for (;;) {
            http::request<http::string_body> request;
            co_await http::async_read(socket, buffer, request, asio::use_awaitable);
            http::response<http::string_body> response(http::status::ok, request.version());
            response.set(http::field::server, "yardstick");
            response.set(http::field::content_type, "application/json");
            response.keep_alive(request.keep_alive());
            response.body() = body;
            response.prepare_payload();
            co_await http::async_write(socket, response, asio::use_awaitable);
            if (!request.keep_alive()) co_return;
        }
    } catch (const boost::system::system_error&) {
        // The client has gone.
    }
}

asio::awaitable<void> accept(tcp::acceptor acceptor, const std::string& body)
{
    for (;;) {
        auto socket = co_await acceptor.async_accept(asio::make_strand(acceptor.get_executor()),
                                                     asio::use_awaitable);
        auto executor = socket.get_executor();
        asio::co_spawn(executor, serve(std::move(socket), body), asio::detached);
    }
}

/// That many bytes, ended like an answer of OCPI.
std::string make_body(std::size_t bytes)
{
    const std::string end = R"("status_code":1000})";
    std::string body(std::max(bytes, end.size() + 1) - end.size(), ' ');
    body.front() = '{';
    return body + end;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "usage: yardstick_beast BYTES [HOST:PORT] [THREADS]\n";
        return 2;
    }
    const auto body = make_body(std::strtoul(argv[1], nullptr, 10));
    const std::string listen = argc > 2 ? argv[2] : "127.0.0.1:0";
    const auto threads = argc > 3 ? std::strtoul(argv[3], nullptr, 10)
                                  : std::max(1U, std::thread::hardware_concurrency());
    try {
        const auto colon = listen.rfind(':');
        const auto port = std::strtoul(listen.c_str() + colon + 1, nullptr, 10);
        asio::io_context context(static_cast<int>(threads));
        tcp::acceptor acceptor(context, {asio::ip::make_address(listen.substr(0, colon)),
                                         static_cast<unsigned short>(port)});
        std::cout << "listening on http://" << acceptor.local_endpoint() << std::endl;
        asio::co_spawn(context, accept(std::move(acceptor), body), asio::detached);
        std::vector<std::jthread> others;
        for (unsigned long i = 1; i < threads; ++i) others.emplace_back([&] { context.run(); });
        context.run();
    } catch (const std::exception& failure) {
        std::cerr << "yardstick_beast: " << failure.what() << '\n';
        return 2;
    }
}
