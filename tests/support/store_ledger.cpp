#include "tests/support/store_ledger.hpp"

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "tests/support/run_awaitable.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ocpi::test {
namespace {

constexpr auto side = crud::interface_side::sender;
constexpr const char* module_name = "sessions";

/// A document with all that a store keeps beside it: its energy is the length of its text.
crud::document make_document(const std::string& id, const std::string& text)
{
    const auto instant = date_time::from_milliseconds(1'780'000'000'000);
    crud::document made(crud::object_key("ES", "ABC", id), '"' + text + '"', instant,
                        party("DE", "EMP"));
    made.secondary_key = "second-" + id;
    made.sort_key = "sorted-" + id;
    made.contract = ci_string("DEEMPC1");
    crud::summary known;
    known.category = text.size() % 2 == 0 ? "even" : "odd";
    known.started_at = instant;
    known.kwh = static_cast<std::int64_t>(text.size());
    known.currency = "EUR";
    known.search_text = id + " station";
    made.summary = std::move(known);
    return made;
}

struct sums {
    std::uint64_t count = 0;
    decimal kwh;

    void add(std::uint64_t records, const decimal& energy)
    {
        count += records;
        kwh = kwh + energy;
    }
    friend bool operator==(const sums&, const sums&) = default;
};

sums read_sums(Crud& store, const std::string& category)
{
    crud::totals_query query;
    query.ranges.push_back({category, std::nullopt, std::nullopt});
    const auto read = run_awaitable(store.find_totals(module_name, side, query));
    if (read.has_error() || !*read) throw std::runtime_error("no totals");
    sums added;
    for (const auto& part : (*read)->parts) added.add(part.count, part.kwh);
    return added;
}

}  // namespace

void store_ledger::require(bool is_true, std::string_view what) const
{
    if (!is_true) throw std::runtime_error("the store ledger: " + std::string(what));
}

bool store_ledger::note(const result<crud::revision>& outcome, const std::string& id,
                        const state& after)
{
    auto& states = possible_[id];
    if (states.empty()) states.insert(std::nullopt);
    if (outcome.has_error()) {
        require(outcome.error().code() == errc::storage, outcome.error().log_text());
        states.insert(after);
        return false;
    }
    require(*outcome > last_, "a revision that is not greater than the one before");
    last_ = *outcome;
    states = {after};
    ++acknowledged_;
    return true;
}

bool store_ledger::put(Crud& store, const std::string& id, const std::string& text)
{
    const crud::object_key key("ES", "ABC", id);
    const auto present = run_awaitable(store.get(module_name, side, key));
    if (present.has_value()) {
        return note(run_awaitable(store.update(module_name, side, make_document(id, text),
                                               present->revision)),
                    id, text);
    }
    if (present.error().code() == errc::storage) return false;
    require(present.error().code() == errc::not_found, present.error().log_text());
    return note(run_awaitable(store.create(module_name, side, make_document(id, text))), id, text);
}

bool store_ledger::remove(Crud& store, const std::string& id)
{
    const crud::object_key key("ES", "ABC", id);
    const auto removed = run_awaitable(store.remove(module_name, side, key));
    auto& states = possible_[id];
    if (states.empty()) states.insert(std::nullopt);
    if (removed.has_value()) {
        states = {std::nullopt};
        ++acknowledged_;
        return true;
    }
    if (removed.error().code() == errc::not_found) {
        require(states.contains(std::nullopt), id + " is lost");
        return true;
    }
    require(removed.error().code() == errc::storage, removed.error().log_text());
    states.insert(std::nullopt);
    return false;
}

std::string store_ledger::find_difference(Crud& store) const
{
    crud::list_query all;
    all.limit = 1000;
    const auto listed = run_awaitable(store.list(module_name, side, all));
    if (listed.has_error()) return "no list: " + listed.error().log_text();
    if (listed->total != listed->records.size()) return "the total of the list";
    std::map<std::string, std::string> held;
    std::map<std::string, sums> expected{{"even", {}}, {"odd", {}}};
    for (const auto& each : listed->records) {
        const auto& text = each.document.json;
        held[each.document.key.id.str()] = text.substr(1, text.size() - 2);
        if (each.revision > listed->as_of) return "a revision beyond the last one";
        expected[each.document.summary->category].add(
            1, *decimal::parse(std::to_string(*each.document.summary->kwh) + "e-6"));
    }
    if (listed->as_of < last_) return "the last revision has gone back";
    for (const auto& [id, states] : possible_) {
        const auto found = held.find(id);
        const auto now = found == held.end() ? state() : state(found->second);
        if (!states.contains(now)) {
            return id + " is " + (now ? now->substr(0, 20) : "missing") + ", not " +
                   (*states.rbegin() ? states.rbegin()->value().substr(0, 20) : "missing");
        }
        held.erase(id);
    }
    if (!held.empty()) return held.begin()->first + " was never written";
    for (const auto& [category, sum] : expected) {
        if (read_sums(store, category) != sum) return "the totals of " + category;
    }
    return {};
}

}  // namespace ocpi::test
