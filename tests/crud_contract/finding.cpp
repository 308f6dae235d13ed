// Secondary keys, lists by contract, and sorted ones.

#include "tests/crud_contract/cases.hpp"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>

namespace ocpi::crud::contract {
namespace {

using boost::asio::awaitable;

document with_secondary_key(std::string id, std::string key)
{
    auto made = make_document(std::move(id));
    made.secondary_key = std::move(key);
    return made;
}

document with_contract(std::string id, std::optional<ci_string> contract, std::string sort_key = {})
{
    auto made = make_document(std::move(id));
    made.contract = std::move(contract);
    made.sort_key = std::move(sort_key);
    return made;
}

std::vector<ci_string> contracts_of(std::initializer_list<const char*> names)
{
    std::vector<ci_string> contracts;
    for (const char* name : names) contracts.emplace_back(name);
    return contracts;
}

awaitable<void> index_values_come_back(Crud& crud)
{
    document given = make_document("1");
    given.secondary_key = "Alias/\xc3\xa9'\"%_";
    given.contract = ci_string("De-cTr-1");
    given.sort_key = "2026-01-01/\xc3\xa9";
    auto stored = expect_value(co_await crud.create("sessions", sender, given), "create");
    const auto expect_back = [&given](const document& read) {
        expect(read.secondary_key == given.secondary_key,
               "the secondary key comes back byte for byte");
        expect(read.sort_key == given.sort_key, "the sort key comes back byte for byte");
        expect(read.contract.has_value() == given.contract.has_value() &&
                   (!read.contract || read.contract->str() == given.contract->str()),
               "a contract comes back in the case it was given in");
    };
    expect_back(expect_value(co_await crud.get("sessions", sender, given.key), "get").document);
    list_query all;
    const auto listed = expect_value(co_await crud.list("sessions", sender, all), "list");
    expect_back(listed.records.at(0).document);

    given.contract = ci_string("dE-CtR-1");
    stored = expect_value(co_await crud.update("sessions", sender, given, stored), "update");
    expect_back(expect_value(co_await crud.get("sessions", sender, given.key), "get").document);
    given.json = "changed";
    stored = expect_value(co_await crud.update("sessions", sender, given, stored), "update");
    const auto same = expect_value(co_await crud.get("sessions", sender, given.key), "get");
    expect_back(same.document);
    expect(same.document.json == "changed", "an update that leaves them replaces the rest");

    document stale = given;
    stale.secondary_key = "another";
    expect_error(co_await crud.update("sessions", sender, stale, stored - 1), errc::conflict,
                 "updating a record that has moved on");
    expect_back(expect_value(co_await crud.get("sessions", sender, given.key), "get").document);
    given.secondary_key.clear();
    given.contract = std::nullopt;
    given.sort_key.clear();
    expect_value(co_await crud.update("sessions", sender, given, stored), "update");
    expect_back(expect_value(co_await crud.get("sessions", sender, given.key), "get").document);
}

/// The record of that id, or none when it is empty.
awaitable<void> expect_found(Crud& crud, std::string key, std::string id, std::string promise,
                             record_filter filter = record_filter())
{
    const auto found = co_await crud.find_by_secondary_key("sessions", sender, key, filter);
    if (id.empty()) {
        expect_error(found, errc::not_found, promise + ": finding " + key);
    } else {
        expect(expect_value(found, promise).document.key.id.str() == id, promise);
    }
}

awaitable<void> a_secondary_key_finds_its_record(Crud& crud)
{
    std::vector<document> documents{with_secondary_key("1", "first"),
                                    with_secondary_key("2", "second"), with_secondary_key("3", "")};
    co_await create_all(crud, std::move(documents));
    const document other = with_secondary_key("other", "third");
    expect_value(co_await crud.create("tariffs", sender, other), "create");
    co_await expect_found(crud, "second", "2", "a secondary key finds its record");
    co_await expect_found(crud, "Second", "", "a secondary key in another case is another one");
    co_await expect_found(crud, "secon", "", "the beginning of a secondary key is another one");
    co_await expect_found(crud, "", "", "an empty secondary key is that of no record");
    co_await expect_found(crud, "third", "", "a secondary key counts within its module");

    record_filter filter;
    filter.owners = std::vector<party>{party("FR", "ABC")};
    co_await expect_found(crud, "first", "", "a record that the filter excludes is not found",
                          filter);
    filter.owners = std::vector<party>{party("es", "abc")};
    co_await expect_found(crud, "first", "1", "a record that passes the filter is found", filter);
    filter.contracts = std::vector<ci_string>{};
    co_await expect_found(crud, "first", "", "a record must pass every filter", filter);
}

awaitable<void> a_secondary_key_follows_its_record(Crud& crud)
{
    const auto first = expect_value(
        co_await crud.create("sessions", sender, with_secondary_key("1", "before")), "create");
    expect_value(co_await crud.update("sessions", sender, with_secondary_key("1", "after"), first),
                 "update");
    co_await expect_found(crud, "before", "", "a secondary key that was replaced finds no record");
    co_await expect_found(crud, "after", "1", "a secondary key that an update has set finds it");
    expect_value(co_await crud.remove("sessions", sender, object_key("ES", "ABC", "1")), "remove");
    co_await expect_found(crud, "after", "", "the secondary key of a removed record finds none");
}

awaitable<void> contracts_filter(Crud& crud)
{
    std::vector<document> documents{
        with_contract("1", ci_string("C-a")), with_contract("2", ci_string("c-A")),
        with_contract("3", ci_string("C-B")), with_contract("4", std::nullopt),
        with_contract("5", ci_string("C-D"))};
    co_await create_all(crud, std::move(documents));
    list_query query;
    query.contracts = contracts_of({"c-a"});
    co_await expect_ids(crud, query, "1 2 ", "contracts are compared without regard to case");
    query.contracts = contracts_of({"C-D", "C-A", "C-X", "c-d"});
    co_await expect_ids(crud, query, "1 2 5 ",
                        "a list of contracts matches each record once, in the order of creation");
    query.contracts = contracts_of({"C-X"});
    co_await expect_ids(crud, query, "", "a contract without records matches nothing");
    query.contracts = contracts_of({""});
    co_await expect_ids(crud, query, "", "no contract is not a contract with an empty name");
    query.contracts = std::vector<ci_string>{};
    co_await expect_ids(crud, query, "", "an empty list of contracts matches nothing");

    query.contracts = contracts_of({"C-A", "C-B"});
    query.limit = 2;
    query.offset = 1;
    const auto listed = expect_value(co_await crud.list("sessions", sender, query), "list");
    expect(ids_of(listed) == "2 3 " && listed.total == 3 && listed.is_last_page,
           "totals and pages are those of the contracts");
    changes_query since;
    since.contracts = contracts_of({"C-A", "C-B"});
    since.after = listed.records[0].revision;
    const auto changes =
        expect_value(co_await crud.list_changes("sessions", sender, since), "list");
    expect(ids_of(changes) == "3 ", "contracts hold together with other filters");
}

awaitable<void> contracts_follow_updates(Crud& crud)
{
    const auto first = expect_value(
        co_await crud.create("sessions", sender, with_contract("1", ci_string("C-A"))), "create");
    const auto second = expect_value(
        co_await crud.update("sessions", sender, with_contract("1", ci_string("C-B")), first),
        "update");
    list_query before;
    before.contracts = contracts_of({"C-A"});
    co_await expect_ids(crud, before, "", "a list goes by the contract of the last update");
    list_query after;
    after.contracts = contracts_of({"C-B"});
    co_await expect_ids(crud, after, "1 ", "a list goes by the contract of the last update");
    expect_value(co_await crud.update("sessions", sender, with_contract("1", std::nullopt), second),
                 "update");
    co_await expect_ids(crud, after, "", "an update may take the contract away");
}

/// Six of sort key a to f, not in that order, between some without.
awaitable<void> add_sorted(Crud& crud)
{
    const auto one = ci_string("C-1");
    const auto two = ci_string("C-2");
    std::vector<document> documents{with_contract("none", one),   with_contract("d", one, "d"),
                                    with_contract("b", two, "b"), with_contract("f", two, "f"),
                                    with_contract("a", one, "a"), with_contract("bare", two),
                                    with_contract("e", one, "e"), with_contract("c", two, "c")};
    documents[1].emsp = party("NL", "MSP");
    documents[2].emsp = party("nl", "msp");
    documents[3].key.country_code = ci_string("FR");
    documents[6].emsp = party("DE", "MSP");
    co_await create_all(crud, std::move(documents));
}

awaitable<void> expect_sorted(Crud& crud, sorted_query query, std::string wanted, bool last)
{
    const auto& [below, above] = query.range;
    const auto where = " below " + below.value_or("everything") + ", above " +
                       above.value_or("nothing") + ", limit " + std::to_string(query.limit);
    const auto listed = expect_value(co_await crud.list_sorted("sessions", sender, query), "list");
    expect(ids_of(listed) == wanted, "a sorted page holds the records of its place" + where +
                                         "; expected " + wanted + "but it holds " + ids_of(listed));
    expect(listed.is_last_page == last, "is_last_page of a sorted page is exact" + where);
}

sorted_query sorted(std::optional<std::string> below, std::optional<std::string> above,
                    std::uint64_t limit = 50)
{
    sorted_query query;
    query.range = sort_range{std::move(below), std::move(above)};
    query.limit = limit;
    return query;
}

awaitable<void> a_sorted_list_is_in_order(Crud& crud)
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const std::optional<std::string> open;
    co_await expect_sorted(crud, sorted(open, open), "", true);
    co_await add_sorted(crud);
    co_await expect_sorted(crud, sorted(open, open), "f e d c b a ", true);
    co_await expect_sorted(crud, sorted(open, open, 6), "f e d c b a ", true);
    co_await expect_sorted(crud, sorted(open, open, most), "f e d c b a ", true);
    co_await expect_sorted(crud, sorted(open, open, 2), "f e ", false);
    co_await expect_sorted(crud, sorted("e", open, 2), "d c ", false);
    co_await expect_sorted(crud, sorted("c", open, 2), "b a ", true);
    co_await expect_sorted(crud, sorted("a", open, 2), "", true);
    co_await expect_sorted(crud, sorted("cc", open, 2), "c b ", false);
    co_await expect_sorted(crud, sorted("F", open, 2), "", true);
    co_await expect_sorted(crud, sorted("\xc3\xa9", open, 1), "f ", false);
}

awaitable<void> a_sorted_list_is_paged_backwards(Crud& crud)
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const std::optional<std::string> open;
    co_await add_sorted(crud);
    co_await expect_sorted(crud, sorted(open, "a", 2), "c b ", false);
    co_await expect_sorted(crud, sorted(open, "c", 2), "e d ", false);
    co_await expect_sorted(crud, sorted(open, "d", 2), "f e ", true);
    co_await expect_sorted(crud, sorted(open, "e", 2), "f ", true);
    co_await expect_sorted(crud, sorted(open, "f", 2), "", true);
    co_await expect_sorted(crud, sorted(open, "", most), "f e d c b a ", true);
    co_await expect_sorted(crud, sorted("e", "a", 2), "d c ", false);
    co_await expect_sorted(crud, sorted("e", "a", 3), "d c b ", true);
    co_await expect_sorted(crud, sorted("b", "a", 3), "", true);
    co_await expect_sorted(crud, sorted("a", "e", 3), "", true);
}

awaitable<void> a_sorted_list_follows_writes(Crud& crud)
{
    const std::optional<std::string> open;
    co_await add_sorted(crud);
    document moved = with_contract("c", ci_string("C-2"), "g");
    auto read = expect_value(co_await crud.get("sessions", sender, moved.key), "get");
    expect_value(co_await crud.update("sessions", sender, moved, read.revision), "update");
    co_await expect_sorted(crud, sorted(open, open), "c f e d b a ", true);
    const document placed = with_contract("none", ci_string("C-1"), "aa");
    read = expect_value(co_await crud.get("sessions", sender, placed.key), "get");
    expect_value(co_await crud.update("sessions", sender, placed, read.revision), "update");
    co_await expect_sorted(crud, sorted("d", open), "b none a ", true);
    const document dropped = with_contract("b", ci_string("C-2"));
    read = expect_value(co_await crud.get("sessions", sender, dropped.key), "get");
    expect_value(co_await crud.update("sessions", sender, dropped, read.revision), "update");
    co_await expect_sorted(crud, sorted("d", open), "none a ", true);
    expect_value(co_await crud.remove("sessions", sender, object_key("ES", "ABC", "e")), "remove");
    co_await expect_sorted(crud, sorted(open, "aa"), "c f d ", true);
    const document elsewhere = with_contract("x", ci_string("C-1"), "bb");
    expect_value(co_await crud.create("tariffs", sender, elsewhere), "create");
    co_await expect_sorted(crud, sorted(open, open), "c f d none a ", true);
}

awaitable<void> a_sorted_list_is_filtered(Crud& crud)
{
    const std::optional<std::string> open;
    co_await add_sorted(crud);
    auto query = sorted(open, open, 2);
    query.contracts = contracts_of({"c-1"});
    co_await expect_sorted(crud, query, "e d ", false);
    query.range.below = "d";
    co_await expect_sorted(crud, query, "a ", true);
    query = sorted(open, "a", 2);
    query.contracts = contracts_of({"C-2", "C-3", "C-1"});
    co_await expect_sorted(crud, query, "c b ", false);
    query.contracts = std::vector<ci_string>{};
    co_await expect_sorted(crud, query, "", true);

    query = sorted(open, open, 2);
    query.emsps = std::vector<party>{party("Nl", "mSp")};
    co_await expect_sorted(crud, query, "d b ", true);
    query.limit = 1;
    co_await expect_sorted(crud, query, "d ", false);
    query.contracts = contracts_of({"C-2"});
    co_await expect_sorted(crud, query, "b ", true);
    query.emsps = std::vector<party>{};
    co_await expect_sorted(crud, query, "", true);

    query = sorted(open, open, 3);
    query.owners = std::vector<party>{party("es", "abc")};
    co_await expect_sorted(crud, query, "e d c ", false);
    query.owners = std::vector<party>{party("FR", "ABC"), party("XX", "ABC")};
    co_await expect_sorted(crud, query, "f ", true);
    query = sorted(open, open, 3);
    query.date_to = at(1'600'000'000'000);
    co_await expect_sorted(crud, query, "", true);
}

}  // namespace

std::vector<contract_case> finding_cases()
{
    return {
        {"secondary key, contract and sort key come back, and are replaced",
         index_values_come_back},
        {"a secondary key finds its record", a_secondary_key_finds_its_record},
        {"a secondary key follows its record", a_secondary_key_follows_its_record},
        {"contracts filter a list", contracts_filter},
        {"contracts follow updates", contracts_follow_updates},
        {"a sorted list is in the order of its keys", a_sorted_list_is_in_order},
        {"a sorted list is paged backwards", a_sorted_list_is_paged_backwards},
        {"a sorted list follows writes", a_sorted_list_follows_writes},
        {"a sorted list is filtered", a_sorted_list_is_filtered},
    };
}

}  // namespace ocpi::crud::contract
