#include "crud/postgres/write_batch.hpp"

#include "crud/errors.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

/// Beside the texts of a write.
constexpr std::size_t fixed_bytes = 512;

std::size_t bytes_of(const document& stored) noexcept
{
    return stored.json.size() + stored.secondary_key.size() + stored.sort_key.size() +
           (stored.summary ? stored.summary->search_text.size() : 0) + fixed_bytes;
}

template <class... Cases>
struct overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

/// Calls `use(module, key)` for each record that the write concerns.
template <class Use>
void for_each_key(const write& of, Use use)
{
    const overloaded cases{
        [&](const create_record& each) { use(of.module, each.document.key); },
        [&](const update_record& each) { use(of.module, each.document.key); },
        [&](const remove_record& each) { use(of.module, each.key); },
        [&](const remove_unchanged_records& each) {
            for (const auto& removed : each.removals) {
                use(of.module, removed.key);
                for (const auto& module : each.belonging) use(module, removed.key);
            }
        },
        [](const touch_store&) {},
    };
    std::visit(cases, of.change);
}

template <class T>
void sort_and_deduplicate(std::vector<T>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// A record while the writes are judged.
struct record_state {
    const locked_row* stored = nullptr;
    bool exists = false;
    /// A write of this transaction has changed it: then its revision is one that nobody knows yet.
    bool is_changed = false;
    /// It was removed or was not there, and is created.
    bool is_new = false;
    const crud::document* document = nullptr;
    std::int64_t revision_number = 0;

    bool is_at(revision expected) const noexcept
    {
        return exists && !is_changed && stored->revision == expected;
    }
};

class judge {
public:
    judge(std::vector<row_key> keys, const locked_state& locked) : locked_(locked)
    {
        plan_.keys = std::move(keys);
        states_.resize(plan_.keys.size());
        for (std::size_t i = 0; i < states_.size(); ++i) {
            const auto& row = locked.rows[i];
            if (!row) continue;
            states_[i].stored = &*row;
            states_[i].exists = true;
        }
    }

    void decide(const write& next)
    {
        auto& made = plan_.decisions.emplace_back();
        if (next.fence && !holds(*next.fence)) {
            made.refusal = lease_lost(next.fence->name);
            return;
        }
        const auto visit = [&](const auto& change) { apply(next.module, change, made); };
        std::visit(visit, next.change);
    }

    write_plan finish()
    {
        for (std::size_t i = 0; i < states_.size(); ++i) {
            if (states_[i].is_changed) collect(plan_.keys[i], states_[i]);
        }
        number_inserts();
        if (plan_.revisions > 0) plan_.changes_anything = true;
        return std::move(plan_);
    }

private:
    bool holds(const held_lease& fence) const
    {
        const auto found = locked_.leases.find(fence.name);
        return found != locked_.leases.end() && found->second == fence.epoch;
    }

    record_state& state_of(std::string_view module, const object_key& key)
    {
        const auto found =
            std::lower_bound(plan_.keys.begin(), plan_.keys.end(), row_key(module, key));
        return states_[static_cast<std::size_t>(found - plan_.keys.begin())];
    }

    void apply(const std::string& module, const create_record& change, decision& made)
    {
        auto& state = state_of(module, change.document.key);
        if (state.exists) {
            made.refusal = key_taken();
            return;
        }
        state.is_new = true;
        store(state, change.document, made);
    }

    void apply(const std::string& module, const update_record& change, decision& made)
    {
        auto& state = state_of(module, change.document.key);
        if (!state.exists) {
            made.refusal = no_such_record();
        } else if (!state.is_at(change.expected)) {
            made.refusal = revision_mismatch();
        } else {
            store(state, change.document, made);
        }
    }

    void apply(const std::string& module, const remove_record& change, decision& made)
    {
        auto& state = state_of(module, change.key);
        if (!state.exists) {
            made.refusal = no_such_record();
        } else {
            remove(state);
        }
    }

    void apply(const std::string& module, const remove_unchanged_records& change, decision& made)
    {
        for (const auto& each : change.removals) {
            auto& state = state_of(module, each.key);
            if (!state.is_at(each.expected)) continue;
            remove(state);
            for (const auto& other : change.belonging) {
                auto& belonging = state_of(other, each.key);
                if (belonging.exists) remove(belonging);
            }
            made.removed.push_back(each.key);
        }
    }

    void apply(const std::string&, const touch_store&, decision&) { plan_.changes_anything = true; }

    void store(record_state& state, const document& wanted, decision& made)
    {
        state.exists = true;
        state.is_changed = true;
        state.document = &wanted;
        state.revision_number = ++plan_.revisions;
        made.revision_number = state.revision_number;
    }

    void remove(record_state& state)
    {
        state.exists = false;
        state.is_changed = true;
        // What is created at this key from now on is another record, with a place of its own.
        state.is_new = false;
        state.document = nullptr;
        ++plan_.revisions;
    }

    /// Of a record that was changed: from what is stored to its last state.
    void collect(const row_key& key, const record_state& state)
    {
        const bool stays = state.exists && !state.is_new;
        if (state.stored != nullptr) {
            plan_.counters.remove(state.stored->counted);
            if (!stays) plan_.deletes.push_back(&key);
        }
        if (!state.exists) return;
        auto counted = count_of(key, *state.document);
        row_to_store row;
        row.key = &key;
        row.document = state.document;
        row.revision_number = state.revision_number;
        if (stays) {
            counted.sequence = state.stored->counted.sequence;
            plan_.updates.push_back(row);
        } else {
            plan_.inserts.push_back(row);
        }
        plan_.counters.add(counted);
    }

    /// In the order of their writes.
    void number_inserts()
    {
        const auto is_earlier = [](const row_to_store& a, const row_to_store& b) {
            return a.revision_number < b.revision_number;
        };
        std::sort(plan_.inserts.begin(), plan_.inserts.end(), is_earlier);
        for (auto& each : plan_.inserts) each.sequence_number = ++plan_.sequences;
    }

    const locked_state& locked_;
    write_plan plan_;
    /// As plan_.keys.
    std::vector<record_state> states_;
};

}  // namespace

std::size_t write::bytes() const noexcept
{
    const overloaded cases{
        [](const create_record& each) { return bytes_of(each.document); },
        [](const update_record& each) { return bytes_of(each.document); },
        [](const remove_record&) { return fixed_bytes; },
        [](const remove_unchanged_records& each) {
            return each.removals.size() * (each.belonging.size() + 1) * fixed_bytes;
        },
        [](const touch_store&) { return fixed_bytes; },
    };
    return std::visit(cases, change);
}

std::vector<row_key> keys_of(const std::vector<const write*>& writes)
{
    std::vector<row_key> keys;
    keys.reserve(writes.size());
    const auto add = [&keys](const std::string& module, const object_key& key) {
        keys.emplace_back(module, key);
    };
    for (const auto* each : writes) for_each_key(*each, add);
    sort_and_deduplicate(keys);
    return keys;
}

std::vector<std::string> leases_of(const std::vector<const write*>& writes)
{
    std::vector<std::string> names;
    for (const auto* each : writes) {
        if (each->fence) names.push_back(each->fence->name);
    }
    sort_and_deduplicate(names);
    return names;
}

write_plan plan_writes(const std::vector<const write*>& writes, std::vector<row_key> keys,
                       const locked_state& locked)
{
    judge deciding(std::move(keys), locked);
    for (const auto* each : writes) deciding.decide(*each);
    return deciding.finish();
}

named_record count_of(const row_key& key, const document& document)
{
    named_record counted;
    counted.module = key.module;
    counted.owner = key.owner;
    if (document.emsp) counted.emsp = folded_party(*document.emsp);
    counted.last_updated = document.last_updated;
    if (!document.secondary_key.empty()) counted.summary = document.summary;
    return counted;
}

}  // namespace ocpi::crud::postgres
