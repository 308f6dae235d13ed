#pragma once

#include "crud/leases.hpp"
#include "crud/object_key.hpp"
#include "crud/store_report.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::crud {

/// The side of the interface on whose behalf the store is asked. It may guide what an embedding
/// program's store shows; it never decides where a record lives: a session written as Receiver
/// and read as Sender is one record.
enum class interface_side { sender, receiver };

/// What records of a module are searched and summed by (search_filter), so that a store need not
/// read JSON.
struct summary {
    /// A word of the module's own; not empty.
    std::string category;
    std::optional<date_time> started_at;
    /// In units of 10^-6; std::nullopt: unknown.
    std::optional<std::int64_t> kwh;
    std::optional<std::int64_t> cost;
    /// Of the cost; empty: unknown.
    std::string currency;
    /// The text in which search_filter::text is looked for, byte for byte.
    std::string search_text;

    friend bool operator==(const summary&, const summary&) = default;
};

/// What a caller hands over to be stored: a JSON text, kept byte for byte, and beside it those of
/// its values that lists are filtered by, so that a store need not read JSON.
struct document {
    object_key key;
    std::string json;
    /// The object's own last_updated, which date_from and date_to of a list speak of.
    date_time last_updated;
    /// The eMSP that the object concerns (a Session's cdr_token); none if it concerns none.
    std::optional<party> emsp;
    /// The contract that it concerns (a Session's cdr_token.contract_id, as contract_key() writes
    /// it); none if none.
    std::optional<ci_string> contract;
    /// A second key of the record within its module, compared byte for byte; empty: it has none.
    /// No two records have the same one.
    std::string secondary_key;
    /// Its place in the sorted list of its module, compared byte for byte; empty: it is not in it.
    /// No two records have the same one.
    std::string sort_key;
    /// A record with a summary has a secondary key too. std::nullopt: no search finds it.
    std::optional<crud::summary> summary;

    document() = default;
    document(object_key identity, std::string text, date_time updated, std::optional<party> of)
        : key(std::move(identity)),
          json(std::move(text)),
          last_updated(updated),
          emsp(std::move(of))
    {
    }
};

/// Grows with every write to the store, whatever the record: a record's revision names both the
/// state of that record and its place among all changes. Never 0.
using revision = std::uint64_t;

/// A document as the store holds it.
struct record {
    crud::document document;
    crud::revision revision = 0;
};

/// What the JSON of a page holds together at most, in bytes, unless a query says otherwise.
inline constexpr std::uint64_t default_page_bytes = 8 * 1024 * 1024;

/// Which records a list holds: those that pass every filter that is set.
struct record_filter {
    /// Records whose last_updated is not before this instant.
    std::optional<date_time> date_from;
    /// Records whose last_updated is before this instant.
    std::optional<date_time> date_to;
    /// Records owned by one of these parties; std::nullopt means by anyone, empty means by none.
    std::optional<std::vector<party>> owners;
    /// Records owned by none of these parties; empty leaves nobody out.
    std::vector<party> not_owned_by;
    /// Records that concern one of these eMSPs; std::nullopt means any or none, empty means none.
    std::optional<std::vector<party>> emsps;
    /// Records that concern one of these contracts; std::nullopt means any or none, empty means
    /// none.
    std::optional<std::vector<ci_string>> contracts;

    /// True when the document passes, for stores that have no query language.
    bool matches(const document& candidate) const;
};

/// A page of a list in the order of creation, oldest first, which no update ever changes.
struct list_query : record_filter {
    /// How many of the matching records to pass over.
    std::uint64_t offset = 0;
    /// How many to return at most; at least 1.
    std::uint64_t limit = 50;
    /// How many bytes the JSON of those returned may have together. A page ends before the record
    /// that would exceed it, but holds one at least. A store need not know of it: crud::shorten
    /// (crud/page_bound.hpp) cuts the pages of one that does not.
    std::uint64_t max_bytes = default_page_bytes;
};

struct page {
    std::vector<record> records;
    /// The exact number of records that match, offset and limit set aside.
    std::uint64_t total = 0;
    /// No record matches beyond this page. A page that is not the last may hold fewer records than
    /// `limit`, because of `max_bytes`: the next one begins after the last record of this one.
    bool is_last_page = true;
    /// The revision of the latest change of the store, whatever it was of: every write up to it
    /// had been made when the page was read, and none after it.
    revision as_of = 0;
};

/// A record that is to be removed if it is still at that revision.
struct removal {
    object_key key;
    revision expected = 0;

    removal(object_key of, revision at) : key(std::move(of)), expected(at) {}
};

/// A part of the sorted list of a module, which is in the order of sort_key, greatest first.
struct sort_range {
    /// Records whose sort_key is less.
    std::optional<std::string> below;
    /// Records whose sort_key is greater. Without `below`, a page holds those nearest above, so
    /// that one pages backwards with it; they too are returned with the greatest first.
    std::optional<std::string> above;

    bool contains(const std::string& sort_key) const;
    /// True when a page holds the records nearest above, so that it grows towards its front.
    bool goes_upwards() const noexcept { return above && !below; }
};

/// A page of the records that have a sort_key within that range. The next page begins below the
/// last sort_key of this one, or above its first.
struct sorted_query : record_filter {
    sort_range range;
    /// As in list_query.
    std::uint64_t limit = 50;
    std::uint64_t max_bytes = default_page_bytes;
};

struct sorted_page {
    std::vector<record> records;
    /// No record matches beyond this page: below it, or above it where the page goes upwards.
    bool is_last_page = true;
};

/// A page of the records whose revision is greater than `after`, in the order of change. The next
/// page is of what has changed after the last record of this one. A record that changes between
/// two pages comes once more at its new place; none is missed.
struct changes_query : record_filter {
    revision after = 0;
    /// False: the records may come without their JSON.
    bool needs_json = true;
    /// As in list_query.
    std::uint64_t limit = 50;
    std::uint64_t max_bytes = default_page_bytes;
};

struct changes_page {
    std::vector<record> records;
    /// No record that matches had changed beyond this page when the store was at `as_of`.
    bool is_last_page = true;
    /// As in page.
    revision as_of = 0;
};

/// The records of one category whose instant is within [from, to).
struct category_range {
    std::string category;
    std::optional<date_time> from;
    std::optional<date_time> to;

    bool contains(date_time instant) const;
};

/// Which of the records with a summary match: those of one of the ranges that pass the filters.
struct search_filter {
    /// At most one for each category.
    std::vector<category_range> ranges;
    /// As in record_filter.
    std::optional<std::vector<ci_string>> contracts;
    /// Records whose search_text has this text in it; empty: any.
    std::string text;

    /// True when the record passes, and that instant of its own is in the range of its category.
    bool matches(const document& candidate, std::optional<date_time> instant) const;
};

/// A place in the order of a search: latest last_updated first, then greatest secondary_key, byte
/// for byte.
struct search_place {
    date_time last_updated;
    std::string secondary_key;

    friend auto operator<=>(const search_place&, const search_place&) = default;
};

/// A page of the records that match, their ranges being of last_updated.
struct search_query : search_filter {
    /// Records behind that place.
    std::optional<search_place> after;
    /// Records before that place; the page holds those next to it. Not together with `after`.
    std::optional<search_place> before;
    /// As in list_query.
    std::uint64_t limit = 50;
    std::uint64_t max_bytes = default_page_bytes;
};

struct search_page {
    /// In the order of the search, in either direction.
    std::vector<record> records;
    /// No record matches beyond this page: behind it, or before it when the query has `before`. A
    /// page that is not the last may hold fewer records than `limit`, or none, because a store
    /// bounds how far it looks.
    bool is_last_page = true;
    /// How far the store has looked: the next page begins there. std::nullopt only when no record
    /// was looked at.
    std::optional<search_place> reached;
};

/// The sums of the records that match. Their ranges are of last_updated, or of started_at: then
/// records without one do not match.
struct totals_query : search_filter {
    bool by_start = false;
    /// If no more than so many match, they are returned too, unless their JSON holds more bytes.
    /// For ranges of last_updated.
    std::uint64_t max_records = 0;
    std::uint64_t max_bytes = default_page_bytes;
};

/// In the units of a summary; values that are not known count as 0.
struct totals {
    /// Of one currency; the records without one have an empty one.
    struct part {
        std::string currency;
        std::uint64_t count = 0;
        decimal kwh;
        decimal cost;

        friend bool operator==(const part&, const part&) = default;
    };
    /// By currency.
    std::vector<part> parts;
    /// All records that match, in any order; std::nullopt when they are too many.
    std::optional<std::vector<record>> records;
};

}  // namespace ocpi::crud

namespace ocpi {

/// The store, as a port: an embedding program may bring its own. A record belongs to a module
/// ("sessions", "tariffs", …) and within it to a key.
///
/// What every implementation promises (tests/crud_contract holds each to it):
/// - A write whose result is a revision is durable before the coroutine resumes.
/// - Every write gives the record a revision greater than any given before.
/// - A read that starts after a write was answered sees that write, and every write that was
///   given a smaller revision.
/// - Texts come back byte for byte; keys, parties and contracts are compared without regard to
///   ASCII case.
/// - An update replaces every value of the document; lists go by what the last write brought.
///
/// Every operation may be started from any thread, many at a time, and the coroutine resumes
/// upon its own executor. Any of them may fail with errc::overloaded (a bounded queue is full;
/// nothing was done) or errc::storage (the store is unwell; for a write, nothing is
/// acknowledged).
class Crud {
public:
    virtual ~Crud() = default;

    /// The record, or errc::not_found.
    virtual boost::asio::awaitable<result<crud::record>> get(std::string_view module,
                                                             crud::interface_side side,
                                                             crud::object_key key) = 0;

    /// A page of matching records, consistent in itself: total, order and records are of one
    /// moment.
    virtual boost::asio::awaitable<result<crud::page>> list(std::string_view module,
                                                            crud::interface_side side,
                                                            crud::list_query query) = 0;

    /// Stores a new record. errc::already_exists when the key is taken.
    virtual boost::asio::awaitable<result<crud::revision>> create(std::string_view module,
                                                                  crud::interface_side side,
                                                                  crud::document document) = 0;

    /// Replaces the record if it is still at the revision `expected`; errc::conflict if it has
    /// moved on, errc::not_found if there is none. Its place in the order of creation stays.
    virtual boost::asio::awaitable<result<crud::revision>> update(std::string_view module,
                                                                  crud::interface_side side,
                                                                  crud::document document,
                                                                  crud::revision expected) = 0;

    /// Removes the record, whatever its revision; errc::not_found if there is none.
    virtual boost::asio::awaitable<result<void>> remove(std::string_view module,
                                                        crud::interface_side side,
                                                        crud::object_key key) = 0;

    // The functions above are all that a store must have. Those below are made of them, and read
    // whole lists for it: override them if the database has an index for what they look for.

    /// The record if it concerns one of these eMSPs. Returns errc::not_found for a record that the
    /// caller may not see, as for one that does not exist. Override it if the database can filter
    /// without reading the document, so that the time taken does not reveal that the record exists.
    virtual boost::asio::awaitable<result<crud::record>> get_if_visible_to(
        std::string_view module, crud::interface_side side, crud::object_key key,
        std::vector<party> emsps);

    /// The record of that secondary key if it passes the filter, else errc::not_found: so a
    /// driver's app asks for one session, by its contracts. An empty key is that of no record. As
    /// above, a database should not read what the filter excludes.
    virtual boost::asio::awaitable<result<crud::record>> find_by_secondary_key(
        std::string_view module, crud::interface_side side, std::string key,
        crud::record_filter filter);

    /// A page of the sorted list.
    virtual boost::asio::awaitable<result<crud::sorted_page>> list_sorted(std::string_view module,
                                                                          crud::interface_side side,
                                                                          crud::sorted_query query);

    /// A page of what has changed.
    virtual boost::asio::awaitable<result<crud::changes_page>> list_changes(
        std::string_view module, crud::interface_side side, crud::changes_query query);

    /// A page of a search.
    virtual boost::asio::awaitable<result<crud::search_page>> search(std::string_view module,
                                                                     crud::interface_side side,
                                                                     crud::search_query query);

    /// The sums of the records that match; std::nullopt when they are too many for the store to sum
    /// at once.
    virtual boost::asio::awaitable<result<std::optional<crud::totals>>> find_totals(
        std::string_view module, crud::interface_side side, crud::totals_query query);

    /// Removes those of the records that are still at their revision, each together with the
    /// records of the same key in the modules `belonging`. Returns the keys of the removed ones; a
    /// record that has changed stays, with all that belongs to it. Override it if the database can
    /// do that in one transaction: here a write between the look and the removal is lost, and a
    /// failure leaves what was not removed yet.
    virtual boost::asio::awaitable<result<std::vector<crud::object_key>>> remove_unchanged(
        std::string_view module, crud::interface_side side, std::vector<crud::removal> removals,
        std::vector<std::string> belonging);

    // For several processes on one store.

    /// The revision of the latest change of the store, whatever it was of. Override it if the
    /// database can tell without reading a record.
    virtual boost::asio::awaitable<result<crud::revision>> find_latest_revision();

    /// By which the processes on this store agree who does what; nullptr when the store is that of
    /// one process, which does all of it. The pointer may outlive this object.
    virtual std::shared_ptr<crud::leases> leases();

    /// The same store, each of whose writes is made only while the lease is at that epoch: one by
    /// a holder that has lost it fails with errc::lease_lost and changes nothing. nullptr where
    /// leases() is. The pointer may outlive this object.
    virtual std::shared_ptr<Crud> fenced_by(crud::held_lease lease);

    // For the operator. A store without these is always ready and has no metrics.

    /// errc::storage if the store cannot be written at present. Cheap while writes succeed; while
    /// they fail it tries one, so that a recovery is noticed although no requests arrive.
    virtual boost::asio::awaitable<result<void>> check_writable();

    /// errc::storage if the store cannot be read at present. Cheap while reads succeed; while they
    /// fail it tries one.
    virtual boost::asio::awaitable<result<void>> check_readable();

    /// Queues and counts at this moment. Does not wait for the database.
    virtual crud::store_report report() const;
};

}  // namespace ocpi
