#include "modules/exchange/pull_progress.hpp"

#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pull_progress_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;

namespace {

const std::string beginning = "1970-01-01T00:00:00Z";

/// Runs once over a list of one session.
void pull_session(pulling& p, const std::string& id, const std::string& last_updated)
{
    p.script.push_back(page_of(array_of({session_at(id, last_updated)})));
    REQUIRE(p.pull().has_value());
}

/// What a further run begins with.
std::string next_date_from(pulling& p)
{
    p.script.push_back(page_of("[]"));
    REQUIRE(p.pull().has_value());
    return p.last_date_from();
}

}  // namespace

TEST_CASE(
    "modules/exchange/pull_progress: a run begins a little before the latest change of the last "
    "run")
{
    pulling p;
    pull_session(p, "1", "2024-06-01T10:00:00Z");
    CHECK(p.last_date_from() == beginning);
    CHECK(next_date_from(p) == "2024-06-01T09:50:00Z");
    pull_session(p, "1", "2024-06-01T11:00:00.500Z");
    CHECK(next_date_from(p) == "2024-06-01T10:50:00.500Z");
}

TEST_CASE("modules/exchange/pull_progress: a change after the begin of the run is looked for again")
{
    pulling p;
    SUBCASE("by our clock")
    {
        p.time->set(instant("2024-06-01T08:00:00Z"));
    }
    SUBCASE("by the partner's clock")
    {
        p.time->set(instant("2024-06-01T20:00:00Z"));  // its envelopes say 12:00
    }
    pull_session(p, "1", "2030-01-01T00:00:00Z");
    const auto from = next_date_from(p);
    CHECK((from == "2024-06-01T07:50:00Z" || from == "2024-06-01T11:50:00Z"));
}

TEST_CASE(
    "modules/exchange/pull_progress: the partner's clock counts in the form of other libraries too")
{
    pulling p;
    p.time->set(instant("2024-06-01T20:00:00Z"));
    auto page = page_of(array_of({session_at("1", "2030-01-01T00:00:00Z")}));
    page.body.replace(page.body.find("2024-06-01T12:00:00Z"), 20, "2024-06-01 13:00:00+01:00");
    p.script.push_back(page);
    REQUIRE(p.pull().has_value());
    CHECK(next_date_from(p) == "2024-06-01T11:50:00Z");
}

TEST_CASE("modules/exchange/pull_progress: the mark never moves back")
{
    pulling p;
    pull_session(p, "1", "2024-06-01T10:00:00Z");
    pull_session(p, "2", "2024-05-01T10:00:00Z");
    CHECK(next_date_from(p) == "2024-06-01T09:50:00Z");
    p.time->set(instant("2020-01-01T00:00:00Z"));
    pull_session(p, "3", "2024-06-01T11:00:00Z");
    CHECK(next_date_from(p) == "2024-06-01T09:50:00Z");
}

TEST_CASE("modules/exchange/pull_progress: a run that found nothing, or ended early, moves nothing")
{
    pulling p;
    CHECK(next_date_from(p) == beginning);
    CHECK(next_date_from(p) == beginning);
    p.script.push_back(
        page_of(array_of({session_at("1", "2024-06-01T10:00:00Z")}), list_url + "?offset=1"));
    p.script.push_back(refused_answer(401, 2000));
    CHECK(p.pull().has_error());
    CHECK(p.stored_count() == 1);
    CHECK(next_date_from(p) == beginning);
}

TEST_CASE("modules/exchange/pull_progress: invalid sessions do not move the mark")
{
    pulling p;
    p.script.push_back(page_of(array_of(
        {session_at("1", "2024-06-01T09:00:00Z"), session_at("2", "2024-06-01T11:00:00Z", "null"),
         session_text(
             {{"country_code", R"("FR")"}, {"last_updated", R"("2024-06-01T11:30:00Z")"}})})));
    REQUIRE(p.pull().has_value());
    CHECK(next_date_from(p) == "2024-06-01T08:50:00Z");
}

TEST_CASE(
    "modules/exchange/pull_progress: a run over an explicit range asks for it and moves nothing")
{
    pulling p;
    pull_session(p, "1", "2024-06-01T09:00:00Z");
    pull_range range;
    range.date_from = instant("2024-05-01T00:00:00Z");
    p.script.push_back(page_of(array_of({session_at("2", "2024-06-01T11:00:00Z")})));
    REQUIRE(p.pull(range).has_value());
    CHECK(p.urls().back() == list_url + "?date_from=2024-05-01T00:00:00Z&limit=100");
    range.date_to = instant("2024-06-01T12:00:00Z");
    p.script.push_back(page_of("[]"));
    REQUIRE(p.pull(range).has_value());
    CHECK(p.urls().back() ==
          list_url + "?date_from=2024-05-01T00:00:00Z&date_to=2024-06-01T12:00:00Z&limit=100");
    range.date_from.reset();
    p.script.push_back(page_of("[]"));
    REQUIRE(p.pull(range).has_value());
    CHECK(p.last_date_from() == beginning);
    CHECK(next_date_from(p) == "2024-06-01T08:50:00Z");
}

TEST_CASE(
    "modules/exchange/pull_progress: a range with an end is read again when its list has shrunk")
{
    pulling p;
    pull_range range;
    range.date_to = instant("2024-06-01T12:00:00Z");
    // Session 1 is updated after the first page was read: it leaves the range, and 2 moves up to
    // the first page.
    p.script.push_back(page_of(array_of({session_at("1", ten)}), list_url + "?offset=1", "3"));
    p.script.push_back(page_of(array_of({session_at("3", ten)}), {}, "2"));
    p.script.push_back(page_of(array_of({session_at("2", ten)}), list_url + "?offset=1", "2"));
    p.script.push_back(page_of(array_of({session_at("3", ten)}), {}, "2"));
    const auto summary = p.pull(range);
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 3);
    CHECK(p.stored("2") != "");
}

TEST_CASE(
    "modules/exchange/pull_progress: a total that shrinks for ever does not keep the run for ever")
{
    pulling p;
    pull_range range;
    range.date_to = instant("2024-06-01T12:00:00Z");
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        ++asked;
        return asked % 2 == 1 ? page_of("[]", list_url + "?offset=1", "9") : page_of("[]", {}, "8");
    };
    CHECK(p.pull(range).has_value());
    CHECK(asked == 6);
}

TEST_CASE("modules/exchange/pull_progress: a list of which objects are missing moves nothing")
{
    pulling p;
    p.answer = [](const http::outbound_request&) {
        return page_of(array_of({session_at("1", ten)}), {}, "250");
    };
    CHECK(p.pull().has_error());
    CHECK(p.stored_count() == 1);
    p.answer = nullptr;
    CHECK(next_date_from(p) == beginning);
}

TEST_CASE("modules/exchange/pull_progress: a list that ends short and has moved is read again")
{
    pulling p;
    // Session 1 is deleted after the first page was read, and 2 moves up to that page.
    p.script = {page_of(array_of({session_at("1", ten)}), link_to(1), "3"),
                page_of(array_of({session_at("3", ten)}), {}, "2"), page_of("[]", {}, "2"),
                page_of(array_of({session_at("2", ten)}), link_to(1), "2"),
                page_of(array_of({session_at("3", ten)}), {}, "2")};
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 3);
    CHECK(p.script.empty());
}

TEST_CASE("modules/exchange/pull_progress: a list that repeats what it has is read three times")
{
    pulling p;
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        ++asked;
        const auto same = session_at("1", ten);
        return page_of(array_of({same, same}), {}, "2");
    };
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(asked == 3);
    CHECK(summary->applied == 1);
    CHECK(p.log->entries().empty());
    p.answer = nullptr;
    CHECK(next_date_from(p) == "2024-06-01T09:50:00Z");
}

TEST_CASE(
    "modules/exchange/pull_progress: a party that is new on either side is pulled from the "
    "beginning")
{
    pulling p;
    pull_session(p, "1", "2024-06-01T10:00:00Z");
    p.cpo = make_cpo({party("ES", "ABC"), party("FR", "XYZ")});
    p.script = {page_of(array_of({session_at("1", "2024-06-01T10:00:00Z")})), page_of("[]")};
    REQUIRE(p.pull().has_value());
    CHECK(p.last_date_from() == beginning);
    p.script = {page_of("[]"), page_of("[]")};
    REQUIRE(p.pull().has_value());
    CHECK(p.last_date_from() == "2024-06-01T09:50:00Z");
    p.cpo = make_cpo();
    CHECK(next_date_from(p) == "2024-06-01T09:50:00Z");
}

TEST_CASE(
    "modules/exchange/pull_progress: every partner has a mark of its own, whatever case its name "
    "is in")
{
    pulling p;
    pull_session(p, "1", "2024-06-01T10:00:00Z");
    p.cpo.name = "CPO";
    CHECK(next_date_from(p) == "2024-06-01T09:50:00Z");
    p.cpo.name = "another";
    CHECK(next_date_from(p) == beginning);
}

TEST_CASE("modules/exchange/pull_progress: a damaged record is none, and is repaired")
{
    pulling p;
    crud::document damaged(crud::object_key("Cpo"), "{}", date_time(), {});
    REQUIRE(run_awaitable(p.crud->create("pull_progress", crud::interface_side::receiver, damaged))
                .has_value());
    pull_session(p, "1", "2024-06-01T10:00:00Z");
    CHECK(p.last_date_from() == beginning);
    CHECK(next_date_from(p) == "2024-06-01T09:50:00Z");
}

TEST_CASE("modules/exchange/pull_progress: the greater of two marks wins, whoever comes first")
{
    auto crud = std::make_shared<scripted_crud>();
    pull_progress progress(crud);
    const progress_mark early(instant("2024-06-01T10:00:00Z"), {"A"});
    const progress_mark late(instant("2024-06-01T11:00:00Z"), {"A"});
    bool is_first = true;
    crud->before_create = [&](const crud::document&) -> std::optional<error> {
        if (!std::exchange(is_first, false)) return {};
        pull_progress elsewhere(crud);
        REQUIRE(run_awaitable(elsewhere.advance("cpo", late)).has_value());
        return {};
    };
    REQUIRE(run_awaitable(progress.advance("Cpo", early)).has_value());
    const auto found = run_awaitable(progress.find("cpo"));
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    CHECK((*found)->date_from == late.date_from);
}

}  // namespace pull_progress_test
