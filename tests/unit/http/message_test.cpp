#include "http/message.hpp"

#include <doctest/doctest.h>

#include <string>

namespace message_test {

using ocpi::http::headers;

TEST_CASE("http/message: a header is found whatever the case of its name; the first one counts")
{
    headers fields;
    fields.add("X-Request-ID", "1");
    fields.add("x-request-id", "2");
    REQUIRE(fields.find("x-REQUEST-id"));
    CHECK(*fields.find("x-REQUEST-id") == "1");
    CHECK(fields.find("X-Request") == nullptr);
    CHECK(headers().find("Host") == nullptr);
}

TEST_CASE("http/message: headers keep their order and their spelling")
{
    headers fields;
    fields.add("b", "1");
    fields.add("A", "2");
    fields.add("b", "3");
    std::string all;
    for (const auto& field : fields) all += field.name + '=' + field.value + ' ';
    CHECK(all == "b=1 A=2 b=3 ");
}

}  // namespace message_test
