#include "application/application.hpp"

#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "tests/support/forwarding_crud.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace application_test {

using namespace ocpi;

namespace {

class stage {
public:
    explicit stage(std::vector<std::string> versions)
        : stage(std::move(versions), application_options().modules)
    {
    }

    stage(std::vector<std::string> versions, std::vector<std::string> modules)
    {
        application_options options;
        options.versions = std::move(versions);
        options.modules = std::move(modules);
        options.parties.emplace_back(party("ES", "ABC"), options.roles);
        options.public_url = "https://ocpi.example.com";
        const auto crud = std::make_shared<crud::memory_crud>();
        auth::principal operator_identity;
        operator_identity.kind = auth::caller_kind::platform_operator;
        operator_identity.name = "op";
        std::vector<auth::token_authenticator::configured_token> tokens;
        tokens.emplace_back(operator_identity, "op");
        application_ = std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud), tokens));
    }

    http::response get(const std::string& target)
    {
        http::request request;
        request.method = "GET";
        request.target = target;
        request.headers.add("Authorization", "Token op");
        return test::run_awaitable(application_->answer(std::move(request)));
    }

private:
    std::unique_ptr<Application> application_;
};

std::string complaint(std::vector<std::string> versions)
{
    try {
        const stage built(std::move(versions));
    } catch (const std::invalid_argument& refused) {
        return refused.what();
    }
    return {};
}

}  // namespace

TEST_CASE("application/application: only the versions asked for are offered, the newest first")
{
    stage both({"2.2.1", "2.3.0", "2.2.1"});
    const auto listed = both.get("/ocpi/versions").body;
    REQUIRE(listed.find("\"2.2.1\"") != std::string::npos);
    CHECK(listed.find("\"2.3.0\"") < listed.find("\"2.2.1\""));
    CHECK(listed.find("\"2.2.1\"") == listed.rfind("\"2.2.1\""));

    stage older({"2.2.1"});
    CHECK(older.get("/ocpi/versions").body.find("2.3.0") == std::string::npos);
    CHECK(older.get("/ocpi/2.3.0").status == 404);
    CHECK(older.get("/ocpi/2.2.1").status == 200);
    CHECK(older.get("/ocpi/cpo/2.3.0/sessions").status == 404);
    CHECK(older.get("/ocpi/cpo/2.2.1/sessions").status == 200);
}

TEST_CASE("application/application: a version that is not known is refused, and so is none at all")
{
    CHECK(complaint({"2.3.0", "2.2"}) ==
          "OCPI version 2.2 is not offered; these are: 2.3.0, 2.2.1");
    CHECK(complaint({}) == "an Application needs an OCPI version; there are 2.3.0, 2.2.1");
}

TEST_CASE("application/application: only the modules asked for are offered")
{
    stage both({"2.3.0"});
    CHECK(both.get("/ocpi/cpo/2.3.0/sessions").status == 200);
    CHECK(both.get("/ocpi/cpo/2.3.0/tariffs").status == 200);

    stage tariffs({"2.3.0"}, {"tariffs"});
    CHECK(tariffs.get("/ocpi/cpo/2.3.0/sessions").status == 404);
    CHECK(tariffs.get("/ocpi/cpo/2.3.0/tariffs").status == 200);
    const auto details = tariffs.get("/ocpi/2.3.0").body;
    CHECK(details.find("\"tariffs\"") != std::string::npos);
    CHECK(details.find("\"sessions\"") == std::string::npos);

    stage neither({"2.3.0"}, {});
    CHECK(neither.get("/ocpi/cpo/2.3.0/tariffs").status == 404);
    CHECK(neither.get("/ocpi/versions").status == 200);
}

TEST_CASE("application/application: a module that is not known is refused")
{
    CHECK_THROWS_WITH_AS(stage({"2.3.0"}, {"sessions", "cdrs"}),
                         "module cdrs is not offered; these are: sessions, tariffs",
                         std::invalid_argument);
}

TEST_CASE("application/application: readiness has the store's failure and what others report")
{
    /// Can be neither written nor read.
    class failing_crud final : public test::forwarding_crud {
    public:
        boost::asio::awaitable<result<void>> check_writable() override
        {
            co_return error(errc::storage, "for clients", {}, "disk full");
        }
        boost::asio::awaitable<result<void>> check_readable() override
        {
            co_return error(errc::storage, "for clients", {}, "too many connections");
        }
    };
    application_options options;
    options.readiness = std::make_shared<readiness>();
    const auto shared = options.readiness;
    const auto crud = std::make_shared<failing_crud>();
    Application application(std::move(options), crud,
                            std::make_shared<auth::token_authenticator>(auth::token_store(crud)));
    using reasons = std::vector<std::string>;
    CHECK(test::run_awaitable(application.find_unready_reasons()) ==
          reasons{"store not writable: disk full", "store not readable: too many connections"});
    shared->report("lease", "lease store unreachable");
    CHECK(test::run_awaitable(application.find_unready_reasons()) ==
          reasons{"lease store unreachable", "store not writable: disk full",
                  "store not readable: too many connections"});
    CHECK(application.report().pushes.empty());
    CHECK_FALSE(application.report().certificate_expiry);
    CHECK_FALSE(application.post([] {}));
}

}  // namespace application_test
