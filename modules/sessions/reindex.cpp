#include "modules/sessions/reindex.hpp"

#include "modules/sessions/exchange/push_marks.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/session_store.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

using boost::asio::awaitable;
using crud::interface_side;

constexpr std::string_view index_module = "index";

/// To be changed with the meaning of the values in session_record.hpp.
constexpr std::string_view done = R"({"version":2})";

constexpr std::uint64_t page_size = 200;

bool is_gone_or_newer(const error& failure)
{
    return failure.code() == errc::conflict || failure.code() == errc::not_found;
}

bool has_same_finding_values(const crud::document& a, const crud::document& b)
{
    if (a.alias != b.alias || a.rank != b.rank) return false;
    if (a.contract.has_value() != b.contract.has_value()) return false;
    return !a.contract || a.contract->str() == b.contract->str();
}

class reindexing {
public:
    reindexing(std::shared_ptr<Crud> crud, std::shared_ptr<const std::atomic<bool>> is_stopping)
        : crud_(std::move(crud)), is_stopping_(std::move(is_stopping)), marks_(crud_)
    {
    }

    awaitable<result<std::uint64_t>> run()
    {
        const auto first = co_await list(0, 1);
        if (first.has_error()) co_return first.error();
        if (first->records.empty()) co_return rewritten_;
        const crud::record_key key("", "", std::string(session_records));
        const auto noted = co_await crud_->get(index_module, interface_side::sender, key);
        if (noted.has_value() && noted->document.json == done) co_return rewritten_;
        if (noted.has_error() && noted.error().code() != errc::not_found) co_return noted.error();

        const auto walked = co_await walk();
        if (walked.has_error()) co_return walked.error();
        if (*is_stopping_) co_return rewritten_;
        crud::document note(key, std::string(done), date_time(), {});
        auto written = result<crud::revision>(error());
        if (noted.has_value()) {
            written = co_await crud_->update(index_module, interface_side::sender, std::move(note),
                                             noted->revision);
        } else {
            written = co_await crud_->create(index_module, interface_side::sender, std::move(note));
        }
        // Another process may have been as quick, which is as good.
        const bool is_noted = written.has_value() || is_gone_or_newer(written.error()) ||
                              written.error().code() == errc::already_exists;
        if (!is_noted) co_return written.error();
        co_return rewritten_;
    }

private:
    awaitable<result<crud::page>> list(std::uint64_t offset, std::uint64_t limit)
    {
        crud::list_query query;
        query.offset = offset;
        query.limit = limit;
        co_return co_await crud_->list(session_records, interface_side::sender, std::move(query));
    }

    awaitable<result<void>> walk()
    {
        std::uint64_t offset = 0;
        while (!*is_stopping_) {
            auto page = co_await list(offset, page_size);
            if (page.has_error()) co_return page.error();
            for (auto& record : page->records) {
                if (*is_stopping_) break;
                const auto outcome = co_await rewrite(std::move(record));
                if (outcome.has_error()) co_return outcome.error();
            }
            offset += page->records.size();
            if (page->is_last_page || page->records.empty()) break;
        }
        co_return result<void>();
    }

    awaitable<result<void>> rewrite(crud::record stored)
    {
        auto indexed = stored.document;
        const bool is_right =
            !set_finding_values(indexed) || has_same_finding_values(indexed, stored.document);
        if (is_right) co_return result<void>();
        const session_key key = session_key_of(indexed.key);
        const auto written = co_await crud_->update(session_records, interface_side::sender,
                                                    std::move(indexed), stored.revision);
        if (written.has_error()) {
            // Whoever writes a session sets the values.
            if (is_gone_or_newer(written.error())) co_return result<void>();
            co_return written.error();
        }
        ++rewritten_;
        co_return co_await marks_.carry_over(key, stored.revision, *written);
    }

    const std::shared_ptr<Crud> crud_;
    const std::shared_ptr<const std::atomic<bool>> is_stopping_;
    exchange::push_marks marks_;
    std::uint64_t rewritten_ = 0;
};

}  // namespace

awaitable<result<std::uint64_t>> reindex_sessions(
    std::shared_ptr<Crud> crud, std::shared_ptr<const std::atomic<bool>> is_stopping)
{
    reindexing once(std::move(crud), std::move(is_stopping));
    co_return co_await once.run();
}

}  // namespace ocpi::sessions
