#include "ocpi/protocol/trace_context.hpp"

#include <doctest/doctest.h>

#include <string>

namespace trace_context_test {

using namespace ocpi::protocol;

namespace {

constexpr const char* sample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string changed(std::size_t at, char to)
{
    std::string text = sample;
    text[at] = to;
    return text;
}

}  // namespace

TEST_CASE("ocpi/protocol/trace_context: a valid header is read and written as it was")
{
    const auto read = parse_traceparent(sample);
    REQUIRE(read);
    CHECK(write_traceparent(*read) == sample);
    CHECK(read->trace_id.front() == 0x4b);
    CHECK(read->parent_id.back() == 0xb7);
}

TEST_CASE("ocpi/protocol/trace_context: a broken header is none")
{
    for (std::size_t at = 0; at < std::string(sample).size(); ++at) {
        CAPTURE(at);
        CHECK_FALSE(parse_traceparent(changed(at, 'g')));
        CHECK_FALSE(parse_traceparent(changed(at, 'F')));
        CHECK_FALSE(parse_traceparent(std::string(sample).substr(0, at)));
    }
    CHECK_FALSE(parse_traceparent(std::string(sample) + "-"));
    CHECK_FALSE(parse_traceparent(std::string(sample) + " "));
    CHECK_FALSE(parse_traceparent(" " + std::string(sample)));
    CHECK_FALSE(parse_traceparent("ff" + std::string(sample).substr(2)));
    CHECK_FALSE(parse_traceparent("00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"));
    CHECK_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
}

TEST_CASE("ocpi/protocol/trace_context: a later version is read as far as this one goes")
{
    const auto later = "cc" + std::string(sample).substr(2);
    REQUIRE(parse_traceparent(later));
    CHECK(write_traceparent(*parse_traceparent(later + "-what-else")) == sample);
    CHECK_FALSE(parse_traceparent(later + "what-else"));
    CHECK(write_traceparent(*parse_traceparent(changed(53, 'f'))) == sample);
}

TEST_CASE("ocpi/protocol/trace_context: a call goes on with the trace under an id of its own")
{
    const auto received = *parse_traceparent(sample);
    const auto sent = continue_trace(received);
    CHECK(sent.trace_id == received.trace_id);
    CHECK(sent.flags == received.flags);
    CHECK(sent.parent_id != received.parent_id);
    CHECK(parse_traceparent(write_traceparent(sent)) == sent);

    const auto made = continue_trace(trace_context());
    CHECK(parse_traceparent(write_traceparent(made)) == made);
    CHECK(made.trace_id != make_trace_context().trace_id);
    CHECK(made.flags == 0);
}

}  // namespace trace_context_test
