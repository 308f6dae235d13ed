#include "bench/load/latency_histogram.hpp"
#include "bench/load/request_template.hpp"
#include "bench/load/response_reader.hpp"
#include "bench/load/workload.hpp"
#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace load_test {

using namespace ocpi;
using namespace ocpi::bench;

namespace {

constexpr std::string_view now = "2026-06-01T10:00:00.123Z";

std::string first_word(std::string_view text)
{
    return std::string(text.substr(0, text.find(' ')));
}

std::string target_of(std::string_view request)
{
    const auto begin = request.find(' ') + 1;
    return std::string(request.substr(begin, request.find(' ', begin) - begin));
}

std::string body_of(std::string_view request)
{
    return std::string(request.substr(request.find("\r\n\r\n") + 4));
}

workload make(const std::string& name, std::uint32_t count = 1000)
{
    workload_options options;
    options.name = name;
    options.count = count;
    return workload(options);
}

}  // namespace

TEST_CASE("bench/load/request_template: places are filled, and the length is that of the body")
{
    request_template request("PUT", "/s/S<number>", "Token t", R"({"n":<sequence>,"at":"<now>"})");
    request_values values;
    values.number = 17;
    values.sequence = 12'345'678;
    values.now = now;
    CHECK(request.fill(values) ==
          "PUT /s/S00000017 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token t\r\n"
          "Content-Type: application/json\r\nContent-Length: 46\r\n\r\n"
          R"({"n":12345678,"at":"2026-06-01T10:00:00.123Z"})");
    values.number = 4;
    CHECK(request.fill(values).starts_with("PUT /s/S00000004 HTTP/1.1\r\n"));
}

TEST_CASE("bench/load/request_template: without a body there is no length")
{
    request_template request("GET", "/x", "");
    CHECK(request.fill({}) == "GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
}

TEST_CASE("bench/load/workload: fill writes each session once, as valid JSON of 0.6 kB")
{
    auto fill = make("fill", 500);
    REQUIRE(fill.size() == 500);
    std::set<std::string> targets;
    for (int i = 0; i < 500; ++i) {
        const std::string request(fill.next(now));
        targets.insert(target_of(request));
        const auto body = body_of(request);
        const auto parsed = json::parse(body);
        REQUIRE(parsed.has_value());
        CHECK(target_of(request).ends_with(parsed->root().find_string("id")));
        CHECK(body.size() > 500);
        CHECK(body.size() < 700);
    }
    CHECK(targets.size() == 500);
}

TEST_CASE("bench/load/workload: new sessions are numbered on from the first")
{
    workload_options options;
    options.name = "put_new";
    options.first = 40;
    workload made(options);
    CHECK(target_of(made.next(now)).ends_with("/NEW00000040"));
    CHECK(target_of(made.next(now)).ends_with("/NEW00000041"));
}

TEST_CASE("bench/load/workload: several clients begin at sessions far from one another")
{
    workload_options options;
    options.name = "get_one";
    options.count = 1000;
    options.clients = 4;
    std::vector<std::string> first;
    for (options.client = 0; options.client < 4; ++options.client) {
        workload made(options);
        first.push_back(target_of(made.next(now)));
    }
    // What one client comes to at that step, another has begun with.
    auto one = make("get_one");
    for (int i = 0; i < 1000; ++i) {
        const auto target = target_of(one.next(now));
        if (i % 250 == 0) CHECK(target == first[static_cast<std::size_t>(i / 250)]);
    }
    CHECK_THROWS_AS(workload{options}, std::invalid_argument);
}

TEST_CASE("bench/load/workload: a mix has its parts, in the same order each time")
{
    auto mix = make("crud_mix");
    auto again = make("crud_mix");
    std::map<std::string, int> counts;
    for (int i = 0; i < 100; ++i) {
        const std::string request(mix.next(now));
        CHECK(again.next(now) == request);
        const bool is_list = target_of(request).find("?date_from=") != std::string::npos;
        ++counts[is_list ? "list" : first_word(request)];
    }
    CHECK(counts ==
          std::map<std::string, int>{{"GET", 75}, {"PATCH", 15}, {"PUT", 5}, {"list", 5}});
}

TEST_CASE("bench/load/workload: sessions for several partners are spread over them")
{
    workload_options options;
    options.name = "fill";
    options.count = 100;
    options.partners = 10;
    workload made(options);
    std::map<std::string, int> parties;
    for (int i = 0; i < 100; ++i) {
        const auto parsed = json::parse(body_of(made.next(now)));
        REQUIRE(parsed.has_value());
        ++parties[std::string(parsed->root().find("cdr_token")->find_string("party_id"))];
    }
    CHECK(parties.size() == 10);
    CHECK(parties["P07"] == 10);
}

TEST_CASE("bench/load/workload: every name makes requests; another one is refused")
{
    for (const auto name : workload::names())
        CHECK_FALSE(make(std::string(name)).next(now).empty());
    CHECK_THROWS_AS(make("put"), std::invalid_argument);
}

TEST_CASE("bench/load/response_reader: an answer is complete with its last byte, cut anywhere")
{
    const std::string answer =
        "HTTP/1.1 201 Created\r\ncontent-length: 20\r\nX: y\r\n\r\n{\"status_code\":1000}";
    for (std::size_t cut = 0; cut < answer.size(); ++cut) {
        response_reader reader;
        CHECK_FALSE(reader.take(std::string_view(answer).substr(0, cut)));
        CHECK(reader.take(std::string_view(answer).substr(cut)));
        CHECK(reader.status() == 201);
        CHECK(reader.end_of_body() == "{\"status_code\":1000}");
        CHECK(reader.bytes() == answer.size());
    }
}

TEST_CASE("bench/load/response_reader: the end of a long body is kept")
{
    response_reader reader;
    const std::string body = std::string(100'000, 'x') + R"("status_code":2001})";
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size());
    CHECK_FALSE(reader.take(head + "\r\n\r\n"));
    for (std::size_t i = 0; i < body.size(); i += 1000) {
        CHECK(reader.take(std::string_view(body).substr(i, 1000)) == (i + 1000 >= body.size()));
    }
    CHECK(reader.end_of_body().ends_with(R"("status_code":2001})"));
}

TEST_CASE("bench/load/response_reader: what is no answer, or too long, is refused")
{
    CHECK_THROWS_AS(response_reader().take("SSH-2.0\r\n\r\n"), std::runtime_error);
    CHECK_THROWS_AS(response_reader().take("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"),
                    std::runtime_error);
}

TEST_CASE("bench/load/latency_histogram: percentiles are exact to 2 %, the maximum is exact")
{
    latency_histogram times;
    CHECK(times.percentile(0.99) == 0);
    for (int i = 1; i <= 1000; ++i) times.add(i * 1'000'000LL);
    CHECK(times.percentile(0.5) == doctest::Approx(500).epsilon(0.02));
    CHECK(times.percentile(0.99) == doctest::Approx(990).epsilon(0.02));
    CHECK(times.max() == 1000);
    CHECK(times.percentile(1) == 1000);
}

TEST_CASE("bench/load/latency_histogram: two are added up; any duration has a class")
{
    latency_histogram a;
    latency_histogram b;
    for (const auto time : {0LL, 1LL, 63LL, 64LL, 9'223'372'036'854'775'807LL}) a.add(time);
    b.add(-5);
    a.add(b);
    CHECK(a.count() == 6);
    CHECK(a.percentile(0) == 0);
}

}  // namespace load_test
