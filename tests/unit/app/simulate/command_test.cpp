#include "app/simulate/command.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

namespace command_test {

using namespace ocpi;
using namespace ocpi::app::simulate;
using std::chrono::seconds;

TEST_CASE("app/simulate/command: durations are a number and a unit")
{
    CHECK(parse_duration("90s") == seconds(90));
    CHECK(parse_duration("1.5m") == seconds(90));
    CHECK(parse_duration("24h") == seconds(86'400));
    CHECK(parse_duration("7d") == seconds(604'800));
    for (const char* wrong : {"", "24", "h", "0h", "-1h", "1w", "4000d", "1e400d", "nanh", "1 h"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_duration(wrong));
    }
}

TEST_CASE(
    "app/simulate/command: no simulated instant is ahead of the real time in which it is sent")
{
    const auto now = parse_date_time("2026-06-02T00:00:00Z")->value;
    const auto start = [&](std::optional<double> speed) {
        return to_string(default_start(now, std::chrono::hours(24), speed));
    };
    CHECK(start(std::nullopt) == "2026-06-01T00:00:00Z");
    CHECK(start(60) == "2026-06-01T00:24:00Z");
    CHECK(start(1) == "2026-06-02T00:00:00Z");
    CHECK(start(0.5) == "2026-06-02T00:00:00Z");
}

}  // namespace command_test
