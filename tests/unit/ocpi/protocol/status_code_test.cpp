#include "ocpi/protocol/status_code.hpp"

#include <doctest/doctest.h>

#include <string>

namespace status_code_test {

using namespace ocpi;

TEST_CASE(
    "ocpi/protocol/status_code: what can be read on a thing that exists is never an HTTP error")
{
    for (const auto code :
         {errc::invalid, errc::storage, errc::internal, errc::conflict, errc::already_exists}) {
        CAPTURE(to_string(code));
        CHECK(protocol::status_of(code).http == 200);
        CHECK(protocol::status_of(code).ocpi != protocol::status_code::success);
    }
}

TEST_CASE("ocpi/protocol/status_code: every HTTP status that is used has its reason")
{
    for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
        const auto http = protocol::status_of(static_cast<errc>(code)).http;
        if (http != 200) CHECK(std::string(protocol::http_reason(http)) != "Error");
    }
    for (int http : {422, 500}) CHECK(std::string(protocol::http_reason(http)) != "Error");
    CHECK(std::string(protocol::http_reason(418)) == "Error");
}

}  // namespace status_code_test
