// A whole Application as CPO: what an eMSP reads of it decides how it pushes.

#include "application/application.hpp"
#include "auth/authorization.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "partners/partner_store.hpp"
#include "tests/support/partner_network.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace application_push_test {

using namespace ocpi;
using lines = std::vector<std::string>;

namespace {

auth::token_authenticator::configured_token make_token(auth::caller_kind kind,
                                                       const std::string& name)
{
    auth::principal bearer;
    bearer.kind = kind;
    bearer.name = name;
    if (kind == auth::caller_kind::partner) {
        bearer.roles = {credentials_role(party_role::emsp, party("DE", "EMP"))};
    }
    return {bearer, name};
}

/// ES*ABC, with the eMSP DE*EMP as its partner, on one thread.
class pushing_cpo {
public:
    pushing_cpo()
    {
        application_options options;
        options.parties.emplace_back(party("ES", "ABC"), options.roles);
        options.public_url = "https://abc.example";
        options.http_client = network;
        const auto crud = std::make_shared<crud::memory_crud>();
        std::vector<auth::token_authenticator::configured_token> tokens;
        tokens.push_back(make_token(auth::caller_kind::platform_operator, "backend"));
        tokens.push_back(make_token(auth::caller_kind::partner, "reader"));
        application_ = std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud), tokens));
        partners::partner emp;
        emp.name = "emp";
        emp.state = partners::partner_state::registered;
        emp.token = "secret";
        emp.roles.emplace_back(party_role::emsp, party("DE", "EMP"));
        emp.endpoints.emplace_back("sessions", partners::interface_role::receiver,
                                   "https://emp.example/sessions");
        partners::partner_store store(crud);
        REQUIRE(run(store.save(emp, std::nullopt)).has_value());
        application_->listen(context_.get_executor(), "127.0.0.1:0");
    }

    ~pushing_cpo() { run(application_->stop()); }

    template <class T>
    T run(boost::asio::awaitable<T> coroutine)
    {
        auto outcome =
            boost::asio::co_spawn(context_, std::move(coroutine), boost::asio::use_future);
        run_until(
            [&] { return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
        return outcome.get();
    }

    void run_until(const std::function<bool()>& is_so)
    {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!is_so()) {
            context_.restart();
            context_.run_one_for(std::chrono::milliseconds(20));
            if (std::chrono::steady_clock::now() > limit) FAIL("it never came to be");
        }
    }

    int ask(const std::string& token, const std::string& method, const std::string& path,
            const std::string& body = {})
    {
        http::request asked;
        asked.method = method;
        asked.target = "/ocpi/cpo/2.3.0/sessions" + path;
        asked.headers.add("Authorization", auth::write_authorization(token));
        asked.body = body;
        return run(application_->answer(std::move(asked))).status;
    }

    void write(int minute, const std::string& total_cost = {})
    {
        const auto updated = "\"2024-01-01T11:0" + std::to_string(minute) + ":00Z\"";
        const auto body = ocpi::test::session_text(
            {{"last_updated", updated},
             {"cdr_token", R"({"country_code":"DE","party_id":"EMP","uid":"U","type":"RFID",)"
                           R"("contract_id":"C1"})"},
             {"total_cost", total_cost}});
        const auto status = ask("backend", "PUT", "/ES/ABC/S1", body);
        CHECK((status == 200 || status == 201));
    }

    std::shared_ptr<ocpi::test::partner_network> network =
        std::make_shared<ocpi::test::partner_network>();

private:
    boost::asio::io_context context_;
    std::unique_ptr<Application> application_;
};

}  // namespace

TEST_CASE(
    "application/application_push: what an eMSP has read past the push makes the next message a "
    "PUT")
{
    for (const char* read : {"", "/ES/ABC/S1"}) {
        pushing_cpo cpo;
        cpo.write(1);
        cpo.run_until([&] { return cpo.network->log() == lines{"PUT S1"}; });
        cpo.network->hold("emp");
        cpo.write(2);
        cpo.run_until([&] { return cpo.network->waiting("emp") == 1; });
        cpo.write(3, R"({"before_taxes":9})");
        CHECK(cpo.ask("reader", "GET", read) == 200);
        cpo.write(4);
        cpo.network->release("emp");
        cpo.run_until([&] { return cpo.network->log().size() == 3; });
        CHECK(cpo.network->log() == lines{"PUT S1", "PATCH S1", "PUT S1"});
    }
}

}  // namespace application_push_test
