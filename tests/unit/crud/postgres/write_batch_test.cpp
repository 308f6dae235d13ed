#include "crud/postgres/write_batch.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace write_batch_test {

using namespace ocpi;
using namespace crud::postgres;
using crud::postgres::write;  // and not the system call

namespace {

crud::document make_document(std::string id, std::string json = "{}")
{
    crud::document made(crud::object_key("ES", "ABC", id), std::move(json),
                        date_time::from_milliseconds(1'700'000'000'000), party("NL", "MSP"));
    made.secondary_key = id;
    made.summary.emplace();
    made.summary->category = "charging";
    made.summary->kwh = 1'000'000;
    made.summary->currency = "EUR";
    return made;
}

write create(std::string id, std::string json = "{}")
{
    return {"sessions", create_record{make_document(std::move(id), std::move(json))}, {}};
}

write update(std::string id, crud::revision expected, std::string json = "{}")
{
    return {"sessions", update_record{make_document(std::move(id), std::move(json)), expected}, {}};
}

write remove(std::string id)
{
    return {"sessions", remove_record{crud::object_key("ES", "ABC", std::move(id))}, {}};
}

write fenced(write by, std::string lease, crud::lease_epoch epoch)
{
    by.fence = crud::held_lease{std::move(lease), epoch};
    return by;
}

/// What is stored, by key, and the writes of one transaction.
struct transaction {
    std::map<row_key, locked_row> stored;
    std::vector<write> writes;
    std::map<std::string, crud::lease_epoch> leases;

    void store(const std::string& id, crud::revision at, std::string module = "sessions")
    {
        const row_key key(module, crud::object_key("ES", "ABC", id));
        locked_row row;
        row.revision = at;
        row.counted = count_of(key, make_document(id));
        row.counted.sequence = static_cast<std::int64_t>(at);
        stored.emplace(key, std::move(row));
    }

    write_plan plan() const
    {
        std::vector<const write*> pointers;
        for (const auto& each : writes) pointers.push_back(&each);
        auto keys = keys_of(pointers);
        locked_state locked;
        locked.leases = leases;
        for (const auto& key : keys) {
            const auto found = stored.find(key);
            locked.rows.push_back(found == stored.end() ? std::nullopt
                                                        : std::optional(found->second));
        }
        return plan_writes(pointers, std::move(keys), locked);
    }
};

std::string outcome_of(const decision& made)
{
    if (made.refusal) return std::string(to_string(made.refusal->code()));
    std::string text = std::to_string(made.revision_number);
    for (const auto& key : made.removed) text += " -" + key.id.str();
    return text;
}

std::string outcomes_of(const write_plan& plan)
{
    std::string text;
    for (const auto& each : plan.decisions) text += (text.empty() ? "" : ", ") + outcome_of(each);
    return text;
}

/// "1@2/1" is the record 1 with the revision number 2 and the place number 1.
std::string rows_of(const std::vector<row_to_store>& rows)
{
    std::string text;
    for (const auto& each : rows) {
        text +=
            (text.empty() ? "" : " ") + each.key->id + "@" + std::to_string(each.revision_number);
        if (each.sequence_number > 0) text += "/" + std::to_string(each.sequence_number);
    }
    return text;
}

std::int64_t count_in(const write_plan& plan, crud::list_level level)
{
    std::int64_t sum = 0;
    for (const auto& [key, change] : plan.counters.of_lists()) {
        if (key.level == level) sum += change;
    }
    return sum;
}

}  // namespace

TEST_CASE("crud/postgres/write_batch: each write is judged by the row it concerns")
{
    transaction in;
    in.store("1", 10);
    in.store("2", 11);
    in.writes = {update("1", 10), update("2", 10), update("3", 1),
                 create("1"),     create("4"),     remove("5")};
    const auto plan = in.plan();
    CHECK(outcomes_of(plan) == "1, conflict, not_found, already_exists, 2, not_found");
    CHECK(rows_of(plan.updates) == "1@1");
    CHECK(rows_of(plan.inserts) == "4@2/1");
    CHECK(plan.deletes.empty());
    CHECK(plan.revisions == 2);
    CHECK(plan.sequences == 1);
    CHECK(plan.changes_anything);
    CHECK(count_in(plan, crud::list_level::all) == 1);
}

TEST_CASE("crud/postgres/write_batch: a key is the same in every case, and in its module alone")
{
    transaction in;
    in.store("A", 10);
    in.writes = {create("a"), create("b")};
    in.writes[1].module = "tariffs";
    in.writes.push_back(create("B"));
    CHECK(outcomes_of(in.plan()) == "already_exists, 1, 2");
}

TEST_CASE("crud/postgres/write_batch: of several writes of one record the last state is stored")
{
    transaction in;
    SUBCASE("the revision that a write of the same transaction gives is not known to anyone")
    {
        in.store("1", 10);
        in.writes = {update("1", 10, "first"), update("1", 10, "second"), update("1", 1, "third")};
        const auto plan = in.plan();
        CHECK(outcomes_of(plan) == "1, conflict, conflict");
        REQUIRE(plan.updates.size() == 1);
        CHECK(plan.updates[0].document->json == "first");
    }
    SUBCASE("what is created and removed leaves only its revisions")
    {
        in.writes = {create("1"), remove("1")};
        const auto plan = in.plan();
        CHECK(outcomes_of(plan) == "1, 0");
        CHECK(plan.inserts.empty());
        CHECK(plan.deletes.empty());
        CHECK(plan.revisions == 2);
        CHECK(plan.sequences == 0);
        CHECK(count_in(plan, crud::list_level::all) == 0);
    }
    SUBCASE("what is removed and created again is a new record with a place of its own")
    {
        in.store("1", 10);
        in.writes = {remove("1"), create("1", "again"), create("1")};
        const auto plan = in.plan();
        CHECK(outcomes_of(plan) == "0, 2, already_exists");
        CHECK(plan.deletes.size() == 1);
        CHECK(rows_of(plan.inserts) == "1@2/1");
        CHECK(plan.updates.empty());
        CHECK(count_in(plan, crud::list_level::block) == -1);
    }
    SUBCASE("what is updated and removed is removed")
    {
        in.store("1", 10);
        in.writes = {update("1", 10), remove("1"), remove("1")};
        const auto plan = in.plan();
        CHECK(outcomes_of(plan) == "1, 0, not_found");
        CHECK(plan.deletes.size() == 1);
        CHECK(plan.updates.empty());
        CHECK(count_in(plan, crud::list_level::all) == -1);
    }
}

TEST_CASE("crud/postgres/write_batch: places are in the order of the writes, not of the keys")
{
    transaction in;
    in.writes = {create("c"), create("a"), create("b")};
    CHECK(rows_of(in.plan().inserts) == "C@1/1 A@2/2 B@3/3");
}

TEST_CASE("crud/postgres/write_batch: what is unchanged is removed with all that belongs to it")
{
    transaction in;
    in.store("1", 10);
    in.store("1", 12, "notes");
    in.store("2", 11);
    in.store("2", 13, "notes");
    remove_unchanged_records change;
    change.removals = {{crud::object_key("ES", "ABC", "1"), 10},
                       {crud::object_key("ES", "ABC", "2"), 10},
                       {crud::object_key("ES", "ABC", "3"), 10}};
    change.belonging = {"notes", "empty"};
    in.writes = {{"sessions", change, {}}, update("1", 10)};
    const auto plan = in.plan();
    CHECK(outcomes_of(plan) == "0 -1, not_found");
    REQUIRE(plan.deletes.size() == 2);
    CHECK(plan.deletes[0]->module == "notes");
    CHECK(plan.deletes[1]->module == "sessions");
    CHECK(plan.revisions == 2);
}

TEST_CASE("crud/postgres/write_batch: a write is made only under the lease that it names")
{
    transaction in;
    in.leases = {{"push/one", 7}};
    in.writes = {fenced(create("1"), "push/one", 7), fenced(create("2"), "push/one", 6),
                 fenced(create("3"), "push/other", 1), create("4")};
    std::vector<const write*> pointers;
    for (const auto& each : in.writes) pointers.push_back(&each);
    CHECK(leases_of(pointers) == std::vector<std::string>{"push/one", "push/other"});
    const auto plan = in.plan();
    CHECK(outcomes_of(plan) == "1, lease_lost, lease_lost, 2");
    CHECK(rows_of(plan.inserts) == "1@1/1 4@2/2");
}

TEST_CASE("crud/postgres/write_batch: without a change there is nothing to commit, but to a touch")
{
    transaction in;
    in.writes = {remove("1")};
    CHECK_FALSE(in.plan().changes_anything);
    in.writes.push_back({{}, touch_store{}, {}});
    const auto plan = in.plan();
    CHECK(plan.changes_anything);
    CHECK(plan.revisions == 0);
}

TEST_CASE("crud/postgres/write_batch: an update changes the sums by the difference")
{
    transaction in;
    in.store("1", 10);
    in.writes = {update("1", 10)};
    std::get<update_record>(in.writes[0].change).document.summary->kwh = 3'500'000;
    const auto plan = in.plan();
    for (const auto& [key, change] : plan.counters.of_sums()) {
        CHECK(change.count == 0);
        CHECK(change.kwh == 2'500'000);
    }
    for (const auto& [key, change] : plan.counters.of_lists()) CHECK(change == 0);
}

TEST_CASE("crud/postgres/write_batch: together they do what one after the other would")
{
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto any = [&random](unsigned below) { return static_cast<int>(random() % below); };
    for (int round = 0; round < 300; ++round) {
        transaction in;
        std::map<std::string, bool> is_old;  // what exists, and whether it was stored before
        std::string wanted;
        for (int i = 0; i < 4; ++i) {
            if (any(2) == 0) continue;
            in.store(std::to_string(i), 10);
            is_old[std::to_string(i)] = true;
        }
        const auto old_ones = is_old;
        for (int i = 0; i < 12; ++i) {
            const auto id = std::to_string(any(4));
            const auto found = is_old.find(id);
            const bool exists = found != is_old.end();
            std::string outcome;
            switch (any(3)) {
                case 0:
                    in.writes.push_back(create(id));
                    outcome = exists ? "taken" : "done";
                    if (!exists) is_old[id] = false;
                    break;
                case 1:
                    in.writes.push_back(update(id, 10));
                    outcome = !exists ? "missing" : found->second ? "done" : "changed";
                    if (outcome == "done") found->second = false;
                    break;
                default:
                    in.writes.push_back(remove(id));
                    outcome = exists ? "done" : "missing";
                    if (exists) is_old.erase(found);
            }
            wanted += outcome + " ";
        }
        const auto plan = in.plan();
        std::string got;
        for (const auto& each : plan.decisions) {
            using enum errc;
            if (!each.refusal) {
                got += "done ";
            } else if (each.refusal->code() == already_exists) {
                got += "taken ";
            } else if (each.refusal->code() == not_found) {
                got += "missing ";
            } else if (each.refusal->code() == conflict) {
                got += "changed ";
            }
        }
        CHECK(got == wanted);
        auto stored = old_ones;
        for (const auto* key : plan.deletes) CHECK(stored.erase(key->id) == 1);
        for (const auto& row : plan.updates) CHECK(stored.contains(row.key->id));
        for (const auto& row : plan.inserts) CHECK(stored.emplace(row.key->id, false).second);
        CHECK(stored.size() == is_old.size());
        const auto change =
            static_cast<std::int64_t>(is_old.size()) - static_cast<std::int64_t>(old_ones.size());
        CHECK(count_in(plan, crud::list_level::all) == change);
    }
}

}  // namespace write_batch_test
