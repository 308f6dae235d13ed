#include "modules/exchange/partner_pauses.hpp"

#include <doctest/doctest.h>

namespace partner_pauses_test {

using namespace ocpi::exchange;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("modules/exchange/partner_pauses: a pause is that partner's alone, and ends")
{
    partner_pauses pauses;
    const partner_pauses::clock::time_point start{};
    CHECK_FALSE(pauses.find("bec", start));
    pauses.note("Bec", seconds(10), start);
    CHECK(pauses.find("bec", start) == seconds(10));
    CHECK(pauses.find("BEC", start + milliseconds(9'999)) == milliseconds(1));
    CHECK_FALSE(pauses.find("another", start));
    CHECK_FALSE(pauses.find("bec", start + seconds(10)));
    CHECK_FALSE(pauses.find("bec", start));
}

TEST_CASE("modules/exchange/partner_pauses: the latest word counts, also a shorter one")
{
    partner_pauses pauses;
    const partner_pauses::clock::time_point start{};
    pauses.note("bec", seconds(600), start);
    pauses.note("bec", seconds(5), start + seconds(1));
    CHECK(pauses.find("bec", start + seconds(1)) == seconds(5));
}

}  // namespace partner_pauses_test
