#include "tests/transcripts/connection.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/support/socket_client.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace transcripts {
namespace {

boost::asio::ip::tcp::endpoint listen(ocpi::Application& application,
                                      boost::asio::io_context& context)
{
    const auto url = application.listen(context.get_executor(), "127.0.0.1:0");
    const auto port = std::stoul(url.substr(url.rfind(':') + 1));
    return {boost::asio::ip::address_v4::loopback(), static_cast<unsigned short>(port)};
}

std::string write(const ocpi::http::request& asked)
{
    std::string text = asked.method + ' ' + asked.target + " HTTP/1.1\r\nHost: localhost\r\n";
    for (const auto& field : asked.headers) text += field.name + ": " + field.value + "\r\n";
    if (!asked.body.empty()) {
        text += "Content-Length: " + std::to_string(asked.body.size()) + "\r\n";
    }
    return text + "Connection: close\r\n\r\n" + asked.body;
}

}  // namespace

connection::connection(std::unique_ptr<ocpi::Application> application)
    : work_(context_.get_executor()),
      application_(std::move(application)),
      server_(listen(*application_, context_)),
      thread_([this] { context_.run(); })
{
}

connection::~connection()
{
    ocpi::test::run_awaitable(application_->stop());
    work_.reset();
    thread_.join();
}

ocpi::http::response connection::answer(const ocpi::http::request& asked)
{
    ocpi::test::socket_client client(server_);
    // A server that refuses early may stop reading; what it answered counts.
    client.send(write(asked));
    auto received = client.read_response(asked.method == "HEAD");
    if (!received) throw std::runtime_error("the server closed without an answer");
    if (!client.read_to_end().empty()) throw std::runtime_error("something follows the answer");
    ocpi::http::response answered;
    answered.status = received->status;
    for (auto& [name, value] : received->headers) answered.headers.add(name, std::move(value));
    answered.body = std::move(received->body);
    return answered;
}

}  // namespace transcripts
