#pragma once

#include "crud/crud.hpp"
#include "crud/errors.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Keeps records in a map behind a mutex: all that the server asks of a store, but for lasting
/// longer than the process. Yours would ask your database, and wait for it with co_await.
class my_crud final : public ocpi::Crud {
    using record = ocpi::crud::record;
    using revision = ocpi::crud::revision;
    using side = ocpi::crud::interface_side;
    template <class T>
    using answer = boost::asio::awaitable<ocpi::result<T>>;

public:
    answer<record> get(std::string_view module, side, ocpi::crud::record_key key) override
    {
        const std::lock_guard lock(mutex_);
        const auto found = find(module, key);
        if (!found) co_return ocpi::crud::no_such_record();
        co_return *found;
    }

    answer<ocpi::crud::page> list(std::string_view module, side,
                                  ocpi::crud::list_query query) override
    {
        const std::lock_guard lock(mutex_);
        ocpi::crud::page page;
        if (query.ranked) page = ranked_page(module, query);
        if (query.changed_after) page = page_of_changes(module, query);
        page.as_of = last_revision_;
        if (query.ranked || query.changed_after) co_return page;
        for (const auto& each : records_of(module)) {
            if (!matches(each, query)) continue;
            const auto place = page.total++;
            if (place < query.offset) continue;
            if (page.records.size() < query.limit) {
                page.records.push_back(each);
            } else {
                page.is_last_page = false;
            }
        }
        co_return page;
    }

    answer<revision> create(std::string_view module, side, ocpi::crud::document document) override
    {
        const std::lock_guard lock(mutex_);
        if (find(module, document.key)) co_return ocpi::crud::key_taken();
        auto& created = records_of(module).emplace_back();
        created.document = std::move(document);
        created.revision = ++last_revision_;
        co_return created.revision;
    }

    answer<revision> update(std::string_view module, side, ocpi::crud::document document,
                            revision expected) override
    {
        const std::lock_guard lock(mutex_);
        const auto found = find(module, document.key);
        if (!found) co_return ocpi::crud::no_such_record();
        // Someone else was faster: the server reads the record again and retries.
        if (found->revision != expected) co_return ocpi::crud::revision_moved_on();
        found->document = std::move(document);
        found->revision = ++last_revision_;
        co_return found->revision;
    }

    answer<void> remove(std::string_view module, side, ocpi::crud::record_key key) override
    {
        const std::lock_guard lock(mutex_);
        const auto removed = std::erase_if(
            records_of(module), [&](const record& each) { return each.document.key == key; });
        if (removed == 0) co_return ocpi::crud::no_such_record();
        co_return ocpi::result<void>();
    }

private:
    // Those below are called with the mutex held.

    std::vector<record>& records_of(std::string_view module)
    {
        return modules_[std::string(module)];
    }

    /// One after the other, as long as it takes: a database has an index.
    record* find(std::string_view module, const ocpi::crud::record_key& key)
    {
        for (auto& each : records_of(module)) {
            if (each.document.key == key) return &each;
        }
        return nullptr;
    }

    /// Those that have a rank, the greatest first: a database has an index for these, too.
    ocpi::crud::page ranked_page(std::string_view module, const ocpi::crud::list_query& query)
    {
        const auto& [below, above] = *query.ranked;
        std::map<std::string, record, std::greater<>> within;
        for (const auto& each : records_of(module)) {
            const auto& rank = each.document.rank;
            const bool is_within =
                !rank.empty() && (!below || rank < *below) && (!above || rank > *above);
            if (is_within && matches(each, query)) within.emplace(rank, each);
        }
        ocpi::crud::page page;
        page.is_last_page = within.size() <= query.limit;
        while (within.size() > query.limit) {
            // With `above` alone the page holds those nearest above.
            within.erase(above && !below ? within.begin() : std::prev(within.end()));
        }
        for (auto& [rank, each] : within) page.records.push_back(std::move(each));
        return page;
    }

    /// Those that have changed since, the earliest change first: here, too, a database has an
    /// index.
    ocpi::crud::page page_of_changes(std::string_view module, const ocpi::crud::list_query& query)
    {
        std::map<revision, record> changed;
        for (const auto& each : records_of(module)) {
            const bool is_changed = each.revision > *query.changed_after;
            if (is_changed && matches(each, query)) changed.emplace(each.revision, each);
        }
        ocpi::crud::page page;
        page.is_last_page = changed.size() <= query.limit;
        while (changed.size() > query.limit) changed.erase(std::prev(changed.end()));
        for (auto& [since, each] : changed) page.records.push_back(std::move(each));
        return page;
    }

    static bool matches(const record& stored, const ocpi::crud::list_query& query)
    {
        const auto& document = stored.document;
        const auto among = [](const auto& values, const auto& wanted) {
            return std::find(values.begin(), values.end(), wanted) != values.end();
        };
        const ocpi::party owner(document.key.country_code.str(), document.key.party_id.str());
        return (!query.date_from || document.last_updated >= *query.date_from) &&
               (!query.date_to || document.last_updated < *query.date_to) &&
               (!query.owners || among(*query.owners, owner)) &&
               !among(query.not_owned_by, owner) &&
               (!query.emsps || (document.emsp && among(*query.emsps, *document.emsp))) &&
               (!query.contracts ||
                (document.contract && among(*query.contracts, *document.contract))) &&
               (!query.alias || (!query.alias->empty() && document.alias == *query.alias));
    }

    std::mutex mutex_;
    revision last_revision_ = 0;
    /// By module, in the order of creation, which is the order of lists.
    std::map<std::string, std::vector<record>> modules_;
};
