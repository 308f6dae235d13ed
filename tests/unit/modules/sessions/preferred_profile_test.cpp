#include "modules/sessions/preferred_profile.hpp"

#include <doctest/doctest.h>

namespace preferred_profile_test {

using namespace ocpi;
using namespace ocpi::sessions;

TEST_CASE("modules/sessions/preferred_profile: what the preferences name, else REGULAR")
{
    const auto profile = [](const char* text) {
        const auto stored = json::parse(text);
        REQUIRE(stored.has_value());
        return to_string(preferred_profile(*stored));
    };
    CHECK(profile(R"({"charging_preferences":{"profile_type":"FAST"}})") == "FAST");
    CHECK(profile(R"({"charging_preferences":{"profile_type":"GREEN"}})") == "GREEN");
    for (const char* unheeded :
         {"{}", "[]", R"({"charging_preferences":null})", R"({"charging_preferences":{}})",
          R"({"charging_preferences":{"profile_type":7}})",
          R"({"charging_preferences":{"profile_type":"fast"}})"}) {
        CAPTURE(unheeded);
        CHECK(profile(unheeded) == "REGULAR");
    }
}

}  // namespace preferred_profile_test
