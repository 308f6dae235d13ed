#include "app/limits_config.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

namespace limits_config_test {

using namespace ocpi;

namespace {

app::config read(const std::string& text)
{
    return app::parse_config("[limits]\n" + text, "c.toml");
}

/// Empty when there is none.
std::string complaint(const std::string& text)
{
    try {
        read(text);
        return {};
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
}

}  // namespace

TEST_CASE("app/limits_config: rates are off until they are set, and 0 turns them off")
{
    for (const char* text :
         {"",
          "requests_per_second = 0\nburst = 0\nconcurrent_requests = 0\nfailed_per_minute = 0"}) {
        const auto limits = read(text).request_limits;
        CHECK(limits.requests_per_second == 0);
        CHECK(limits.burst == 0);
        CHECK(limits.concurrent_requests == 0);
        CHECK(limits.failed_per_minute == 0);
        CHECK(limits.trusted_proxies.empty());
    }
    CHECK(read("requests_per_second = 5").request_limits.burst == 0);
}

TEST_CASE("app/limits_config: a rate that cannot be is an error with key and line")
{
    CHECK(complaint("requests_per_second = -1") ==
          "c.toml:2: limits.requests_per_second must be a whole number from 0 to 1000000");
    CHECK(complaint("requests_per_second = 0.5") ==
          "c.toml:2: limits.requests_per_second must be a whole number from 0 to 1000000");
    CHECK(complaint("failed_per_minute = 1000001") ==
          "c.toml:2: limits.failed_per_minute must be a whole number from 0 to 1000000");
    CHECK(complaint("concurrent_requests = \"4\"") ==
          "c.toml:2: limits.concurrent_requests must be a whole number from 0 to 1000000");
    CHECK(complaint("\nburst = 9") == "c.toml:3: limits.burst needs limits.requests_per_second");
    CHECK(complaint("header_fields = 0") ==
          "c.toml:2: limits.header_fields must be a whole number from 1 to 10000");
}

TEST_CASE("app/limits_config: a trusted proxy is an address or a network, and nothing else")
{
    CHECK(complaint("trusted_proxies = []").empty());
    CHECK(complaint("trusted_proxies = [\"192.0.2.1\", \"fd00::/8\"]").empty());
    CHECK(complaint("trusted_proxies = [\"10.0.0.1/8\"]") ==
          "c.toml:2: limits.trusted_proxies has \"10.0.0.1/8\"; it takes addresses and networks, "
          "such as \"192.0.2.1\", \"10.0.0.0/8\" or \"2001:db8::/32\", with zeros behind the "
          "prefix");
    for (const char* text : {"\"10.0.0.0/33\"", "\"proxy.example.com\"", "\"*\"", "\"\"", "1"}) {
        CAPTURE(text);
        CHECK_FALSE(complaint(std::string("trusted_proxies = [") + text + "]").empty());
    }
    CHECK_FALSE(complaint("trusted_proxies = \"10.0.0.0/8\"").empty());
}

TEST_CASE("app/limits_config: the memory of answers has room for four pages")
{
    CHECK(read("").limits.answer_memory == 256 * 1024 * 1024);
    CHECK(read("page_bytes = 1000\nanswer_memory = 4000").limits.answer_memory == 4000);
    CHECK(read("page_bytes = 1000000000").limits.answer_memory == 4'000'000'000);
    CHECK(complaint("page_bytes = 1000\nanswer_memory = 3999") ==
          "c.toml:3: limits.answer_memory must be at least four times limits.page_bytes");
}

}  // namespace limits_config_test
