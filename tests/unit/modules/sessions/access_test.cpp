#include "modules/sessions/access.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace access_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

struct asking {
    http::request request;
    http::target target;
    auth::principal caller;
    std::vector<std::string> parameters;
    protocol::routing routing;

    http::call call() const { return {request, target, caller, parameters, routing, date_time()}; }
};

auth::principal partner()
{
    auth::principal caller;
    caller.roles = {credentials_role(party_role::cpo, party("ES", "CPO")),
                    credentials_role(party_role::emsp, party("DE", "EMP")),
                    credentials_role(party_role::emsp, party("FR", "EMP"))};
    return caller;
}

auth::principal platform_operator()
{
    auth::principal caller;
    caller.kind = auth::caller_kind::platform_operator;
    return caller;
}

const std::vector<party> own{party("ES", "ABC"), party("ES", "DEF")};

}  // namespace

TEST_CASE("modules/sessions/access: a path addresses a session by its three placeholders")
{
    asking asked;
    asked.parameters = {"ES", "ABC", "S/1"};
    const auto key = addressed_session(asked.call());
    CHECK(key.owner() == party("es", "abc"));
    CHECK(key.id.str() == "S/1");
}

TEST_CASE(
    "modules/sessions/access: a CPO uses its own sessions as Receiver, an operator all of them")
{
    const auto may_use = [](const auth::principal& caller, const char* country, const char* id) {
        asking asked;
        asked.caller = caller;
        asked.parameters = {country, id, "S1"};
        return may_use_as_receiver(asked.call());
    };
    CHECK(may_use(partner(), "es", "cpo"));
    CHECK_FALSE(may_use(partner(), "ES", "OTH"));
    CHECK_FALSE(may_use(partner(), "DE", "EMP"));
    CHECK(may_use(platform_operator(), "ES", "OTH"));
    CHECK_FALSE(may_use(auth::principal(), "ES", "CPO"));
}

TEST_CASE(
    "modules/sessions/access: a CPO that names itself in OCPI-from names the owner in the URL")
{
    asking asked;
    asked.caller = partner();
    asked.caller.roles.emplace_back(party_role::cpo, party("ES", "TWO"));
    asked.parameters = {"ES", "CPO", "S1"};
    asked.routing.from = party("es", "cpo");
    CHECK(may_use_as_receiver(asked.call()));
    asked.routing.from = party("ES", "TWO");
    CHECK_FALSE(may_use_as_receiver(asked.call()));
}

TEST_CASE(
    "modules/sessions/access: the Sender list shows a partner the sessions of the eMSPs it is")
{
    asking asked;
    asked.caller = partner();
    const auto all = visible_in_sender_list(asked.call(), own);
    CHECK(*all.owners == own);
    CHECK(*all.emsps == std::vector<party>{party("DE", "EMP"), party("FR", "EMP")});

    asked.routing.from = party("FR", "EMP");
    asked.routing.to = party("ES", "DEF");
    const auto narrowed = visible_in_sender_list(asked.call(), own);
    CHECK(*narrowed.owners == std::vector<party>{party("ES", "DEF")});
    CHECK(*narrowed.emsps == std::vector<party>{party("FR", "EMP")});

    asked.routing.from = party("ES", "CPO");
    CHECK(visible_in_sender_list(asked.call(), own).emsps->empty());
}

TEST_CASE(
    "modules/sessions/access: who is no eMSP sees an empty list, an operator sees every eMSP's")
{
    asking asked;
    CHECK(visible_in_sender_list(asked.call(), own).emsps->empty());
    asked.caller = platform_operator();
    CHECK_FALSE(visible_in_sender_list(asked.call(), own).emsps);
    asked.routing.to = party("ES", "ABC");
    CHECK(*visible_in_sender_list(asked.call(), own).owners ==
          std::vector<party>{party("ES", "ABC")});
}

TEST_CASE("modules/sessions/access: missing and hidden sessions have one answer")
{
    CHECK(no_such_session().code() == errc::not_found);
    CHECK(no_such_session().log_text().empty());
}

}  // namespace access_test
