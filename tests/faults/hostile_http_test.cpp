// What becomes of each request of http_requests.txt, in one piece and cut anywhere.

#include "tests/support/case_table.hpp"
#include "tests/support/echo_server.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace hostile_http_test {

using namespace ocpi;

namespace {

struct expectation {
    std::vector<int> statuses;
    bool is_kept = false;
};

expectation read_expectation(const std::string& text)
{
    expectation read;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word == "keep") read.is_kept = true;
        if (word.find_first_not_of("0123456789") == word.npos) {
            read.statuses.push_back(std::stoi(word));
        }
    }
    return read;
}

/// Sends the bytes up to `cut` and the others after them, and reads what comes.
void try_case(const test::echo_server& running, const test::table_case& each, std::size_t cut)
{
    CAPTURE(each.why);
    CAPTURE(cut);
    const auto expected = read_expectation(each.expected);
    auto client = running.connect();
    const std::string_view bytes = each.bytes;
    client.send(bytes.substr(0, cut));
    client.send(bytes.substr(cut));
    bool to_head = each.bytes.starts_with("HEAD");
    for (const int status : expected.statuses) {
        const auto answer = client.read_response(std::exchange(to_head, false));
        REQUIRE(answer);
        CHECK(answer->status == status);
    }
    if (expected.is_kept) {
        CHECK(client.exchange(test::get("/alive")).body == "/alive|");
    } else {
        CHECK(client.is_closed_by_peer());
    }
}

}  // namespace

TEST_CASE("faults/hostile_http: every request of the table is answered as it says, and no more")
{
    const auto seed = std::random_device()();
    MESSAGE("seed ", seed);
    std::minstd_rand random(seed);
    const test::echo_server running;
    const auto cases = test::read_cases("tests/faults/http_requests.txt", true);
    CHECK(cases.size() > 150);
    for (const auto& each : cases) {
        try_case(running, each, each.bytes.size());
        for (int i = 0; i < 3; ++i) {
            try_case(running, each, random() % std::min<std::size_t>(each.bytes.size(), 200));
        }
    }
}

}  // namespace hostile_http_test
