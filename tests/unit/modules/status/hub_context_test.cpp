#include "modules/status/hub_context.hpp"

#include "tests/support/recording_logger.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace hub_context_test {

using namespace ocpi;

TEST_CASE(
    "modules/status/hub_context: a store that fails a thousand readers is one line in the log")
{
    const auto log = std::make_shared<test::recording_logger>();
    status::hub_context context;
    context.log = log;
    for (int i = 0; i < 1'000; ++i)
        context.warn("an event stream ends, its reader may reconnect", "disk full");
    context.warn("cannot render an event of the session ES/ABC/1", "no tariff");
    CHECK(log->text() ==
          "an event stream ends, its reader may reconnect: disk full\n"
          "cannot render an event of the session ES/ABC/1: no tariff\n");
}

}  // namespace hub_context_test
