#include "modules/managed/override_codec.hpp"

#include <doctest/doctest.h>

#include <string>

namespace override_codec_test {

using namespace ocpi;
using namespace ocpi::managed;

namespace {

date_time at(const std::string& text)
{
    return parse_date_time(text)->value;
}

const auto now = at("2025-06-10T22:15:00Z");

result<target> read(const std::string& text)
{
    const auto document = json::parse(text);
    REQUIRE_MESSAGE(document.has_value(), text);
    return read_override(*document, now);
}

std::string bad_place(const std::string& text)
{
    const auto outcome = read(text);
    REQUIRE_MESSAGE(outcome.has_error(), text);
    CHECK(outcome.error().code() == errc::invalid);
    CAPTURE(outcome.error().text());
    return outcome.error().pointer();
}

}  // namespace

TEST_CASE("modules/managed/override_codec: an immediate start has a level and nothing else")
{
    const std::string text = R"({"type":"IMMEDIATE_START","minimumChargeTarget":70})";
    const auto goal = read(text);
    REQUIRE(goal.has_value());
    CHECK(goal->type == target_type::immediate_start);
    CHECK(goal->source == target_source::user_override);
    CHECK(goal->minimum_charge_target == decimal::parse("70"));
    CHECK_FALSE(goal->ready_by);
    CHECK(write_override(*goal) == text);
    CHECK(bad_place(R"({"type":"IMMEDIATE_START","minimumChargeTarget":70,)"
                    R"("readyBy":"2025-06-11T08:00:00Z"})") == "/readyBy");
    CHECK(
        read(R"({"type":"IMMEDIATE_START","minimumChargeTarget":70,"readyBy":null})").has_value());
}

TEST_CASE("modules/managed/override_codec: a regular target has a deadline")
{
    const std::string text =
        R"({"type":"REGULAR","minimumChargeTarget":90.5,"readyBy":"2025-06-11T08:00:00Z"})";
    const auto goal = read(text);
    REQUIRE(goal.has_value());
    CHECK(goal->type == target_type::regular);
    CHECK(goal->source == target_source::user_override);
    CHECK(goal->minimum_charge_target == decimal::parse("90.5"));
    CHECK(goal->ready_by == at("2025-06-11T08:00:00Z"));
    CHECK(write_override(*goal) == text);
    CHECK(bad_place(R"({"type":"REGULAR","minimumChargeTarget":90})") == "/readyBy");
}

TEST_CASE("modules/managed/override_codec: the deadline is in the future, in UTC or with an offset")
{
    const auto with_deadline = [](const std::string& ready_by) {
        return R"({"type":"REGULAR","minimumChargeTarget":90,"readyBy":")" + ready_by + "\"}";
    };
    CHECK(bad_place(with_deadline("2025-06-10T22:15:00Z")) == "/readyBy");
    CHECK(bad_place(with_deadline("2025-06-10T22:14:59Z")) == "/readyBy");
    CHECK(bad_place(with_deadline("2025-06-11T00:15:00+02:00")) == "/readyBy");
    CHECK(bad_place(with_deadline("08:00")) == "/readyBy");
    CHECK(read(with_deadline("2025-06-10T22:15:00.001Z")).has_value());
    const auto shifted = read(with_deadline("2025-06-11T08:00:00+02:00"));
    REQUIRE(shifted.has_value());
    CHECK(shifted->ready_by == at("2025-06-11T06:00:00Z"));
}

TEST_CASE("modules/managed/override_codec: what is stored may have had its time")
{
    const auto document = json::parse(
        R"({"type":"REGULAR","minimumChargeTarget":90,"readyBy":"2025-06-10T08:00:00Z"})");
    REQUIRE(document.has_value());
    const auto goal = read_stored_override(*document);
    REQUIRE(goal.has_value());
    CHECK(goal->ready_by == at("2025-06-10T08:00:00Z"));
    CHECK(goal->source == target_source::user_override);
}

TEST_CASE("modules/managed/override_codec: every bad field is named")
{
    CHECK(bad_place(R"({"type":"FAST","minimumChargeTarget":70})") == "/type");
    CHECK(bad_place(R"({"minimumChargeTarget":70})") == "/type");
    CHECK(bad_place(R"({"type":"IMMEDIATE_START"})") == "/minimumChargeTarget");
    CHECK(bad_place(R"({"type":"IMMEDIATE_START","minimumChargeTarget":101})") ==
          "/minimumChargeTarget");
    CHECK(bad_place(R"({"type":"IMMEDIATE_START","minimumChargeTarget":-1})") ==
          "/minimumChargeTarget");
    CHECK(bad_place(R"({"type":"IMMEDIATE_START","minimumChargeTarget":1e-9999999})") ==
          "/minimumChargeTarget");
    CHECK(bad_place(R"({"type":"IMMEDIATE_START","minimumChargeTarget":70,"batteryReserve":5})") ==
          "/batteryReserve");
    const auto all = read(R"({"type":"REGULAR","minimumChargeTarget":"70","readyBy":1,"x":2})");
    REQUIRE(all.has_error());
    for (const char* place : {"/minimumChargeTarget must", "/readyBy must", "/x is not"}) {
        CHECK(all.error().text().find(place) != std::string::npos);
    }
    CHECK(read("7").has_error());
}

}  // namespace override_codec_test
