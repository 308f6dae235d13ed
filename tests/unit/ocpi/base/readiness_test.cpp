#include "ocpi/base/readiness.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace readiness_test {

using reasons = std::vector<std::string>;

TEST_CASE("ocpi/base/readiness: a component has its last reason until it clears it")
{
    ocpi::readiness ready;
    CHECK(ready.reasons().empty());
    ready.report("lease", "lease store unreachable: refused");
    ready.report("application", "draining");
    ready.report("lease", "lease store unreachable: timed out");
    CHECK(ready.reasons() == reasons{"draining", "lease store unreachable: timed out"});
    ready.clear("application");
    ready.clear("never reported");
    CHECK(ready.reasons() == reasons{"lease store unreachable: timed out"});
    ready.clear("lease");
    CHECK(ready.reasons().empty());
}

}  // namespace readiness_test
