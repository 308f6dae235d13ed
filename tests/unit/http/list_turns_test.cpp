#include "http/list_turns.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace list_turns_test {

using namespace ocpi;
namespace asio = boost::asio;

namespace {

auth::principal caller_of(std::string token_hash, std::string name = {})
{
    auth::principal caller;
    caller.token_hash = std::move(token_hash);
    caller.name = std::move(name);
    return caller;
}

/// Requests for lists, each known by a letter.
struct requests {
    asio::io_context context;
    std::shared_ptr<http::list_turns> turns;
    std::map<char, http::list_turns::turn> under_way;
    std::string begun;
    std::string refused;

    explicit requests(http::list_limits limits) : turns(std::make_shared<http::list_turns>(limits))
    {
    }

    void ask(char letter, const auth::principal& caller)
    {
        asio::co_spawn(context, take(letter, caller), asio::detached);
        go_on();
    }
    void write(char letter)
    {
        under_way[letter].until_written.reset();
        go_on();
    }
    void end(char letter)
    {
        under_way.erase(letter);
        go_on();
    }

private:
    void go_on()
    {
        context.restart();
        context.poll();
    }
    asio::awaitable<void> take(char letter, auth::principal caller)
    {
        auto turn = co_await turns->take(caller);
        if (turn.has_error()) {
            CHECK(turn.error().code() == errc::overloaded);
            refused += letter;
            co_return;
        }
        begun += letter;
        under_way[letter] = std::move(*turn);
    }
};

http::list_limits at_most(std::size_t at_a_time, std::size_t waiting)
{
    http::list_limits limits;
    limits.at_a_time = at_a_time;
    limits.waiting = waiting;
    return limits;
}

}  // namespace

TEST_CASE("http/list_turns: a caller has a few lists at a time, in the order in which it asked")
{
    requests lists(at_most(2, 9));
    const auto caller = caller_of("one");
    for (const char letter : {'a', 'b', 'c', 'd', 'e'}) lists.ask(letter, caller);
    CHECK(lists.begun == "ab");
    lists.end('b');
    CHECK(lists.begun == "abc");
    lists.end('a');
    lists.end('c');
    CHECK(lists.begun == "abcde");
    lists.end('d');
    lists.end('e');
    lists.ask('f', caller);
    CHECK(lists.begun == "abcdef");
    CHECK(lists.refused.empty());
}

TEST_CASE("http/list_turns: no caller waits for another")
{
    requests lists(at_most(1, 9));
    lists.ask('a', caller_of("one"));
    lists.ask('b', caller_of("one"));
    lists.ask('c', caller_of("other"));
    CHECK(lists.begun == "ac");
    lists.end('c');
    CHECK(lists.begun == "ac");
    lists.end('a');
    CHECK(lists.begun == "acb");
}

TEST_CASE("http/list_turns: a caller is its token, and its kind and name where that is not told")
{
    requests lists(at_most(1, 9));
    lists.ask('a', caller_of("one", "n"));
    lists.ask('b', caller_of("one", "m"));
    lists.ask('c', caller_of("", "n"));
    lists.ask('d', caller_of("", "n"));
    auto driver = caller_of("", "n");
    driver.kind = auth::caller_kind::driver;
    lists.ask('e', driver);
    CHECK(lists.begun == "ace");
}

TEST_CASE("http/list_turns: beyond those that wait there is a refusal, and room again afterwards")
{
    requests lists(at_most(1, 1));
    const auto caller = caller_of("one");
    for (const char letter : {'a', 'b', 'c', 'd'}) lists.ask(letter, caller);
    CHECK(lists.begun == "a");
    CHECK(lists.refused == "cd");
    lists.end('a');
    CHECK(lists.begun == "ab");
    lists.ask('e', caller);
    lists.end('b');
    CHECK(lists.begun == "abe");
    CHECK(lists.refused == "cd");
}

TEST_CASE("http/list_turns: so many lists of all callers are being made; further ones wait")
{
    auto limits = at_most(2, 9);
    limits.being_made = 3;
    requests lists(limits);
    for (const char letter : {'a', 'b', 'c'}) lists.ask(letter, caller_of("one"));
    for (const char letter : {'d', 'e', 'f'}) lists.ask(letter, caller_of("other"));
    CHECK(lists.begun == "abd");
    lists.write('b');  // its answer is in memory, and its caller has no place for another
    CHECK(lists.begun == "abde");
    lists.ask('g', caller_of("third"));
    CHECK(lists.begun == "abde");
    lists.write('d');
    CHECK(lists.begun == "abdeg");
    lists.end('b');
    CHECK(lists.begun == "abdeg");
    lists.end('a');
    CHECK(lists.begun == "abdegc");
    CHECK(lists.refused.empty());
}

TEST_CASE("http/list_turns: answers that nobody reads hold up no list of another caller")
{
    auto limits = at_most(9, 9);
    limits.being_made = 1;
    requests lists(limits);
    for (const char letter : {'a', 'b', 'c', 'd'}) {
        lists.ask(letter, caller_of("slow"));
        lists.write(letter);
    }
    lists.ask('e', caller_of("other"));
    CHECK(lists.begun == "abcde");
}

TEST_CASE("http/list_turns: a turn may outlive the object that gave it")
{
    requests lists(at_most(1, 1));
    lists.ask('a', caller_of("one"));
    const std::weak_ptr<http::list_turns> known = lists.turns;
    lists.turns.reset();
    CHECK_FALSE(known.expired());
    lists.end('a');
    CHECK(known.expired());
}

}  // namespace list_turns_test
