#include "application/application.hpp"
#include "crud/memory/memory_crud.hpp"
#include "tests/crud_contract/crud_contract.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;

/// The host program knows its callers itself: here, everybody is the operator.
class everybody final : public ocpi::Authenticator {
public:
    asio::awaitable<ocpi::result<std::shared_ptr<const ocpi::auth::principal>>> authenticate(
        std::string) override
    {
        auto caller = std::make_shared<ocpi::auth::principal>();
        caller->kind = ocpi::auth::caller_kind::platform_operator;
        caller->name = "host";
        co_return caller;
    }
};

template <class T>
T wait_for(asio::awaitable<T> coroutine)
{
    asio::io_context context;
    auto outcome = asio::co_spawn(context, std::move(coroutine), asio::use_future);
    context.run();
    return outcome.get();
}

}  // namespace

/// Embeds the library without a socket and holds a store to the port's promises.
int main()
try {
    ocpi::Application application(ocpi::application_options(),
                                  std::make_shared<ocpi::crud::memory_crud>(),
                                  std::make_shared<everybody>());
    ocpi::http::request question;
    question.method = "GET";
    question.target = "/ocpi/emsp/2.3.0/sessions/ES/ABC/NONE";
    question.headers.add("Authorization", "Token any");
    const auto answer = wait_for(application.answer(std::move(question)));
    if (answer.status != 404 || answer.body.find("\"status_code\":2") == std::string::npos) {
        std::cerr << "unexpected answer " << answer.status << ": " << answer.body << '\n';
        return 1;
    }
    for (const auto& each : ocpi::crud::contract::contract_cases()) {
        ocpi::crud::memory_crud crud;
        wait_for(each.run(crud));
    }
    return 0;
} catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
}
