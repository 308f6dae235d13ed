#include "app/table_reader.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

namespace table_reader_test {

using ocpi::app::table_reader;

namespace {

/// What `read` complains of when it reads that text; empty when of nothing.
template <class Read>
std::string complaint(const char* text, Read read)
{
    const auto table = toml::parse(text);
    const std::string source = "s";
    table_reader reader(table, "", source);
    try {
        read(reader);
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return {};
}

}  // namespace

TEST_CASE("app/table_reader: a key that is absent is nothing, unless it is required")
{
    CHECK(complaint("", [](table_reader& in) {
              CHECK_FALSE(in.text("a"));
              CHECK_FALSE(in.integer("a", 0, 1));
              CHECK_FALSE(in.seconds("a"));
              CHECK(in.texts("a").empty());
              in.table("a", [](table_reader&) { FAIL("no such table"); });
              in.tables("a", [](table_reader&) { FAIL("no such tables"); });
              in.finish();
          }).empty());
    CHECK(complaint("x = 1", [](table_reader& in) { in.required_text("a"); }) ==
          "s:1: a is missing");
}

TEST_CASE("app/table_reader: whole numbers are held to their bounds")
{
    const auto read = [](table_reader& in) { (void)in.integer("a", 2, 4); };
    for (const char* fine : {"a = 2", "a = 4", "a = 0x3"}) CHECK(complaint(fine, read).empty());
    for (const char* text : {"a = 1", "a = 5", "a = 3.0", "a = \"3\"", "a = true"}) {
        CAPTURE(text);
        CHECK(complaint(text, read) == "s:1: a must be a whole number from 2 to 4");
    }
}

TEST_CASE("app/table_reader: seconds may be whole or not, and are positive")
{
    CHECK(complaint("a = 2\nb = 0.25", [](table_reader& in) {
              CHECK(*in.seconds("a") == 2.0);
              CHECK(*in.seconds("b") == 0.25);
          }).empty());
    for (const char* text : {"a = 0", "a = -1", "a = inf", "a = 86401", "a = \"1\""}) {
        CAPTURE(text);
        CHECK_FALSE(complaint(text, [](table_reader& in) { in.seconds("a"); }).empty());
    }
}

TEST_CASE("app/table_reader: what nobody asked for is complained of with its full name and line")
{
    CHECK(complaint("a = \"x\"\n[b]\nc = \"y\"\nd = 1\n", [](table_reader& in) {
              in.text("a");
              in.table("b", [](table_reader& inner) { inner.text("c"); });
          }) == "s:4: b.d is not a known key");
    CHECK(complaint("[[b]]\nc = 1\n[[b]]\nd = 1\n", [](table_reader& in) {
              in.tables("b", [](table_reader& inner) { inner.integer("c", 0, 9); });
          }) == "s:4: b.d is not a known key");
}

}  // namespace table_reader_test
