// The checks find what is wrong when something is.

#include "tests/cluster/checks.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace checks_test {

using namespace cluster;

namespace {

lease_sample sample(instant read_at, std::uint64_t epoch, const std::string& holder,
                    instant taken_at, instant expires_at)
{
    return {"push/a", holder, epoch, taken_at, expires_at, read_at};
}

receipt message(instant at, pid_t process)
{
    return {"push/a", process, at};
}

std::string wrong(const std::vector<lease_sample>& samples, const std::vector<receipt>& receipts)
{
    return find_ownership_violation(samples, receipts, 100, [](pid_t) { return false; });
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != text.npos;
}

/// Taken by process 7 at 1000, renewed at 5000, expired at 17000, taken by process 8 at 20000.
std::vector<lease_sample> succession()
{
    return {sample(1'050, 1, "h:7:x", 1'000, 13'000), sample(5'050, 1, "h:7:x", 1'000, 17'000),
            sample(18'000, 1, "h:7:x", 1'000, 17'000), sample(20'050, 2, "h:8:y", 20'000, 32'000)};
}

}  // namespace

TEST_CASE("cluster/checks: the process of a holder")
{
    CHECK(process_of("host:123:ab12") == 123);
    CHECK(process_of("fe80::1:123:ab12") == 123);
    CHECK(process_of("") == 0);
    CHECK(process_of("host") == 0);
    CHECK(process_of("host:no:ab12") == 0);
}

TEST_CASE("cluster/checks: messages of the one who holds the lease are right")
{
    CHECK(wrong({}, {}) == "");
    CHECK(wrong(succession(), {message(1'000, 7), message(16'900, 7), message(20'000, 8)}) == "");
    // Within the slack; and from a process that nobody could name.
    CHECK(wrong(succession(), {message(17'050, 7), message(18'000, 0)}) == "");
    // Given back: free at once.
    CHECK(wrong({sample(1'050, 1, "h:7:x", 1'000, 13'000), sample(2'000, 1, "", 1'000, 2'000),
                 sample(2'100, 2, "h:8:y", 2'050, 14'050)},
                {message(1'900, 7), message(2'100, 8)}) == "");
    // Expired, and its holder's again.
    CHECK(
        wrong({sample(1'050, 1, "h:7:x", 1'000, 13'000), sample(20'000, 1, "h:7:x", 1'000, 31'900)},
              {message(12'000, 7), message(20'000, 7)}) == "");
}

TEST_CASE("cluster/checks: each planted fault of an owner is found")
{
    // Asleep beyond the lease.
    CHECK(has(wrong(succession(), {message(17'500, 7)}), "process 7 at 17500, which did not hold"));
    CHECK(has(wrong(succession(), {message(21'000, 7)}), "did not hold"));
    // Before its time, and one that never had it.
    CHECK(has(wrong(succession(), {message(18'000, 8)}), "did not hold"));
    CHECK(has(wrong(succession(), {message(2'000, 9)}), "did not hold"));
    CHECK(has(wrong({}, {message(2'000, 9)}), "did not hold"));
    // Late, although within the slack: the successor has sent already.
    const std::vector<lease_sample> handover{sample(1'050, 1, "h:7:x", 1'000, 13'000),
                                             sample(2'000, 1, "", 1'000, 2'000),
                                             sample(2'010, 2, "h:8:y", 2'005, 14'005)};
    CHECK(has(wrong(handover, {message(2'020, 8), message(2'030, 7)}), "did not hold"));
    CHECK(has(wrong(handover, {message(2'500, 7)}), "did not hold"));
    // While the lease was expired, before it was the holder's again.
    CHECK(has(
        wrong({sample(1'050, 1, "h:7:x", 1'000, 13'000), sample(20'000, 1, "h:7:x", 1'000, 31'900)},
              {message(15'000, 7)}),
        "did not hold"));
}

TEST_CASE("cluster/checks: a process that has ended in order may have given its lease back unseen")
{
    const std::vector<lease_sample> handover{sample(1'050, 1, "h:7:x", 1'000, 13'000),
                                             sample(2'010, 2, "h:8:y", 2'005, 14'005)};
    const auto wrong_by = [&](const std::vector<receipt>& receipts) {
        return find_ownership_violation(handover, receipts, 100, [](pid_t of) { return of == 7; });
    };
    CHECK(wrong_by({message(1'900, 7), message(2'020, 8)}) == "");
    CHECK(has(wrong_by({message(2'020, 8), message(2'030, 7)}), "did not hold"));
    CHECK(has(wrong_by({message(2'500, 7)}), "did not hold"));
}

TEST_CASE("cluster/checks: each planted fault of a lease is found")
{
    const auto first = sample(1'050, 2, "h:7:x", 1'000, 13'000);
    CHECK(wrong({first, sample(2'000, 1, "h:7:x", 1'000, 13'000)}, {}) ==
          "push/a: the epoch has gone back");
    CHECK(wrong({first, sample(2'000, 2, "h:8:y", 1'000, 13'000)}, {}) ==
          "push/a: an epoch has two holders");
    CHECK(wrong({first, sample(2'000, 2, "h:7:x", 1'900, 13'000)}, {}) ==
          "push/a: taken twice in an epoch");
    CHECK(wrong({first, sample(2'000, 3, "h:8:y", 1'900, 13'900)}, {}) ==
          "push/a: taken by h:8:y while h:7:x held it");
    CHECK(
        wrong({first, sample(1'900, 2, "", 1'000, 1'900), sample(2'000, 2, "h:7:x", 1'000, 13'000)},
              {}) == "push/a: back in an epoch that was given back");
}

TEST_CASE("cluster/checks: how long a succession takes")
{
    CHECK(find_succession(succession(), "push/a", 7, 6'000) == 14'000);
    CHECK(find_succession(succession(), "push/a", 8, 6'000) == -1);
    CHECK(find_succession(succession(), "push/b", 7, 6'000) == -1);
}

TEST_CASE("cluster/checks: a follower that misses a change is found")
{
    CHECK(find_change_violation({{1, "a"}, {2, "b"}, {5, "a"}}, {{"a", 5}, {"b", 2}}) == "");
    CHECK(find_change_violation({{1, "a"}, {5, "a"}}, {{"a", 5}, {"b", 2}}) == "b was never seen");
    CHECK(find_change_violation({{1, "a"}, {2, "b"}}, {{"a", 5}, {"b", 2}}) ==
          "a was last seen at 1, and is at 5");
    CHECK(find_change_violation({{2, "a"}, {1, "b"}}, {}) == "revision 1 after 2");
    CHECK(find_change_violation({{2, "a"}, {2, "a"}}, {}) == "revision 2 after 2");
}

TEST_CASE("cluster/checks: a partner that lacks a session or a change is found")
{
    const std::string text = R"({"id":"S","kwh":1.0})";
    CHECK(find_partner_violation({{"S", R"({"kwh":1.0,"id":"S"})"}}, {{"S", text}}) == "");
    CHECK(find_partner_violation({}, {{"S", text}}) == "S is missing");
    CHECK(has(find_partner_violation({{"S", R"({"id":"S","kwh":1})"}}, {{"S", text}}), "S is {"));
    CHECK(find_partner_violation({{"S", text}, {"T", text}}, {{"S", text}}) == "T is not stored");
}

}  // namespace checks_test
