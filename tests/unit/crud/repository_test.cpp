#include "crud/repository.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>

namespace repository_test {

using namespace ocpi;
using test::run_awaitable;

namespace {

constexpr auto side = crud::interface_side::sender;

crud::document write_text(crud::object_key key, const std::string& text)
{
    return crud::document(std::move(key), text, date_time(), {});
}

result<std::string> read_text(const crud::record& from)
{
    if (from.document.json == "damaged") return error(errc::storage, "it cannot be read");
    return from.document.json;
}

struct texts {
    using repository = crud::repository<std::string>;

    std::shared_ptr<test::scripted_crud> store = std::make_shared<test::scripted_crud>();
    repository of{store, "texts", side, crud::codec<std::string>{write_text, read_text}};
    crud::object_key key{"1"};

    /// What another process writes.
    void write_behind(const std::string& text)
    {
        auto present = run_awaitable(store->behind().get("texts", side, key));
        std::optional<crud::revision> base;
        if (present.has_value()) base = present->revision;
        REQUIRE(
            run_awaitable(crud::save(store->behind(), "texts", side, write_text(key, text), base))
                .has_value());
    }

    result<repository::found> append(const std::string& more)
    {
        repository::change change =
            [more](const repository::found& current) -> result<std::optional<std::string>> {
            return std::optional<std::string>(current ? current->value + more : more);
        };
        return run_awaitable(of.update_with(key, std::move(change)));
    }
};

}  // namespace

TEST_CASE("crud/repository: a value is found as it was saved, with its revision")
{
    texts all;
    CHECK_FALSE(run_awaitable(all.of.find(all.key)).value());
    const auto saved = run_awaitable(all.of.save(all.key, "a", std::nullopt));
    REQUIRE(saved.has_value());
    const auto found = run_awaitable(all.of.find(all.key)).value();
    REQUIRE(found);
    CHECK(found->value == "a");
    CHECK(found->revision == *saved);
    CHECK(run_awaitable(all.of.remove(all.key)).has_value());
    CHECK(run_awaitable(all.of.remove(all.key)).error().code() == errc::not_found);
}

TEST_CASE("crud/repository: a record that is damaged is an error")
{
    texts all;
    all.write_behind("damaged");
    CHECK(run_awaitable(all.of.find(all.key)).error().code() == errc::storage);
    CHECK(all.append("a").error().code() == errc::storage);
}

TEST_CASE("crud/repository: a save fails with a write conflict when another was quicker")
{
    texts all;
    const auto first = run_awaitable(all.of.save(all.key, "a", std::nullopt)).value();
    CHECK(crud::is_write_conflict(run_awaitable(all.of.save(all.key, "b", std::nullopt)).error()));
    all.write_behind("c");
    CHECK(crud::is_write_conflict(run_awaitable(all.of.save(all.key, "b", first)).error()));
    REQUIRE(run_awaitable(all.of.remove(all.key)).has_value());
    CHECK(crud::is_write_conflict(run_awaitable(all.of.save(all.key, "b", first)).error()));
}

TEST_CASE("crud/repository: an update creates, and is made again upon what another has written")
{
    texts all;
    CHECK(all.append("a")->value().value == "a");
    int others = 2;
    all.store->before_update = [&](const crud::document&) -> std::optional<error> {
        if (others-- > 0) all.write_behind(others == 1 ? "b" : "c");
        return {};
    };
    const auto updated = all.append("d");
    REQUIRE(updated.has_value());
    CHECK((*updated)->value == "cd");
    CHECK(run_awaitable(all.of.find(all.key)).value()->value == "cd");
    CHECK(run_awaitable(all.of.find(all.key)).value()->revision == (*updated)->revision);
}

TEST_CASE("crud/repository: an update may leave a value as it is, or fail")
{
    texts all;
    all.write_behind("a");
    texts::repository::change leave = [](const auto&) -> result<std::optional<std::string>> {
        return std::optional<std::string>();
    };
    CHECK(run_awaitable(all.of.update_with(all.key, leave)).value()->value == "a");
    texts::repository::change refuse = [](const auto&) -> result<std::optional<std::string>> {
        return error(errc::already_exists, "no");
    };
    CHECK(run_awaitable(all.of.update_with(all.key, refuse)).error().text() == "no");
    CHECK(all.store->updates == 0);
}

TEST_CASE(
    "crud/repository: an update gives up after 20 write conflicts, and at once when the "
    "store fails")
{
    texts all;
    all.write_behind("a");
    auto failure = error(errc::conflict, "another was quicker");
    all.store->before_update = [&](const crud::document&) { return std::optional(failure); };
    CHECK(all.append("b").error().code() == errc::overloaded);
    CHECK(all.store->updates == 20);
    failure = error(errc::storage, "the disk is full");
    CHECK(all.append("b").error().code() == errc::storage);
    CHECK(all.store->updates == 21);
}

TEST_CASE("crud/repository: an attempt is retried on write conflicts only")
{
    int attempts = 0;
    errc code = errc::conflict;
    const auto once = [&]() -> boost::asio::awaitable<result<int>> {
        if (++attempts == 20) co_return 7;
        co_return error(code, "no");
    };
    CHECK(run_awaitable(crud::retry_on_conflict(once)).value() == 7);
    CHECK(run_awaitable(crud::retry_on_conflict(once)).error().code() == errc::conflict);
    CHECK(attempts == 40);
    code = errc::not_found;
    CHECK(run_awaitable(crud::retry_on_conflict(once)).error().code() == errc::not_found);
    CHECK(attempts == 41);
}

TEST_CASE("crud/repository: all records are listed, however many")
{
    texts all;
    for (int i = 0; i < 1001; ++i) {
        const crud::object_key key(std::to_string(i));
        REQUIRE(run_awaitable(all.of.save(key, "a", std::nullopt)).has_value());
    }
    const auto listed = run_awaitable(crud::list_all(*all.store, "texts", side));
    REQUIRE(listed.has_value());
    CHECK(listed->size() == 1001);
    CHECK(listed->back().document.key.id.str() == "1000");
}

}  // namespace repository_test
