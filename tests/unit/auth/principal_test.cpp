#include "auth/principal.hpp"

#include <doctest/doctest.h>

namespace principal_test {

using namespace ocpi;

TEST_CASE("auth/principal: roles belong to a party each")
{
    auth::principal caller;
    caller.roles = {credentials_role(party_role::cpo, party("ES", "ABC")),
                    credentials_role(party_role::emsp, party("DE", "EMP")),
                    credentials_role(party_role::emsp, party("FR", "EMP"))};
    CHECK(auth::parties_in_role(caller, party_role::emsp) ==
          std::vector<party>{party("DE", "EMP"), party("FR", "EMP")});
    CHECK(auth::parties_in_role(caller, party_role::nsp).empty());
    CHECK(auth::has_role(caller, credentials_role(party_role::cpo, party("es", "abc"))));
    CHECK_FALSE(auth::has_role(caller, credentials_role(party_role::emsp, party("ES", "ABC"))));
    CHECK_FALSE(auth::has_role({}, credentials_role(party_role::cpo, party("ES", "ABC"))));
}

}  // namespace principal_test
