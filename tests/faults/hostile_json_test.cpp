// JSON texts that are none, or nearly none, as bodies.

#include "ocpi/json/document.hpp"
#include "tests/support/case_table.hpp"
#include "tests/support/many_callers.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace hostile_json_test {

using namespace ocpi;

namespace {

constexpr const char* target = "/ocpi/emsp/2.3.0/sessions/ES/ABC/S1";

/// %HH is a byte.
std::string decode(std::string_view text)
{
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            bytes += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

/// As the store keeps a text: without the white space between its parts.
std::string without_white_space(std::string text)
{
    if (text.find('"') == text.npos) std::erase_if(text, [](char c) { return c <= ' '; });
    return text;
}

bool is_refused(const http::response& answer)
{
    return answer.status == 400 && answer.body.starts_with(R"({"status_code":2001,)");
}

}  // namespace

TEST_CASE("faults/hostile_json: every text of the table is taken as it is, or refused")
{
    test::many_callers platform;
    const auto cases = test::read_cases("tests/faults/json_texts.txt", false);
    CHECK(cases.size() > 90);
    REQUIRE(platform.ask("cpo", "PUT", target, test::session_text()).status == 201);
    const auto before = platform.ask("cpo", "GET", target).body;
    for (const auto& each : cases) {
        CAPTURE(each.why);
        const auto text = decode(each.bytes);
        const auto session = test::session_text();
        const auto body = session.substr(0, session.size() - 1) + ",\"x\":" + text + '}';
        const auto answer = platform.ask("cpo", "PUT", target, body);
        const auto after = platform.ask("cpo", "GET", target).body;
        CHECK(std::to_string(answer.status) == each.expected);
        if (answer.status == 200) {
            const auto value = without_white_space(text);
            CHECK(after.find("\"x\":" + value) != after.npos);
            REQUIRE(platform.ask("cpo", "PUT", target, session).status == 200);
        } else {
            CHECK(is_refused(answer));
            CHECK(after.find("\"x\":") == after.npos);
        }
    }
    CHECK(before.find("10.50") != before.npos);
}

TEST_CASE("faults/hostile_json: a body that is cut at any byte is refused, and changes nothing")
{
    test::many_callers platform;
    const auto session = test::session_text({{"x", R"({"a":[1.50,"\u00e9 é",null,true]})"}});
    for (std::size_t size = 0; size < session.size(); ++size) {
        CAPTURE(size);
        CHECK(is_refused(platform.ask("cpo", "PUT", target, session.substr(0, size))));
    }
    CHECK(platform.crud->creates == 0);
    REQUIRE(platform.ask("cpo", "PUT", target, session).status == 201);
    const std::string patch = R"({"kwh":11,"last_updated":"2024-01-01T11:00:00Z"})";
    for (std::size_t size = 0; size < patch.size(); ++size) {
        CAPTURE(size);
        CHECK(is_refused(platform.ask("cpo", "PATCH", target, patch.substr(0, size))));
    }
    CHECK(platform.crud->updates == 0);
    CHECK(platform.ask("cpo", "PATCH", target, patch).status == 200);
}

TEST_CASE("faults/hostile_json: a body with one byte changed is taken or refused, never misread")
{
    test::many_callers platform;
    const auto session = test::session_text({{"x", R"(["\ud83d\ude00",{"y":-1.5e3}])"}});
    REQUIRE(platform.ask("cpo", "PUT", target, session).status == 201);
    for (std::size_t at = 0; at < session.size(); ++at) {
        for (const char byte : {'\0', '"', '\\', '}', '[', ',', '\x80', '\xff', '0'}) {
            auto changed = session;
            changed[at] = byte;
            const auto answer = platform.ask("cpo", "PUT", target, changed);
            const bool is_json = json::parse(changed).has_value();
            CAPTURE(at);
            CHECK(answer.status < 500);
            if (!is_json) CHECK(is_refused(answer));
        }
    }
}

}  // namespace hostile_json_test
