// docs/cost.md names examples and what they cost: the vectors say the same.

#include "ocpi/json/document.hpp"
#include "tests/support/project_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace docs_cost_test {

using namespace ocpi;

namespace {

namespace fs = std::filesystem;
const fs::path vectors = test::project_directory() / "tests/vectors/cost";

std::string read_file(const fs::path& path)
{
    std::ifstream file(path);
    REQUIRE_MESSAGE(file, "cannot read ", path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct example {
    std::string vector, session, totals;
};

/// The rows that begin with a link to a vector.
std::vector<example> read_examples()
{
    std::vector<example> examples;
    std::istringstream page(read_file(test::project_directory() / "docs/cost.md"));
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("| [")) continue;
        const auto name_end = line.find(']');
        const auto first = line.find(" | ");
        const auto second = line.find(" | ", first + 3);
        example read;
        read.vector = line.substr(3, name_end - 3);
        CHECK(line.substr(name_end + 1, first - name_end - 1) ==
              "(../tests/vectors/cost/" + read.vector + ".json)");
        read.session = line.substr(first + 3, second - first - 3);
        read.totals = line.substr(second + 3, line.rfind(" |") - second - 3);
        examples.push_back(std::move(read));
    }
    return examples;
}

std::string text_of(json::value amount)
{
    return amount.is(json::kind::null) ? "null" : std::string(amount.string());
}

/// What the vector expects of that session; `nothing` when it has none such.
std::string expected_totals(const example& of)
{
    const auto document = json::parse(read_file(vectors / (of.vector + ".json")));
    REQUIRE(document.has_value());
    const auto cases = document->root().find("cases").value();
    for (const auto one : cases) {
        if (one.find("about")->string() != of.session) continue;
        const auto wanted = *one.find("expect");
        return text_of(*wanted.find("before_taxes")) + " / " + text_of(*wanted.find("after_taxes"));
    }
    return "nothing";
}

}  // namespace

TEST_CASE("docs/cost: every example is a vector and costs what the page says")
{
    const auto examples = read_examples();
    CHECK(examples.size() > 30);
    for (const auto& one : examples) {
        CAPTURE(one.vector);
        CAPTURE(one.session);
        CHECK(expected_totals(one) == one.totals);
    }
}

}  // namespace docs_cost_test
