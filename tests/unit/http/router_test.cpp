#include "http/router.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace router_test {

using namespace ocpi;
using http::interface_kind;

namespace {

http::handler answer_with(std::string data)
{
    return [data = std::move(data)](const http::call&) -> boost::asio::awaitable<http::answer> {
        http::answer answered;
        answered.data = data;
        co_return answered;
    };
}

http::router sample()
{
    http::router routes;
    routes.add(interface_kind::functional, "GET", "/a/{x}/b", answer_with("1"));
    routes.add(interface_kind::functional, "PUT", "/a/{x}/b", answer_with("2"));
    routes.add(interface_kind::management, "POST", "/v1/{x}/{y}", answer_with("3"));
    return routes;
}

}  // namespace

TEST_CASE("http/router: placeholders stand for any segment that is not empty")
{
    const auto routes = sample();
    const auto found = routes.find("PUT", {"a", "x/y", "b"});
    REQUIRE(found.route);
    CHECK(found.parameters == std::vector<std::string>{"x/y"});
    CHECK(routes.find("POST", {"v1", "p", "q"}).parameters == std::vector<std::string>{"p", "q"});
    CHECK(routes.find("POST", {"v1", "p", "q"}).route->kind == interface_kind::management);
    CHECK(routes.find("PUT", {"a", "", "b"}).route == nullptr);
    CHECK(routes.find("PUT", {"a", "", "b"}).allowed.empty());
}

TEST_CASE("http/router: an unknown path and a known one without the method are told apart")
{
    const auto routes = sample();
    for (const std::vector<std::string>& unknown : {std::vector<std::string>{},
                                                    {"a"},
                                                    {"a", "x"},
                                                    {"a", "x", "c"},
                                                    {"A", "x", "b"},
                                                    {"a", "x", "b", "c"}}) {
        CHECK(routes.find("GET", unknown).route == nullptr);
        CHECK(routes.find("GET", unknown).allowed.empty());
    }
    const auto known = routes.find("DELETE", {"a", "x", "b"});
    CHECK(known.route == nullptr);
    CHECK(known.allowed == "GET, HEAD, PUT");
    CHECK(known.parameters.empty());
    CHECK(routes.find("GET", {"v1", "p", "q"}).allowed == "POST");
    CHECK(routes.find("get", {"a", "x", "b"}).route == nullptr);
}

TEST_CASE("http/router: HEAD goes where GET goes")
{
    const auto routes = sample();
    CHECK(routes.find("HEAD", {"a", "x", "b"}).route == routes.find("GET", {"a", "x", "b"}).route);
    CHECK(routes.find("HEAD", {"v1", "p", "q"}).route == nullptr);
}

}  // namespace router_test
