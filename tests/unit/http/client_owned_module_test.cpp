#include "http/client_owned_module.hpp"

#include <doctest/doctest.h>

namespace client_owned_module_test {

using namespace ocpi;

TEST_CASE("http/client_owned_module: each version has a path for each interface")
{
    CHECK(http::sender_path("sessions", protocol::version::v2_3_0) == "/ocpi/cpo/2.3.0/sessions");
    CHECK(http::receiver_path("tariffs", protocol::version::v2_2_1) == "/ocpi/emsp/2.2.1/tariffs");
}

TEST_CASE("http/client_owned_module: objects of our own CPO parties are our own")
{
    http::client_owned_options options;
    CHECK_FALSE(options.is_own(party("ES", "ABC")));
    options.own_cpo_parties = {party("ES", "ABC"), party("FR", "XYZ")};
    CHECK(options.is_own(party("fr", "xyz")));
    CHECK_FALSE(options.is_own(party("FR", "ABC")));
}

TEST_CASE("http/client_owned_module: a write is refused by 405 only to a partner that may read")
{
    const auto seen = http::refuse_write(http::answer());
    REQUIRE(seen.failure);
    CHECK(seen.failure->code() == errc::method_not_allowed);
    CHECK(*seen.headers.find("Allow") == "GET, HEAD");
    const auto hidden = http::refuse_write(error(errc::not_found, "there is no such session"));
    CHECK(hidden.failure->code() == errc::not_found);
}

}  // namespace client_owned_module_test
