#include "crud/sqlite/sqlite_crud.hpp"

#include "crud/sqlite/last_stop.hpp"
#include "crud/sqlite/read_cache.hpp"
#include "crud/sqlite/reader_pool.hpp"
#include "crud/sqlite/record_search.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/writer.hpp"
#include "ocpi/base/completion.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ocpi::crud {

using sqlite::read_kind;

namespace {

/// A file that this process has open already was examined when it was opened first.
void tell_lost_writes(const std::string& path, logger& log)
{
    if (sqlite::database::is_open_here(path)) return;
    std::error_code unknown;
    const auto real = std::filesystem::weakly_canonical(path, unknown);
    const auto lost = sqlite::find_lost_writes(unknown ? path : real.string());
    if (lost) log.write(log_level::error, *lost);
}

/// Makes a job of `work`, a function from sqlite::database& to result<T>, gives it to `push` and
/// waits for its outcome. The job owns all that it works on, so that nothing dangles if the
/// coroutine is destroyed meanwhile.
template <class T, class Push, class Work>
boost::asio::awaitable<result<T>> run_as_job(Push push, Work work)
{
    auto start = [push, work = std::move(work)](completion<result<T>> waiting) mutable {
        // Nothing of the coroutine may be touched once the job is pushed: it may have gone on.
        push(std::make_unique<sqlite::function_job<T, Work>>(std::move(work), std::move(waiting)));
    };
    return await_completion<result<T>>(std::move(start));
}

/// `work`: a function from sqlite::write_transaction& to result<T>.
template <class T, class Work>
boost::asio::awaitable<result<T>> run_on(sqlite::writer& writer, Work work)
{
    auto changing = [&writer, work = std::move(work)](sqlite::database&) mutable {
        return work(writer.current());
    };
    const auto push = [&writer](sqlite::job_pointer job) { writer.push(std::move(job)); };
    return run_as_job<T>(push, std::move(changing));
}

template <class T, class Work>
boost::asio::awaitable<result<T>> run_on(sqlite::reader_pool& readers, sqlite::read_kind kind,
                                         Work work)
{
    const auto push = [&readers, kind](sqlite::job_pointer job) {
        readers.push(kind, std::move(job));
    };
    return run_as_job<T>(push, std::move(work));
}

bool concerns_one_of(const document& stored, const std::vector<party>& emsps)
{
    return stored.emsp && std::find(emsps.begin(), emsps.end(), *stored.emsp) != emsps.end();
}

}  // namespace

sqlite_crud::sqlite_crud(const sqlite_options& options)
    : logger_(options.logger ? options.logger : std::make_shared<silent_logger>()),
      cache_(std::make_unique<sqlite::read_cache>(options.cache_bytes))
{
    sqlite::database_options connection;
    connection.path = options.path;
    connection.busy_timeout = options.busy_timeout;
    connection.max_pages = options.max_pages;
    connection.checkpoint_pages = options.checkpoint_pages;
    connection.vfs = options.vfs;
    try {
        // One at a time: examining the files must not meet a connection that another store of
        // this process is just making.
        static std::mutex opening;
        const std::lock_guard lock(opening);
        tell_lost_writes(connection.path, *logger_);
        writer_ =
            std::make_unique<sqlite::writer>(connection, options.queue_capacity, *cache_, *logger_);
        readers_ = std::make_unique<sqlite::reader_pool>(
            connection, std::max<std::size_t>(options.reader_threads, 1), options.queue_capacity,
            writer_->files(), writer_->readers(), *logger_);
    } catch (const std::runtime_error& failure) {
        throw std::runtime_error("cannot use the database " + options.path + ": " + failure.what());
    }
}

sqlite_crud::~sqlite_crud() = default;

/// nullptr while the files are not where they were: then reads are to fail.
sqlite::read_cache* sqlite_crud::cache() const noexcept
{
    return writer_->files().seem_in_place() ? cache_.get() : nullptr;
}

boost::asio::awaitable<result<record>> sqlite_crud::get(std::string_view module, interface_side,
                                                        object_key key)
{
    if (auto* const remembered = cache()) {
        auto known = remembered->find(module, key);
        if (known) co_return std::move(*known);
    }
    const auto since = cache_->begin_reading(module);
    auto work = [module = std::string(module), key = std::move(key), since,
                 cache = cache_.get()](sqlite::database& connection) {
        auto found = sqlite::find_record(connection, module, key);
        cache->keep(since, module, key, found);
        return found;
    };
    co_return co_await run_on<record>(*readers_, read_kind::find, std::move(work));
}

boost::asio::awaitable<result<record>> sqlite_crud::get_if_visible_to(std::string_view module,
                                                                      interface_side,
                                                                      object_key key,
                                                                      std::vector<party> emsps)
{
    // What the caller may not see takes as long as what does not exist.
    if (auto* const remembered = cache()) {
        auto known = remembered->find(module, key);
        if (known && known->has_value() && concerns_one_of((*known)->document, emsps)) {
            co_return std::move(*known);
        }
    }
    const auto since = cache_->begin_reading(module);
    auto work = [module = std::string(module), key = std::move(key), emsps = std::move(emsps),
                 since, cache = cache_.get()](sqlite::database& connection) {
        auto found = sqlite::find_visible_record(connection, module, key, emsps);
        if (found.has_value()) cache->keep(since, module, key, found);
        return found;
    };
    co_return co_await run_on<record>(*readers_, read_kind::find, std::move(work));
}

boost::asio::awaitable<result<record>> sqlite_crud::find_by_secondary_key(std::string_view module,
                                                                          interface_side,
                                                                          std::string key,
                                                                          record_filter filter)
{
    if (auto* const remembered = cache()) {
        const auto known = remembered->find_by_secondary_key(module, key);
        if (known && filter.matches(known->document)) co_return *known;
    }
    const auto since = cache_->begin_reading(module);
    auto work = [module = std::string(module), key = std::move(key), filter = std::move(filter),
                 since, cache = cache_.get()](sqlite::database& connection) {
        auto found = sqlite::find_record_by_secondary_key(connection, module, key, filter);
        if (found.has_value()) cache->keep(since, module, found->document.key, found);
        return found;
    };
    co_return co_await run_on<record>(*readers_, read_kind::find, std::move(work));
}

boost::asio::awaitable<result<page>> sqlite_crud::list(std::string_view module, interface_side,
                                                       list_query query)
{
    auto work = [module = std::string(module),
                 query = std::move(query)](sqlite::database& connection) {
        return sqlite::list_records(connection, module, query);
    };
    return run_on<page>(*readers_, read_kind::list, std::move(work));
}

boost::asio::awaitable<result<sorted_page>> sqlite_crud::list_sorted(std::string_view module,
                                                                     interface_side,
                                                                     sorted_query query)
{
    if (auto* const remembered = cache()) {
        if (remembered->is_known_empty(module, query.range)) co_return sorted_page();
    }
    const auto since = cache_->begin_reading(module);
    auto work = [module = std::string(module), query = std::move(query), since,
                 cache = cache_.get()](sqlite::database& connection) {
        auto listed = sqlite::list_sorted_records(connection, module, query);
        if (listed.has_value() && listed->records.empty() && query.range.above) {
            const auto& above = *query.range.above;
            cache->keep_gap(since, module, above,
                            sqlite::find_next_sort_key(connection, module, above));
        }
        return listed;
    };
    co_return co_await run_on<sorted_page>(*readers_, read_kind::list, std::move(work));
}

boost::asio::awaitable<result<changes_page>> sqlite_crud::list_changes(std::string_view module,
                                                                       interface_side,
                                                                       changes_query query)
{
    const auto since = cache_->begin_reading(module);
    auto work = [module = std::string(module), query = std::move(query), since,
                 cache = cache_.get()](sqlite::database& connection) {
        auto listed = sqlite::list_changed_records(connection, module, query);
        // What has changed is soon read: it is to be pushed, priced or planned.
        if (listed.has_value() && query.needs_json) {
            for (const auto& each : listed->records) {
                cache->keep(since, module, each.document.key, each);
            }
        }
        return listed;
    };
    return run_on<changes_page>(*readers_, read_kind::list, std::move(work));
}

boost::asio::awaitable<result<search_page>> sqlite_crud::search(std::string_view module,
                                                                interface_side, search_query query)
{
    auto work = [module = std::string(module),
                 query = std::move(query)](sqlite::database& connection) {
        return sqlite::search_records(connection, module, query);
    };
    return run_on<search_page>(*readers_, read_kind::list, std::move(work));
}

boost::asio::awaitable<result<std::optional<totals>>> sqlite_crud::find_totals(
    std::string_view module, interface_side, totals_query query)
{
    auto work = [module = std::string(module),
                 query = std::move(query)](sqlite::database& connection) {
        return sqlite::sum_records(connection, module, query);
    };
    return run_on<std::optional<totals>>(*readers_, read_kind::list, std::move(work));
}

boost::asio::awaitable<result<revision>> sqlite_crud::create(std::string_view module,
                                                             interface_side, document document)
{
    auto work = [module = std::string(module),
                 document = std::move(document)](sqlite::write_transaction& in) mutable {
        return sqlite::insert_record(in, module, std::move(document));
    };
    return run_on<revision>(*writer_, std::move(work));
}

boost::asio::awaitable<result<revision>> sqlite_crud::update(std::string_view module,
                                                             interface_side, document document,
                                                             revision expected)
{
    auto work = [module = std::string(module), document = std::move(document),
                 expected](sqlite::write_transaction& in) mutable {
        return sqlite::update_record(in, module, std::move(document), expected);
    };
    return run_on<revision>(*writer_, std::move(work));
}

boost::asio::awaitable<result<void>> sqlite_crud::remove(std::string_view module, interface_side,
                                                         object_key key)
{
    auto work = [module = std::string(module),
                 key = std::move(key)](sqlite::write_transaction& in) {
        return sqlite::delete_record(in, module, key);
    };
    return run_on<void>(*writer_, std::move(work));
}

boost::asio::awaitable<result<revision>> sqlite_crud::find_latest_revision()
{
    auto work = [](sqlite::database& connection) {
        return sqlite::find_latest_revision(connection);
    };
    return run_on<revision>(*readers_, read_kind::find, std::move(work));
}

boost::asio::awaitable<result<void>> sqlite_crud::check_writable()
{
    if (!writer_->is_doubtful()) co_return result<void>();
    auto write = [](sqlite::write_transaction& change) {
        change.touch();
        return result<void>();
    };
    co_return co_await run_on<void>(*writer_, write);
}

store_report sqlite_crud::report() const
{
    store_report report;
    report.queues.push_back({"read", readers_->waiting(read_kind::find)});
    report.queues.push_back({"list", readers_->waiting(read_kind::list)});
    report.queues.push_back({"write", writer_->waiting()});
    report.errors.push_back({"read", readers_->failures()});
    report.errors.push_back({"write", writer_->failures()});
    report.errors.push_back({"checkpoint", writer_->failed_checkpoints()});
    report.batch_writes = writer_->batch_writes();
    report.commit_seconds = writer_->commit_seconds();
    return report;
}

boost::asio::awaitable<result<std::vector<object_key>>> sqlite_crud::remove_unchanged(
    std::string_view module, interface_side, std::vector<removal> removals,
    std::vector<std::string> belonging)
{
    auto work = [module = std::string(module), removals = std::move(removals),
                 belonging = std::move(belonging)](sqlite::write_transaction& in) {
        return sqlite::delete_unchanged_records(in, module, removals, belonging);
    };
    return run_on<std::vector<object_key>>(*writer_, std::move(work));
}

std::uint64_t sqlite_crud::commits() const noexcept
{
    return writer_->commits();
}

}  // namespace ocpi::crud
