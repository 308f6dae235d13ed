// Two Applications on one store, as two processes have them: what one writes, the other knows.

#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "http/body_stream.hpp"
#include "modules/sessions/view_id.hpp"
#include "tests/support/platform_network.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/shared_crud.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace several_processes_test {

using namespace ocpi;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using test::member;
using test::session_text;

namespace {

using configured = auth::token_authenticator::configured_token;

std::vector<configured> callers()
{
    auth::principal cpo;
    cpo.kind = auth::caller_kind::partner;
    cpo.name = "cpo";
    cpo.roles.push_back(*parse_credentials_role("CPO:BE*BEC"));
    auth::principal operator_identity;
    operator_identity.kind = auth::caller_kind::platform_operator;
    operator_identity.name = "op";
    return {configured(cpo, "cpo"), configured(operator_identity, "op")};
}

/// Has caches, streams and turns of its own.
class process {
public:
    process(std::shared_ptr<Crud> crud, std::shared_ptr<const ocpi::clock> time)
    {
        application_options options;
        options.parties.emplace_back(party("ES", "ABC"), options.roles);
        options.public_url = "https://ocpi.example.com";
        options.time = std::move(time);
        options.http_client = std::make_shared<test::platform_network>();
        application = std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud), callers()));
    }

    std::unique_ptr<Application> application;
};

struct fixture {
    asio::io_context context;
    std::shared_ptr<adjustable_clock> time = std::make_shared<adjustable_clock>();
    std::shared_ptr<Crud> crud = std::make_shared<test::shared_crud>();
    process a{crud, time};
    process b{crud, time};
    bool is_listening = false;

    fixture() { time->set(parse_date_time("2024-01-01T11:00:00Z")->value); }
    ~fixture()
    {
        if (!is_listening) return;
        run(a.application->stop());
        run(b.application->stop());
    }

    void listen()
    {
        a.application->listen(context.get_executor(), "127.0.0.1:0");
        b.application->listen(context.get_executor(), "127.0.0.1:0");
        is_listening = true;
    }

    template <class T>
    T run(asio::awaitable<T> coroutine)
    {
        auto outcome = asio::co_spawn(context, std::move(coroutine), asio::use_future);
        while (outcome.wait_for(0s) != std::future_status::ready) {
            context.restart();
            context.run_one();
        }
        return outcome.get();
    }

    http::response ask(process& of, const std::string& method, const std::string& target,
                       const std::string& token, std::string body = {},
                       const std::string& last_event_id = {})
    {
        http::request request;
        request.method = method;
        request.target = target;
        request.headers.add("Authorization", "Token " + token);
        if (!last_event_id.empty()) request.headers.add("Last-Event-ID", last_event_id);
        request.body = std::move(body);
        return run(of.application->answer(std::move(request)));
    }

    static std::string path(const std::string& id)
    {
        return "/ocpi/emsp/2.3.0/sessions/BE/BEC/" + id;
    }

    void put(process& at, const std::string& id, const std::string& kwh,
             const std::string& minute = "30")
    {
        const auto body =
            session_text({{"country_code", R"("BE")"},
                          {"party_id", R"("BEC")"},
                          {"id", '"' + id + '"'},
                          {"kwh", kwh},
                          {"last_updated", R"("2024-01-01T10:)" + minute + R"(:00Z")"}});
        const auto answered = ask(at, "PUT", path(id), "cpo", body);
        REQUIRE_MESSAGE(answered.status / 100 == 2, answered.body);
    }

    std::string kwh(process& at, const std::string& id)
    {
        const auto body = ask(at, "GET", path(id), "cpo").body;
        const auto begin = body.find("\"kwh\":");
        if (begin == std::string::npos) return body;
        return body.substr(begin + 6, body.find_first_of(",}", begin) - begin - 6);
    }

    static std::string view_id(const std::string& id)
    {
        return sessions::view_id(crud::object_key("BE", "BEC", id));
    }

    std::string status(process& at, const std::string& id)
    {
        return ask(at, "GET", "/v1/sessions/" + view_id(id) + "/status", "op").body;
    }
};

/// A stream of events, read while the context runs.
class reader {
public:
    reader(fixture& with, process& at, const std::string& last_event_id = {})
        : with_(with), answer_(with.ask(at, "GET", "/v1/events", "op", {}, last_event_id))
    {
        REQUIRE(answer_.stream);
    }
    ~reader() { answer_.stream->close(); }

    /// Up to and with that text.
    std::string read_until(const std::string& wanted)
    {
        while (text_.find(wanted) == std::string::npos) {
            const auto piece = with_.run(answer_.stream->next());
            REQUIRE(piece);
            text_ += *piece;
        }
        return text_;
    }

    /// The number of the last event.
    std::string last_id() const
    {
        const auto begin = text_.rfind("id: ") + 4;
        return text_.substr(begin, text_.find('\n', begin) - begin);
    }

private:
    fixture& with_;
    http::response answer_;
    std::string text_;
};

std::string policy_body(const std::string& reserve = "20")
{
    return R"({"timezone":"Europe/Madrid","location":{"countryCode":"BE","partyId":"BEC",)"
           R"("locationId":"L1"},"contractIds":["DE-EMP-C1"],)"
           R"("vehicle":{"batteryCapacityKwh":75.5,"maxPowerKw":11},"batteryReserve":)" +
           reserve +
           R"(,"schedule":[{"weekdays":["MONDAY"],"readyBy":"07:00","minimumChargeTarget":50}]})";
}

const std::string policy_path = "/v1/policies/f47ac10b-58cc-4372-a567-0e02b2c3d479";

}  // namespace

TEST_CASE("application/several_processes: each process writes upon what the others have written")
{
    fixture with;
    with.put(with.a, "S1", "1");
    CHECK(with.kwh(with.b, "S1") == "1");
    with.put(with.b, "S1", "2", "31");
    with.put(with.a, "S1", "3", "32");
    with.put(with.b, "S1", "4", "33");
    CHECK(with.kwh(with.a, "S1") == "4");
    // B has written the session last; A remembers an older state of it, which is not older than
    // this message.
    const auto stale = with.ask(with.a, "PATCH", fixture::path("S1"), "cpo",
                                R"({"kwh":3.5,"last_updated":"2024-01-01T10:32:30Z"})");
    CHECK(stale.status == 200);
    CHECK(stale.body.find("\"status_code\":2") != std::string::npos);
    CHECK(with.kwh(with.b, "S1") == "4");
}

TEST_CASE("application/several_processes: events of one process reach the readers of the other")
{
    fixture with;
    with.listen();
    reader at_b(with, with.b);
    with.put(with.a, "S1", "1");
    at_b.read_until(fixture::view_id("S1"));
    with.put(with.b, "S2", "1");
    at_b.read_until(fixture::view_id("S2"));
}

TEST_CASE("application/several_processes: a reader goes on at another process than before")
{
    fixture with;
    with.listen();
    std::string last;
    {
        reader at_b(with, with.b);
        with.put(with.a, "S1", "1");
        at_b.read_until(fixture::view_id("S1"));
        last = at_b.last_id();
    }
    with.put(with.b, "S2", "1");
    with.put(with.a, "S3", "1");
    reader at_a(with, with.a, last);
    const auto missed = at_a.read_until(fixture::view_id("S3"));
    CHECK(missed.find(fixture::view_id("S1")) == std::string::npos);
    CHECK(missed.find(fixture::view_id("S2")) < missed.find(fixture::view_id("S3")));
}

TEST_CASE("application/several_processes: a policy is known at the other with the next request")
{
    fixture with;
    with.put(with.b, "S1", "1");
    CHECK(with.ask(with.b, "GET", "/v1/policies", "op").body.find("DE-EMP") == std::string::npos);
    CHECK(with.status(with.b, "S1").find("f47ac10b") == std::string::npos);

    CHECK(with.ask(with.a, "PUT", policy_path, "op", policy_body()).status == 201);
    CHECK(with.ask(with.b, "GET", "/v1/policies", "op").body.find("DE-EMP") != std::string::npos);
    CHECK(with.status(with.b, "S1").find("f47ac10b") != std::string::npos);
    const auto listed = with.ask(with.b, "GET", "/v1/statuses", "op").body;
    CHECK(listed.find("f47ac10b") != std::string::npos);
    CHECK(with.ask(with.b, "GET", policy_path + "/session", "op").status == 200);

    CHECK(with.ask(with.b, "PUT", policy_path, "op", policy_body("30")).status == 200);
    CHECK(with.ask(with.a, "GET", policy_path, "op").body.find("\"batteryReserve\":30") !=
          std::string::npos);

    CHECK(with.ask(with.a, "DELETE", policy_path, "op").status == 204);
    CHECK(with.ask(with.b, "GET", policy_path, "op").status == 404);
    CHECK(with.status(with.b, "S1").find("f47ac10b") == std::string::npos);
}

TEST_CASE("application/several_processes: a token that is added counts everywhere")
{
    fixture with;
    CHECK(with.ask(with.b, "GET", "/v1/policies", "new").status == 401);
    auth::token_store tokens(with.crud);
    auth::principal identity;
    identity.kind = auth::caller_kind::platform_operator;
    identity.name = "new";
    REQUIRE(with.run(tokens.add(identity, "new")).has_value());
    CHECK(with.ask(with.a, "GET", "/v1/policies", "new").status == 200);
    CHECK(with.ask(with.b, "GET", "/v1/policies", "new").status == 200);
}

TEST_CASE("application/several_processes: nobody sets the clock of one of them")
{
    fixture with;
    application_options options;
    options.parties.emplace_back(party("ES", "ABC"), options.roles);
    options.public_url = "https://ocpi.example.com";
    options.development_clock = with.time;
    process development(with.crud, with.time);
    development.application = std::make_unique<Application>(
        std::move(options), with.crud,
        std::make_shared<auth::token_authenticator>(auth::token_store(with.crud), callers()));
    const auto refused =
        with.ask(development, "PUT", "/v1/dev/clock", "op", R"({"now":"2026-07-01T08:00:00Z"})");
    CHECK(refused.status == 409);
    CHECK(refused.body.find("several processes") != std::string::npos);
    CHECK(to_string(with.time->now()) == "2024-01-01T11:00:00Z");
}

}  // namespace several_processes_test
