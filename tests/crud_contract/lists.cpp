#include "tests/crud_contract/cases.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace ocpi::crud::contract {
namespace {

using boost::asio::awaitable;

awaitable<void> an_empty_store_has_one_empty_page(Crud& crud)
{
    list_query all;
    const auto listed = expect_value(co_await crud.list("sessions", sender, all), "list");
    expect(listed.records.empty() && listed.total == 0, "an empty store lists nothing");
    expect(listed.is_last_page, "the page of an empty store is the last");
}

awaitable<void> date_bounds_hold(Crud& crud)
{
    for (const int day : {0, 10, 11, 20, 21}) {
        const auto updated = at(day - 10);
        expect_value(co_await crud.create("sessions", sender,
                                          make_document(std::to_string(day), "{}", updated)),
                     "create");
    }
    list_query from;
    from.date_from = at(0);
    co_await expect_ids(crud, from, "10 11 20 21 ", "date_from is inclusive");
    list_query to;
    to.date_to = at(10);
    co_await expect_ids(crud, to, "0 10 11 ", "date_to is exclusive");
    list_query both;
    both.date_from = at(0);
    both.date_to = at(10);
    co_await expect_ids(crud, both, "10 11 ", "date_from and date_to hold together");
    list_query nothing;
    nothing.date_from = at(10);
    nothing.date_to = at(10);
    co_await expect_ids(crud, nothing, "", "an empty span of time holds nothing");
}

awaitable<void> last_updated_follows_updates(Crud& crud)
{
    const document given = make_document("1", "{}", at(100));
    const auto first = expect_value(co_await crud.create("sessions", sender, given), "create");
    document changed = given;
    changed.last_updated = at(200);
    changed.emsp = party("NL", "MSP");
    expect_value(co_await crud.update("sessions", sender, changed, first), "update");
    list_query since;
    since.date_from = at(150);
    co_await expect_ids(crud, since, "1 ", "a list goes by the last_updated of the last update");
    list_query until;
    until.date_to = at(150);
    co_await expect_ids(crud, until, "", "a list forgets the last_updated before an update");
    list_query of;
    of.emsps = std::vector<party>{party("NL", "MSP")};
    co_await expect_ids(crud, of, "1 ", "a list goes by the eMSP of the last update");
}

awaitable<void> add_parties(Crud& crud)
{
    const document documents[] = {
        {object_key("ES", "ABC", "1"), "{}", at(1), party("NL", "MSP")},
        {object_key("es", "abc", "2"), "{}", at(2), party("nl", "msp")},
        {object_key("ES", "XYZ", "3"), "{}", at(3), party("NL", "OTH")},
        {object_key("FR", "ABC", "4"), "{}", at(4), std::nullopt},
        {object_key("FR", "XYZ", "5"), "{}", at(5), party("DE", "MSP")},
    };
    for (const document& each : documents) {
        expect_value(co_await crud.create("sessions", sender, each), "create");
    }
}

awaitable<void> owners_filter(Crud& crud)
{
    co_await add_parties(crud);
    list_query one;
    one.owners = std::vector<party>{party("Es", "aBC")};
    co_await expect_ids(crud, one, "1 2 ", "owners are compared without regard to case");
    list_query two;
    two.owners = std::vector<party>{party("FR", "ABC"), party("ES", "XYZ"), party("ES", "XYZ")};
    co_await expect_ids(
        crud, two, "3 4 ",
        "a list of owners matches pairs of country and party, and each record once");
    list_query none;
    none.owners = std::vector<party>{};
    co_await expect_ids(crud, none, "", "an empty list of owners matches nothing");
    list_query unknown;
    unknown.owners = std::vector<party>{party("XX", "XXX")};
    co_await expect_ids(crud, unknown, "", "an owner without records matches nothing");
}

awaitable<void> foreign_owners_filter(Crud& crud)
{
    co_await add_parties(crud);
    list_query foreign;
    foreign.not_owned_by = {party("Es", "aBC"), party("XX", "XXX")};
    co_await expect_ids(crud, foreign, "3 4 5 ",
                        "not_owned_by leaves out the records of those parties, in any case");
    foreign.owners = std::vector<party>{party("ES", "ABC"), party("FR", "ABC")};
    co_await expect_ids(crud, foreign, "4 ", "not_owned_by holds together with owners");
    foreign.emsps = std::vector<party>{party("DE", "MSP")};
    foreign.owners.reset();
    co_await expect_ids(crud, foreign, "5 ", "not_owned_by holds together with eMSPs");
}

awaitable<void> emsps_filter(Crud& crud)
{
    co_await add_parties(crud);
    list_query one;
    one.emsps = std::vector<party>{party("Nl", "mSP")};
    co_await expect_ids(crud, one, "1 2 ", "eMSPs are compared without regard to case");
    list_query two;
    two.emsps = std::vector<party>{party("DE", "MSP"), party("NL", "OTH"), party("de", "msp")};
    co_await expect_ids(crud, two, "3 5 ",
                        "a list of eMSPs matches pairs of country and party, and each record once");
    list_query none;
    none.emsps = std::vector<party>{};
    co_await expect_ids(crud, none, "", "an empty list of eMSPs matches nothing");
    list_query blank;
    blank.emsps = std::vector<party>{party("", "")};
    co_await expect_ids(crud, blank, "", "no eMSP is not an eMSP with an empty name");
    list_query everyone;
    co_await expect_ids(crud, everyone, "1 2 3 4 5 ", "without filters everything is listed");
}

awaitable<void> expect_changes(Crud& crud, changes_query query, std::string wanted,
                               std::string promise, bool last = true)
{
    const auto listed = expect_value(co_await crud.list_changes("sessions", sender, query), "list");
    expect(ids_of(listed) == wanted,
           promise + "; expected " + wanted + "but the list is " + ids_of(listed));
    expect(listed.is_last_page == last, promise + "; is_last_page is wrong");
}

awaitable<void> changes_are_listed(Crud& crud)
{
    std::vector<revision> revisions;
    for (const char* id : {"a", "b", "c"}) {
        revisions.push_back(expect_value(
            co_await crud.create("sessions", sender, make_document(id, "{}", at(50))), "create"));
    }
    changes_query since;
    since.after = 0;
    co_await expect_changes(crud, since, "a b c ", "every revision is greater than 0");
    since.after = revisions[0];
    co_await expect_changes(crud, since, "b c ", "`after` is exclusive");
    const auto latest = expect_value(
        co_await crud.update("sessions", sender, make_document("a", "new", at(60)), revisions[0]),
        "update");
    co_await expect_changes(crud, since, "b c a ", "changes are in the order of the last ones");
    since.after = revisions[2];
    co_await expect_changes(crud, since, "a ", "what has not changed since is left out");
    since.date_to = at(60);
    co_await expect_changes(crud, since, "", "`after` holds together with other filters");
    since.date_to = std::nullopt;
    since.owners = std::vector<party>{party("ES", "ABC")};
    co_await expect_changes(crud, since, "a ", "`after` holds together with owners");
    since.after = latest;
    co_await expect_changes(crud, since, "", "nothing has changed since the last change");
    since.after = std::numeric_limits<revision>::max();
    co_await expect_changes(crud, since, "", "nothing has changed since a revision of the future");

    document other = make_document("b", "other", at(70));
    expect_value(co_await crud.create("tariffs", sender, other), "create");
    since.after = latest;
    co_await expect_changes(crud, since, "", "the changes of one module are not those of another");
}

awaitable<void> changes_are_paged(Crud& crud)
{
    std::vector<revision> revisions;
    for (const char* id : {"a", "b", "c", "d"}) {
        revisions.push_back(expect_value(
            co_await crud.create("sessions", sender, make_document(id, "{}", at(50))), "create"));
    }
    changes_query since;
    since.after = 0;
    since.limit = 2;
    co_await expect_changes(crud, since, "a b ", "a page holds the earliest changes", false);
    expect_value(
        co_await crud.update("sessions", sender, make_document("a", "new", at(60)), revisions[0]),
        "update");
    since.after = revisions[1];
    co_await expect_changes(crud, since, "c d ", "the next page follows the last change", false);
    since.after = revisions[3];
    co_await expect_changes(crud, since, "a ", "what changes meanwhile comes once more");
    since.after = 0;
    since.limit = 4;
    co_await expect_changes(crud, since, "b c d a ", "a page that holds all is the last one");
    since.limit = std::numeric_limits<std::uint64_t>::max();
    co_await expect_changes(crud, since, "b c d a ", "a limit may be as large as it will");
}

awaitable<void> expect_as_of(Crud& crud, revision latest)
{
    list_query all;
    list_query none;
    none.owners = std::vector<party>{};
    for (const auto& asked : {all, none}) {
        const auto listed = expect_value(co_await crud.list("sessions", sender, asked), "list");
        expect(listed.as_of == latest, "a page tells the latest change, whatever is on it");
    }
    changes_query changes;
    changes_query future;
    future.after = std::numeric_limits<revision>::max();
    for (const auto& asked : {changes, future}) {
        const auto listed =
            expect_value(co_await crud.list_changes("sessions", sender, asked), "list");
        expect(listed.as_of == latest, "a page of changes tells the latest one");
    }
    const auto known = expect_value(co_await crud.find_latest_revision(), "find_latest_revision");
    expect(known == latest, "the store tells the latest change of any module");
}

awaitable<void> pages_tell_the_latest_change(Crud& crud)
{
    const auto first =
        expect_value(co_await crud.create("sessions", sender, make_document("a")), "create");
    co_await expect_as_of(crud, first);
    const auto other =
        expect_value(co_await crud.create("tariffs", sender, make_document("b")), "create");
    co_await expect_as_of(crud, other);
    const auto next =
        expect_value(co_await crud.update("sessions", sender, make_document("a"), first), "update");
    expect(next > other, "what comes later has a greater revision");
    co_await expect_as_of(crud, next);
    expect_value(co_await crud.remove("tariffs", sender, make_document("b").key), "remove");
    const auto last = expect_value(co_await crud.find_latest_revision(), "find_latest_revision");
    expect(last > next, "a removal is a change of the store, too");
    co_await expect_as_of(crud, last);
}

awaitable<void> changes_are_listed_without_json(Crud& crud)
{
    document written = make_document("a", R"({"id":"a"})");
    written.emsp = party("NL", "MSP");
    written.contract.emplace("C1");
    written.secondary_key = "second";
    written.sort_key = "sort";
    const auto first = expect_value(co_await crud.create("sessions", sender, written), "create");
    const auto other =
        expect_value(co_await crud.create("sessions", sender, make_document("b")), "create");
    changes_query query;
    query.needs_json = false;
    query.max_bytes = 1;
    query.limit = 2;
    auto heads = expect_value(co_await crud.list_changes("sessions", sender, query), "list");
    if (heads.records.size() == 1) {
        // A store that has read the JSON all the same counts its bytes.
        query.after = heads.records.front().revision;
        auto rest = expect_value(co_await crud.list_changes("sessions", sender, query), "list");
        heads.records.insert(heads.records.end(), rest.records.begin(), rest.records.end());
    }
    expect(ids_of(heads) == "a b ", "records without their JSON are listed as others are");
    const auto& head = heads.records.front();
    expect(head.revision == first && heads.records.back().revision == other,
           "a record without its JSON has its revision");
    expect(head.document.json.empty() || head.document.json == written.json,
           "a record has its JSON or none");
    expect(head.document.emsp == written.emsp && head.document.contract == written.contract &&
               head.document.secondary_key == written.secondary_key &&
               head.document.sort_key == written.sort_key &&
               head.document.last_updated == written.last_updated,
           "a record without its JSON has all else");
}

awaitable<void> filters_hold_together(Crud& crud)
{
    co_await add_parties(crud);
    list_query query;
    query.date_from = at(2);
    query.date_to = at(5);
    query.owners = std::vector<party>{party("ES", "ABC"), party("ES", "XYZ"), party("FR", "XYZ")};
    query.emsps = std::vector<party>{party("NL", "MSP"), party("DE", "MSP")};
    co_await expect_ids(crud, query, "2 ", "a record must pass every filter");
    query.emsps = std::vector<party>{};
    co_await expect_ids(crud, query, "", "an empty filter matches nothing, whatever the others");
}

awaitable<void> the_order_is_that_of_creation(Crud& crud)
{
    std::vector<revision> revisions;
    for (const char* id : {"c", "a", "d", "b"}) {
        revisions.push_back(expect_value(
            co_await crud.create("sessions", sender, make_document(id, "{}", at(50))), "create"));
    }
    list_query all;
    co_await expect_ids(crud, all, "c a d b ", "records are listed in the order of creation");

    expect_value(
        co_await crud.update("sessions", sender, make_document("a", "new", at(9000)), revisions[1]),
        "update");
    expect_value(
        co_await crud.update("sessions", sender, make_document("C", "new", at(1)), revisions[0]),
        "update");
    co_await expect_ids(crud, all, "C a d b ", "no update changes the order");
    list_query dated;
    dated.date_from = at(0);
    dated.date_to = at(10'000);
    co_await expect_ids(crud, dated, "C a d b ", "filters do not change the order");

    expect_value(co_await crud.remove("sessions", sender, object_key("ES", "ABC", "b")), "remove");
    expect_value(co_await crud.remove("sessions", sender, object_key("ES", "ABC", "c")), "remove");
    expect_value(co_await crud.create("sessions", sender, make_document("c")), "create");
    co_await expect_ids(crud, all, "a d c ", "a record that comes again is a new one");
}

awaitable<void> expect_page(Crud& crud, std::uint64_t offset, std::uint64_t limit,
                            std::string wanted, bool last)
{
    list_query query;
    query.date_from = at(0);
    query.offset = offset;
    query.limit = limit;
    const auto listed = expect_value(co_await crud.list("sessions", sender, query), "list");
    const auto where = " at offset " + std::to_string(offset) + ", limit " + std::to_string(limit);
    expect(ids_of(listed) == wanted,
           "a page holds the records of its place" + where + "; it holds " + ids_of(listed));
    expect(listed.total == 6, "the total is exact" + where);
    expect(listed.is_last_page == last, "is_last_page is exact" + where);
}

awaitable<void> pages_are_exact(Crud& crud)
{
    for (int i = 0; i < 8; ++i) {
        // Two of them are outside the filter.
        const auto updated = at(i == 2 || i == 7 ? -1 : i);
        expect_value(co_await crud.create("sessions", sender,
                                          make_document(std::to_string(i), "{}", updated)),
                     "create");
    }
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    co_await expect_page(crud, 0, 50, "0 1 3 4 5 6 ", true);
    co_await expect_page(crud, 0, 3, "0 1 3 ", false);
    co_await expect_page(crud, 3, 3, "4 5 6 ", true);
    co_await expect_page(crud, 0, 6, "0 1 3 4 5 6 ", true);
    co_await expect_page(crud, 0, 5, "0 1 3 4 5 ", false);
    co_await expect_page(crud, 2, 1, "3 ", false);
    co_await expect_page(crud, 5, 1, "6 ", true);
    co_await expect_page(crud, 5, 3, "6 ", true);
    co_await expect_page(crud, 6, 3, "", true);
    co_await expect_page(crud, 1000, 3, "", true);
    co_await expect_page(crud, most, 3, "", true);
    co_await expect_page(crud, 1, most, "1 3 4 5 6 ", true);
}

}  // namespace

std::vector<contract_case> list_cases()
{
    return {
        {"an empty store has one empty page", an_empty_store_has_one_empty_page},
        {"date_from is inclusive and date_to exclusive", date_bounds_hold},
        {"filters go by what the last update brought", last_updated_follows_updates},
        {"owners filter a list", owners_filter},
        {"parties can be left out of a list", foreign_owners_filter},
        {"eMSPs filter a list", emsps_filter},
        {"what has changed is listed in the order of change", changes_are_listed},
        {"what has changed is paged by revisions", changes_are_paged},
        {"pages tell the latest change of the store", pages_tell_the_latest_change},
        {"changes are listed without their JSON", changes_are_listed_without_json},
        {"filters hold together", filters_hold_together},
        {"a list is in the order of creation", the_order_is_that_of_creation},
        {"totals and pages are exact", pages_are_exact},
    };
}

}  // namespace ocpi::crud::contract
