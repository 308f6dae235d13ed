#include "http/client_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace client_address_test {

using namespace ocpi::http;

namespace {

std::vector<address_range> trusted()
{
    std::vector<address_range> ranges;
    for (const char* text : {"10.0.0.0/8", "::1", "2001:db8:ff::/48"}) {
        ranges.push_back(*address_range::parse(text));
    }
    return ranges;
}

using fields = std::vector<std::pair<std::string, std::string>>;

std::string client(const char* peer, const fields& sent)
{
    headers all;
    for (const auto& [name, value] : sent) all.add(name, value);
    const auto address = boost::asio::ip::make_address(peer);
    return find_client_address(address, all, trusted()).to_string();
}

std::string network(const char* address)
{
    return to_string(network_of(boost::asio::ip::make_address(address)));
}

}  // namespace

TEST_CASE("http/client_address: a peer that is no trusted proxy is the client, whatever it says")
{
    CHECK(client("203.0.113.5", {}) == "203.0.113.5");
    CHECK(client("203.0.113.5", {{"X-Forwarded-For", "192.0.2.1"}}) == "203.0.113.5");
    CHECK(client("203.0.113.5", {{"Forwarded", "for=10.0.0.1"}}) == "203.0.113.5");
    CHECK(client("11.0.0.1", {{"X-Forwarded-For", "192.0.2.1, 10.0.0.1"}}) == "11.0.0.1");
    CHECK(client("::2", {{"X-Forwarded-For", "192.0.2.1"}}) == "::2");
    CHECK(client("::ffff:203.0.113.5", {{"X-Forwarded-For", "192.0.2.1"}}) == "203.0.113.5");
}

TEST_CASE("http/client_address: a trusted proxy names its client in either header")
{
    CHECK(client("10.0.0.1", {}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "192.0.2.1"}}) == "192.0.2.1");
    CHECK(client("10.0.0.1", {{"x-forwarded-for", "2001:db8::1"}}) == "2001:db8::1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1;proto=https"}}) == "192.0.2.1");
    CHECK(client("::1", {{"forwarded", "For=\"[2001:db8::1]:99\""}}) == "2001:db8::1");
    CHECK(client("::ffff:10.0.0.1", {{"X-Forwarded-For", "::ffff:192.0.2.1"}}) == "192.0.2.1");
    // Many proxies write both.
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1"}, {"X-Forwarded-For", "192.0.2.1"}}) ==
          "192.0.2.1");
}

TEST_CASE("http/client_address: of a chain the first one from the right that is not trusted counts")
{
    const auto by_custom = [](const char* value) {
        return client("10.0.0.1", {{"X-Forwarded-For", value}});
    };
    CHECK(by_custom("192.0.2.1, 10.0.0.3, 10.0.0.2") == "192.0.2.1");
    CHECK(by_custom("198.51.100.9, 192.0.2.1, 10.0.0.2") == "192.0.2.1");
    CHECK(by_custom("192.0.2.1, 2001:db8:ff::7") == "192.0.2.1");
    CHECK(by_custom("10.0.0.9, 10.0.0.2") == "10.0.0.9");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=198.51.100.9, for=192.0.2.1, for=10.0.0.2"}}) ==
          "192.0.2.1");
    // Several lines are one list.
    CHECK(client("10.0.0.1", {{"X-Forwarded-For", "198.51.100.9, 192.0.2.1"},
                              {"Via", "1.1 x"},
                              {"X-Forwarded-For", "10.0.0.3"},
                              {"X-Forwarded-For", "10.0.0.2"}}) == "192.0.2.1");
}

TEST_CASE("http/client_address: what a client has written before its proxy does not count")
{
    const auto by_custom = [](const std::string& forged) {
        return client("10.0.0.1", {{"X-Forwarded-For", forged + ", 192.0.2.1"}});
    };
    for (const char* forged :
         {"198.51.100.9", "10.0.0.7", "::1", "unknown", "", ",", ",,,", "\"", "for=10.0.0.7",
          "10.0.0.7;", "10.0.0.7\"", "\\", "[::1", "%00", "10.0.0.7, 10.0.0.8", "127.0.0.1, ::1"}) {
        CAPTURE(forged);
        CHECK(by_custom(forged) == "192.0.2.1");
    }
    CHECK(by_custom(std::string(10'000, ',')) == "192.0.2.1");
    const auto by_standard = [](const std::string& forged) {
        return client("10.0.0.1", {{"Forwarded", forged + ", for=192.0.2.1"}});
    };
    for (const char* forged :
         {"for=198.51.100.9", "for=10.0.0.7", "for=\"[::1]\"", "for=unknown", "for=\"\\\"\"", "",
          "for=\"10.0.0.7, for=10.0.0.8\"", "proto=\"for=10.0.0.7\""}) {
        CAPTURE(forged);
        CHECK(by_standard(forged) == "192.0.2.1");
    }
}

TEST_CASE("http/client_address: a header that a client has broken makes the proxy the client")
{
    for (const char* forged :
         {"for=\"", "for=\"198.51.100.9", "for=198.51.100.9;x=\"", "for=\"a\\", "for=a for=b",
          "for=198.51.100.9;for=198.51.100.9", "198.51.100.9", "for=(198.51.100.9)"}) {
        CAPTURE(forged);
        const auto value = std::string(forged) + ", for=192.0.2.1";
        CHECK(client("10.0.0.1", {{"Forwarded", value}}) == "10.0.0.1");
        // A proxy that adds a line of its own is not affected.
        CHECK(client("10.0.0.1", {{"Forwarded", forged}, {"Forwarded", "for=192.0.2.1"}}) ==
              "192.0.2.1");
    }
    const auto quoted = "for=198.51.100.9;x=\", for=\"[2001:db8::1]:80\"";
    CHECK(client("10.0.0.1", {{"Forwarded", quoted}}) == "10.0.0.1");
}

TEST_CASE("http/client_address: a hop without a readable address stands for the one before it")
{
    const auto by_custom = [](const char* value) {
        return client("10.0.0.1", {{"X-Forwarded-For", value}});
    };
    CHECK(by_custom("unknown") == "10.0.0.1");
    CHECK(by_custom("192.0.2.1, unknown, 10.0.0.2") == "10.0.0.2");
    CHECK(by_custom("192.0.2.1, ") == "10.0.0.1");
    CHECK(by_custom("192.0.2.1, unix:") == "10.0.0.1");
    CHECK(by_custom("") == "10.0.0.1");
    CHECK(by_custom("192.0.2.1, fe80::1%eth0") == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1, for=_hidden"}}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1, by=10.0.0.9"}}) == "10.0.0.1");
}

TEST_CASE(
    "http/client_address: a header that the proxy has not written does not count beside its own")
{
    CHECK(client("10.0.0.1", {{"Forwarded", "for=198.51.100.9"},
                              {"X-Forwarded-For", "192.0.2.1"}}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=192.0.2.1"},
                              {"X-Forwarded-For", "198.51.100.9"}}) == "10.0.0.1");
    CHECK(client("10.0.0.1", {{"Forwarded", "for=\""}, {"X-Forwarded-For", "192.0.2.1"}}) ==
          "10.0.0.1");
    CHECK(client("10.0.0.1", {{"Forwarded", ""}, {"X-Forwarded-For", "192.0.2.1"}}) == "10.0.0.1");
}

TEST_CASE("http/client_address: an IPv6 client is its /64, an IPv4 client its address")
{
    CHECK(network("192.0.2.1") == "192.0.2.1");
    CHECK(network("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(network("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(network("2001:db8:1:2::") == network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    CHECK(network("2001:db8:1:3::") != network("2001:db8:1:2::"));
    const auto v4 = network_of(boost::asio::ip::make_address("0.0.0.1"));
    const auto v6 = network_of(boost::asio::ip::make_address("0:0:0:1::"));
    CHECK(v4 != v6);
    const client_network_hash hash;
    CHECK(hash(v4) == hash(v4));
    CHECK(hash(v4) != hash(v6));
}

}  // namespace client_address_test
