#include "ocpi/protocol/envelope.hpp"

#include <doctest/doctest.h>

namespace envelope_test {

using namespace ocpi;
using protocol::status_code;
using protocol::write_envelope;

TEST_CASE("ocpi/protocol/envelope: data is taken over as it is, the message is quoted")
{
    const auto now = date_time::from_milliseconds(1'704'103'200'123);
    CHECK(write_envelope(status_code::success, "a \"b\"\n", R"({"kwh":41.00})", now) ==
          R"({"data":{"kwh":41.00},"status_code":1000,"status_message":"a \"b\"\n",)"
          R"("timestamp":"2024-01-01T10:00:00.123Z"})");
}

TEST_CASE("ocpi/protocol/envelope: what there is nothing to say about is left out")
{
    const auto now = date_time::from_milliseconds(0);
    CHECK(write_envelope(status_code::invalid_parameters, "", "", now) ==
          R"({"status_code":2001,"timestamp":"1970-01-01T00:00:00Z"})");
    CHECK(write_envelope(status_code::success, "", "[]", now) ==
          R"({"data":[],"status_code":1000,"timestamp":"1970-01-01T00:00:00Z"})");
    CHECK(write_envelope(status_code::server_error, "x", "", now) ==
          R"({"status_code":3000,"status_message":"x","timestamp":"1970-01-01T00:00:00Z"})");
}

}  // namespace envelope_test
