#include "modules/exchange/page_intake.hpp"

#include "crud/memory/memory_crud.hpp"
#include "ocpi/base/completion.hpp"
#include "tests/support/forwarding_crud.hpp"
#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace page_intake_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;

TEST_CASE("modules/exchange/page_intake: what is no JSON is named with its reason and its id")
{
    pulling p;
    p.script.push_back(
        page_of(array_of({session_at("good", ten), R"({"id":"twice","kwh":1,"kwh":2})", "tru"})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 1);
    CHECK(summary->invalid == 2);
    const auto log = p.log->text();
    CAPTURE(log);
    CHECK(log.find("/data/1 (session twice) is not stored: not acceptable JSON: ") !=
          std::string::npos);
    CHECK(log.find("/data/2 is not stored: not acceptable JSON: Invalid value. At byte 3.") !=
          std::string::npos);
}

TEST_CASE(
    "modules/exchange/page_intake: broken objects are counted and named in the log, the good ones "
    "applied")
{
    pulling p;
    p.script.push_back(
        page_of(array_of({"7", "null", "[]", "{}", session_at("good", ten),
                          session_text({{"id", R"("bad")"}, {"kwh", R"("many")"}}),
                          session_text({{"id", R"("with no status")"}, {"status", ""}}),
                          session_at(std::string(37, 'x'), ten), session_at("good 2", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(summary->invalid == 7);
    CHECK(p.stored_count() == 2);
    const auto log = p.log->text();
    CAPTURE(log);
    CHECK(p.log->entries().size() == 7);
    CHECK(log.find("pull from Cpo: /data/0 is not stored: ") != std::string::npos);
    CHECK(log.find("pull from Cpo: /data/5 (session bad) is not stored: /kwh must be") !=
          std::string::npos);
    CHECK(log.find("/data/6 (session with no status) is not stored: /status") != std::string::npos);
}

TEST_CASE("modules/exchange/page_intake: of a flood of broken objects the log holds the first ones")
{
    pulling p;
    p.options.max_warnings = 5;
    p.script.push_back(page_of(array_of(std::vector<std::string>(50, "{}"))));
    CHECK(p.pull()->invalid == 50);
    CHECK(p.log->entries().size() == 5);
    CHECK(p.log->entries().back().text.ends_with("further ones of this run are only counted"));
}

TEST_CASE("modules/exchange/page_intake: a session of someone else is not taken over")
{
    pulling p;
    p.cpo.roles.emplace_back(party_role::emsp, party("FR", "XYZ"));
    p.script.push_back(
        page_of(array_of({session_text({{"country_code", R"("FR")"}, {"party_id", R"("XYZ")"}}),
                          session_text({{"country_code", R"("es")"}, {"party_id", R"("abc")"}})})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 1);
    CHECK(summary->invalid == 1);
    CHECK(p.stored_count() == 1);
    CHECK(p.log->text().find("/data/0 (session S1) is not stored: FR*XYZ is no CPO") !=
          std::string::npos);
}

TEST_CASE(
    "modules/exchange/page_intake: a status never goes back, and what is older than the stored is "
    "no news")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", eleven), session_at("2", ten)})));
    REQUIRE(p.pull().has_value());
    p.script.push_back(page_of(array_of(
        {session_at("1", ten, "9.0"), session_text({{"id", R"("2")"},
                                                    {"status", R"("PENDING")"},
                                                    {"last_updated", '"' + eleven + '"'}})})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 0);
    CHECK(summary->unchanged == 1);
    CHECK(summary->invalid == 1);
    CHECK(p.stored("1") == session_at("1", eleven));
    CHECK(p.log->text().find("/status may not go back from ACTIVE to PENDING") !=
          std::string::npos);
}

TEST_CASE(
    "modules/exchange/page_intake: the partner's profile says how strictly its sessions are read")
{
    const auto gap = session_text({{"auth_method", ""}});
    pulling p;
    p.script = {page_of(array_of({gap})), page_of(array_of({gap}))};
    CHECK(p.pull()->invalid == 1);
    p.cpo.profile = auth::profile::tolerant;
    CHECK(p.pull()->applied == 1);
}

TEST_CASE("modules/exchange/page_intake: DateTimes in the form of other libraries are converted")
{
    for (const auto profile : {auth::profile::strict, auth::profile::tolerant}) {
        pulling p;
        p.cpo.profile = profile;
        p.script.push_back(page_of(array_of({session_at("blank", "2024-06-01 10:00:00Z"),
                                             session_at("offset", "2024-06-01T12:00:00+02:00")})));
        const auto summary = p.pull();
        REQUIRE(summary.has_value());
        CHECK(summary->applied == 2);
        CHECK(p.stored("blank") == session_at("blank", ten));
        CHECK(p.stored("offset") == session_at("offset", ten));
        CHECK(p.log->entries().empty());
    }
}

TEST_CASE("modules/exchange/page_intake: an overloaded store is offered the session again")
{
    pulling p;
    int refused = 0;
    p.crud->before_create = [&refused](const crud::document& document) -> std::optional<error> {
        if (document.key.id.str() != "2" || ++refused > 3) return {};
        return error(errc::overloaded, "busy");
    };
    p.script.push_back(page_of(array_of({session_at("1", ten), session_at("2", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(refused == 4);
    CHECK(p.pauses.size() == 3);
}

TEST_CASE(
    "modules/exchange/page_intake: a store that fails ends the run, and nothing counts as invalid")
{
    for (const auto code : {errc::storage, errc::overloaded}) {
        pulling p;
        p.crud->before_create = [code](const crud::document& document) -> std::optional<error> {
            if (document.key.id.str() != "2") return {};
            return error(code, "the store is unwell");
        };
        p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
        p.script.push_back(page_of(array_of({session_at("2", ten), session_at("3", ten)})));
        CHECK(failure_of(p.pull()).code() == code);
        // What is on its way together with it may be stored.
        CHECK(p.stored("1") != "");
        CHECK(p.stored("2") == "");
        REQUIRE(p.progress.size() == 1);
        CHECK(p.progress.back().invalid == 0);
    }
}

TEST_CASE(
    "modules/exchange/page_intake: a session that is twice in a page is stored in the page's order")
{
    pulling p;
    bool is_first = true;
    p.crud->before_create = [&is_first](const crud::document& document) -> std::optional<error> {
        if (document.key.id.str() != "twice" || !std::exchange(is_first, false)) return {};
        return error(errc::overloaded, "busy");
    };
    p.script.push_back(page_of(array_of(
        {session_at("twice", ten, "1.0"), session_at("another", ten),
         session_text(
             {{"id", R"("TWICE")"}, {"kwh", "2.0"}, {"last_updated", '"' + eleven + '"'}})})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 3);
    CHECK(p.stored("twice").find(R"("kwh":2.0)") != std::string::npos);
}

TEST_CASE("modules/exchange/page_intake: a page may be longer than what is stored at once")
{
    pulling p;
    p.options.intake.max_concurrent = 7;
    std::vector<std::string> objects;
    for (int i = 0; i < 50; ++i) {
        objects.push_back(i % 10 == 3 ? "7" : session_at(std::to_string(i), ten));
    }
    p.script.push_back(page_of(array_of(objects)));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 45);
    CHECK(summary->invalid == 5);
    std::vector<std::string> places;
    for (const auto& entry : p.log->entries()) {
        const auto place = entry.text.find("/data/");
        places.push_back(entry.text.substr(place, entry.text.find(' ', place) - place));
    }
    CHECK(places ==
          std::vector<std::string>{"/data/3", "/data/13", "/data/23", "/data/33", "/data/43"});
}

namespace {

/// A store whose writes wait until as many are under way as it takes.
class batching_crud final : public forwarding_crud {
public:
    explicit batching_crud(std::size_t batch) : batch_(batch) {}

    boost::asio::awaitable<result<crud::revision>> create(std::string_view module,
                                                          crud::interface_side side,
                                                          crud::document document) override
    {
        auto wait = [this](completion<bool> waiter) {
            waiting_.push_back(std::move(waiter));
            if (waiting_.size() < batch_) return;
            for (auto& each : std::exchange(waiting_, {})) each(true);
        };
        if (module == "sessions") co_await await_completion<bool>(wait);
        co_return co_await forwarding_crud::create(module, side, std::move(document));
    }

private:
    std::size_t batch_;
    std::vector<completion<bool>> waiting_;
};

}  // namespace

TEST_CASE(
    "modules/exchange/page_intake: the sessions of a page are on their way into the store together")
{
    pulling p;
    std::vector<std::string> objects;
    for (int i = 0; i < 64; ++i) objects.push_back(session_at(std::to_string(i), ten));
    p.script.push_back(page_of(array_of(objects)));
    puller::dependencies parts;
    // One after the other, the first would wait for ever.
    parts.crud = std::make_shared<batching_crud>(64);
    parts.client = std::make_shared<partners::platform_client>(p.http);
    parts.own_emsp_parties = p.own_parties;
    parts.time = p.time;
    auto stored = std::make_shared<sessions::session_writer>(parts.crud);
    puller pulls(std::move(stored), std::move(parts));
    const auto summary = run_awaitable(pulls.pull(p.cpo, {}, {}));
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 64);
}

}  // namespace page_intake_test
