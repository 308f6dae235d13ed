// docs/errors.md promises a table; this holds it to the functions that it describes.

#include "http/pipeline.hpp"
#include "ocpi/protocol/status_code.hpp"
#include "tests/support/project_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace errors_test {

using namespace ocpi;

namespace {

std::vector<std::string> split_row(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream rest(line.substr(1));
    for (std::string cell; std::getline(rest, cell, '|');) {
        const auto first = cell.find_first_not_of(' ');
        if (first == std::string::npos) continue;
        cells.push_back(cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    }
    return cells;
}

/// The rows of the table by their first cell.
std::map<std::string, std::vector<std::string>> read_table()
{
    std::ifstream page(test::project_directory() / "docs/errors.md");
    REQUIRE_MESSAGE(page, "docs/errors.md cannot be read");
    std::map<std::string, std::vector<std::string>> rows;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("| ") || line.starts_with("| errc") || line.starts_with("| ---")) {
            continue;
        }
        auto cells = split_row(line);
        REQUIRE_MESSAGE(cells.size() == 5, "a row has not five cells: ", line);
        const auto name = cells.front();
        CHECK_MESSAGE(rows.emplace(name, std::move(cells)).second, "twice in the table: ", name);
    }
    return rows;
}

}  // namespace

TEST_CASE("docs/errors: the table says of every code what the server answers, and of no other")
{
    const auto rows = read_table();
    const auto count = static_cast<std::size_t>(errc::internal) + 1;
    CHECK(rows.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto code = static_cast<errc>(i);
        const std::string name(to_string(code));
        CAPTURE(name);
        const auto row = rows.find(name);
        REQUIRE_MESSAGE(row != rows.end(), "no row for ", name);
        const auto status = protocol::status_of(code);
        CHECK(row->second[1] == std::to_string(status.http));
        CHECK(row->second[2] == std::to_string(static_cast<int>(status.ocpi)));
        CHECK(row->second[3] == std::to_string(status.management_http));
        CHECK(row->second[4].size() > 10);
    }
}

}  // namespace errors_test
