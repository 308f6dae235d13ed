#pragma once

#include "crud/counter_changes.hpp"
#include "crud/crud.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What becomes of the writes that share a transaction: decided in memory, from the rows and the
/// leases that the transaction has locked. No I/O here.
namespace ocpi::crud::postgres {

/// Both texts folded. By default it is no party: folded texts have no lower-case letters.
struct folded_party {
    std::string country_code = "none";
    std::string party_id = "none";

    folded_party() = default;
    explicit folded_party(const party& given)
        : country_code(given.country_code.folded()), party_id(given.party_id.folded())
    {
    }

    friend auto operator<=>(const folded_party&, const folded_party&) = default;
};

/// The primary key of a record's row, all but the module folded.
struct row_key {
    std::string module;
    folded_party owner;
    std::string id;

    row_key() = default;
    row_key(std::string_view of_module, const object_key& key)
        : module(of_module), owner(key.owner()), id(key.id.folded())
    {
    }

    friend auto operator<=>(const row_key&, const row_key&) = default;
};

using named_record = counted_record<std::string, folded_party>;
using named_counter_changes = counter_changes<std::string, folded_party>;

struct create_record {
    crud::document document;
};

struct update_record {
    crud::document document;
    revision expected = 0;
};

struct remove_record {
    object_key key;
};

/// As Crud::remove_unchanged().
struct remove_unchanged_records {
    std::vector<removal> removals;
    std::vector<std::string> belonging;
};

/// Changes no record, but shows whether a transaction can be committed.
struct touch_store {};

/// One operation of the port that changes records.
struct write {
    std::string module;
    std::variant<create_record, update_record, remove_record, remove_unchanged_records, touch_store>
        change;
    /// The lease under which alone it is made.
    std::optional<held_lease> fence;

    /// About how much memory its texts take.
    std::size_t bytes() const noexcept;
};

/// What a write returns when it succeeds, as far as its operation does.
struct write_answer {
    crud::revision revision = 0;
    std::vector<object_key> removed;
};

/// The rows of all records that the writes concern, each once, in the order in which every
/// transaction locks them.
std::vector<row_key> keys_of(const std::vector<const write*>& writes);

/// The names of the leases that the writes name, each once, in order.
std::vector<std::string> leases_of(const std::vector<const write*>& writes);

/// A row as it was locked.
struct locked_row {
    crud::revision revision = 0;
    named_record counted;
};

struct locked_state {
    /// For each key of keys_of(); std::nullopt: there is no such row.
    std::vector<std::optional<locked_row>> rows;
    std::map<std::string, lease_epoch> leases;
};

/// What becomes of one write. Revisions are known when the transaction allots them: until then each
/// is a number from 1 on, to be added to the latest one before this transaction.
struct decision {
    std::optional<error> refusal;
    std::int64_t revision_number = 0;
    std::vector<object_key> removed;
};

/// A row to be stored, whose document belongs to its write.
struct row_to_store {
    const row_key* key = nullptr;
    const crud::document* document = nullptr;
    std::int64_t revision_number = 0;
    /// Of a new record, as above; 0: it keeps its place.
    std::int64_t sequence_number = 0;
};

/// The whole transaction. It refers to the writes that it was made of.
struct write_plan {
    /// For each write, in order.
    std::vector<decision> decisions;
    /// How many revisions and places are allotted.
    std::int64_t revisions = 0;
    std::int64_t sequences = 0;
    /// To be carried out in this order: a record may be removed and created again.
    std::vector<const row_key*> deletes;
    std::vector<row_to_store> updates;
    std::vector<row_to_store> inserts;
    /// New records are not in their blocks yet: these are known when their places are.
    named_counter_changes counters;
    /// There is something to be committed.
    bool changes_anything = false;
    /// The keys that the above point to.
    std::vector<row_key> keys;

    write_plan() = default;
    write_plan(write_plan&&) noexcept = default;
    write_plan& operator=(write_plan&&) noexcept = default;
};

/// Judges the writes one after the other, each upon what those before it have left, as if each were
/// made alone. Of a record that several of them change, only the last state is stored, with the
/// last revision: the states before it were never visible. `keys` are keys_of(writes).
write_plan plan_writes(const std::vector<const write*>& writes, std::vector<row_key> keys,
                       const locked_state& locked);

/// What the totals count of a document that is stored at that key. A record without a secondary key
/// is in no search.
named_record count_of(const row_key& key, const document& document);

}  // namespace ocpi::crud::postgres
