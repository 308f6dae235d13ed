#include "app/session_check.hpp"

#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace session_check_test {

using namespace ocpi;
using test::session_text;

namespace {

/// The pointers of all problems, each followed by a space.
std::string pointers(const std::string& text)
{
    const auto findings = app::check_sessions(text);
    REQUIRE_MESSAGE(findings.has_value(), text);
    std::string all;
    for (const auto& problem : findings->problems()) all += problem.pointer + ' ';
    return all;
}

std::string envelope(const std::string& data)
{
    return R"({"data":)" + data + R"(,"status_code":1000,"timestamp":"2024-01-01T10:00:00Z"})";
}

}  // namespace

TEST_CASE("app/session_check: a Session, a list, and an envelope around either are understood")
{
    const auto sound = session_text();
    const auto list = '[' + sound + ',' + sound + ']';
    for (const auto& text : {sound, list, envelope(sound), envelope(list), std::string("[]"),
                             envelope("[]"), "\xEF\xBB\xBF" + sound}) {
        CAPTURE(text);
        CHECK(pointers(text).empty());
    }
}

TEST_CASE("app/session_check: a problem names the element that has it")
{
    const auto bad = session_text({{"kwh", "\"1\""}, {"cdr_token", R"({"uid":1})"}});
    const auto list = '[' + session_text() + ',' + bad + ",7]";
    CHECK(pointers(bad).starts_with("/kwh /cdr_token/"));
    CHECK(pointers(list).starts_with("/1/kwh /1/cdr_token/"));
    CHECK(pointers(list).ends_with(" /2 "));
    CHECK(pointers(envelope(bad)).starts_with("/data/kwh /data/cdr_token/"));
    CHECK(pointers(envelope(list)).starts_with("/data/1/kwh /data/1/cdr_token/"));
    const auto long_number = session_text({{"x", std::string(101, '9')}});
    CHECK(pointers(envelope('[' + long_number + ']')) == "/data/0/x ");
}

TEST_CASE("app/session_check: an envelope without data holds nothing to check")
{
    CHECK(pointers(R"({"status_code":2001,"timestamp":"2024-01-01T10:00:00Z"})") == "/data ");
    CHECK(pointers(envelope("null")) == "/data ");
    CHECK(pointers(envelope("\"ACCEPTED\"")) == "/data ");
}

TEST_CASE("app/session_check: the depth of a session is counted from its own root")
{
    const auto nested = [](std::size_t levels) {
        return session_text({{"x", std::string(levels, '[') + std::string(levels, ']')}});
    };
    CHECK(pointers(envelope('[' + nested(31) + ']')).empty());
    CHECK(pointers(envelope('[' + nested(31) + ',' + session_text() + ']')).empty());
    CHECK(pointers('[' + session_text() + ',' + nested(32) + ']') == "/1 ");
    CHECK(pointers(nested(32)) == " ");
}

TEST_CASE("app/session_check: what is no JSON is unreadable")
{
    for (const char* text : {"", "{", "\xEF\xBB\xBF\xEF\xBB\xBF{}"}) {
        const auto findings = app::check_sessions(text);
        REQUIRE(findings.has_error());
        CHECK(findings.error().code() == errc::unreadable);
    }
}

}  // namespace session_check_test
