#pragma once

#include "crud/crud.hpp"
#include "crud/errors.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Keeps records in a map behind a mutex: all that the server asks of a store, but for lasting
/// longer than the process. Yours would ask your database, and wait for it with co_await. Once it
/// has an index for them, override the other functions of Crud too: here they read whole lists.
class my_crud final : public ocpi::Crud {
    using record = ocpi::crud::record;
    using revision = ocpi::crud::revision;
    using side = ocpi::crud::interface_side;
    template <class T>
    using answer = boost::asio::awaitable<ocpi::result<T>>;

public:
    answer<record> get(std::string_view module, side, ocpi::crud::object_key key) override
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
        page.as_of = last_revision_;
        for (const auto& each : records_of(module)) {
            if (!query.matches(each.document)) continue;
            if (page.total++ < query.offset) continue;
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
        if (found->revision != expected) co_return ocpi::crud::revision_mismatch();
        found->document = std::move(document);
        found->revision = ++last_revision_;
        co_return found->revision;
    }

    answer<void> remove(std::string_view module, side, ocpi::crud::object_key key) override
    {
        const std::lock_guard lock(mutex_);
        const auto removed = std::erase_if(
            records_of(module), [&](const record& each) { return each.document.key == key; });
        if (removed == 0) co_return ocpi::crud::no_such_record();
        ++last_revision_;  // the store has changed
        co_return ocpi::result<void>();
    }

private:
    // Those below are called with the mutex held.

    std::vector<record>& records_of(std::string_view module)
    {
        return modules_[std::string(module)];
    }

    /// One after the other, as long as it takes: a database has an index.
    record* find(std::string_view module, const ocpi::crud::object_key& key)
    {
        for (auto& each : records_of(module)) {
            if (each.document.key == key) return &each;
        }
        return nullptr;
    }

    std::mutex mutex_;
    revision last_revision_ = 0;
    /// By module, in the order of creation, which is the order of lists.
    std::map<std::string, std::vector<record>> modules_;
};
