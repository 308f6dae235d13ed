#include "http/csv.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace csv_test {

using namespace ocpi;

namespace {

std::string line_of(std::string_view cell)
{
    http::csv_line line;
    return line.cell(cell).cell("next").finish();
}

}  // namespace

TEST_CASE("http/csv: a cell is quoted where it must be")
{
    CHECK(line_of("plain text") == "plain text,next\r\n");
    CHECK(line_of("") == ",next\r\n");
    CHECK(line_of("a,b") == "\"a,b\",next\r\n");
    CHECK(line_of("a \"b\"") == "\"a \"\"b\"\"\",next\r\n");
    CHECK(line_of("a\r\nb") == "\"a\r\nb\",next\r\n");
    CHECK(line_of("\xc3\xa9") == "\xc3\xa9,next\r\n");
}

TEST_CASE("http/csv: a text that a spreadsheet would take for a formula has an apostrophe")
{
    CHECK(line_of("=1+1") == "'=1+1,next\r\n");
    CHECK(line_of("+1") == "'+1,next\r\n");
    CHECK(line_of("@SUM(A1)") == "'@SUM(A1),next\r\n");
    CHECK(line_of("\tx") == "'\tx,next\r\n");
    CHECK(line_of("\rx") == "\"'\rx\",next\r\n");
    CHECK(line_of("-1+1") == "'-1+1,next\r\n");
    CHECK(line_of("-") == "'-,next\r\n");
    CHECK(line_of("-1.50") == "-1.50,next\r\n");
    CHECK(line_of("=HYPERLINK(\"x\",1)") == "\"'=HYPERLINK(\"\"x\"\",1)\",next\r\n");
    CHECK(line_of("a=1") == "a=1,next\r\n");
}

TEST_CASE("http/csv: a table is a file of its name, sent once")
{
    const auto answered = http::make_csv_answer("a,b\r\n", "table.csv");
    CHECK(*answered.headers.find("Content-Disposition") == "attachment; filename=\"table.csv\"");
    CHECK(test::run_awaitable(answered.stream->next()) == "a,b\r\n");
    CHECK_FALSE(test::run_awaitable(answered.stream->next()));
    const auto closed = http::make_csv_answer("a,b\r\n", "table.csv");
    closed.stream->close();
    CHECK_FALSE(test::run_awaitable(closed.stream->next()));
}

}  // namespace csv_test
