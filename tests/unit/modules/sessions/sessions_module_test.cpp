#include "modules/sessions/sessions_module.hpp"

#include "auth/authorization.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "http/pipeline.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sessions_module_test {

using namespace ocpi;
using test::run_awaitable;

namespace {

class recording_listener final : public sessions::serving_listener {
public:
    void on_served(const crud::record& session) noexcept override
    {
        served.push_back(session.document.key.id.str() + " of " +
                         to_string(*session.document.emsp));
    }

    std::vector<std::string> served;
};

/// The Sender interface of ES*ABC with a session for DE*EMP and one for FR*OTH.
struct sender {
    std::shared_ptr<crud::memory_crud> crud = std::make_shared<crud::memory_crud>();
    std::shared_ptr<recording_listener> listener = std::make_shared<recording_listener>();
    std::unique_ptr<http::pipeline> pipeline;

    sender()
    {
        auth::token_store tokens(crud);
        auth::principal emsp;
        emsp.name = "emp";
        emsp.roles = {credentials_role(party_role::emsp, party("DE", "EMP"))};
        run_awaitable(tokens.add(emsp, "emsp-token")).value();
        auth::principal ours;
        ours.name = "backend";
        ours.kind = auth::caller_kind::platform_operator;
        run_awaitable(tokens.add(ours, "operator-token")).value();

        sessions::module_options options;
        options.own_cpo_parties = {party("ES", "ABC")};
        options.public_url = [] { return std::string("https://abc.example"); };
        options.serving = listener;
        http::pipeline::dependencies parts;
        parts.authenticator = std::make_shared<auth::token_authenticator>(tokens);
        parts.time = std::make_shared<adjustable_clock>();
        parts.log = std::make_shared<silent_logger>();
        parts.own_parties = options.own_cpo_parties;
        sessions::add_sessions_module(parts.router,
                                      std::make_shared<sessions::session_writer>(crud), options);
        pipeline = std::make_unique<http::pipeline>(std::move(parts));
        put("S1", "DE", "EMP");
        put("S2", "FR", "OTH");
    }

    int ask(const std::string& token, const std::string& method, const std::string& path,
            const std::string& body = {})
    {
        http::request asked;
        asked.method = method;
        asked.target = "/ocpi/cpo/2.3.0/sessions" + path;
        asked.headers.add("Authorization", auth::write_authorization(token));
        asked.body = body;
        return run_awaitable(pipeline->handle(std::move(asked))).status;
    }

    void put(const std::string& id, const std::string& country, const std::string& emsp)
    {
        const auto token = R"({"country_code":")" + country + R"(","party_id":")" + emsp +
                           R"(","uid":"U1","type":"RFID","contract_id":"C1"})";
        const auto body = test::session_text({{"id", '"' + id + '"'}, {"cdr_token", token}});
        REQUIRE(ask("operator-token", "PUT", "/ES/ABC/" + id, body) == 201);
    }
};

}  // namespace

TEST_CASE("modules/sessions/sessions_module: what an eMSP reads of our sessions is told")
{
    sender at;
    CHECK(at.ask("emsp-token", "GET", "") == 200);
    CHECK(at.ask("emsp-token", "GET", "/ES/ABC/S1") == 200);
    CHECK(at.listener->served == std::vector<std::string>{"S1 of DE*EMP", "S1 of DE*EMP"});
}

TEST_CASE("modules/sessions/sessions_module: what our operator reads, or nobody, is not")
{
    sender at;
    CHECK(at.ask("operator-token", "GET", "") == 200);
    CHECK(at.ask("operator-token", "GET", "/ES/ABC/S1") == 200);
    CHECK(at.ask("emsp-token", "GET", "/ES/ABC/S2") == 404);
    CHECK(at.listener->served.empty());
}

}  // namespace sessions_module_test
