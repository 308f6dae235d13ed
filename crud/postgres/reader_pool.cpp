#include "crud/postgres/reader_pool.hpp"

#include "crud/errors.hpp"
#include "crud/postgres/postgres_error.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

namespace asio = boost::asio;

/// Of a read that another transaction was in the way of, or whose connection was lost.
constexpr unsigned max_read_attempts = 2;

}  // namespace

reader_pool::reader_pool(asio::any_io_executor strand, const connection_options& options,
                         std::size_t connections, std::size_t capacity, health& told)
    : strand_(std::move(strand)), capacity_(capacity), health_(told)
{
    for (std::size_t i = 0; i < std::max<std::size_t>(connections, 1); ++i) {
        auto made = std::make_unique<reader>();
        made->keeper =
            std::make_unique<connection_keeper>(strand_, options, health_, [this] { dispatch(); });
        readers_.push_back(std::move(made));
    }
}

asio::awaitable<void> reader_pool::open()
{
    return readers_.front()->keeper->open_first();
}

void reader_pool::start()
{
    for (const auto& each : readers_) {
        asio::co_spawn(strand_, each->keeper->run(), asio::detached);
    }
}

void reader_pool::stop()
{
    is_stopped_ = true;
    for (const auto& each : readers_) each->keeper->stop();
    dispatch();
}

void reader_pool::push(read_kind kind, read_job_pointer next)
{
    auto& to = queue_of(kind);
    if (to.size.fetch_add(1) >= capacity_) {
        --to.size;
        next->fail(store_overloaded());
        return;
    }
    asio::post(strand_, [this, kind, job = std::move(next)]() mutable {
        queue_of(kind).jobs.push_back(std::move(job));
        dispatch(kind);
    });
}

void reader_pool::dispatch()
{
    is_unreachable_.store(find_failure().has_value());
    dispatch(read_kind::find);
    dispatch(read_kind::list);
}

void reader_pool::dispatch(read_kind kind)
{
    auto& from = queue_of(kind);
    while (!from.jobs.empty()) {
        const auto chosen = is_stopped_ ? std::nullopt : choose_reader(kind, loads());
        if (!chosen) break;
        auto job = std::move(from.jobs.front());
        from.jobs.pop_front();
        --from.size;
        begin(kind, *readers_[*chosen], std::move(job));
    }
    if (from.jobs.empty()) return;
    if (const auto failure = find_failure()) fail_all(from, store_unreachable(*failure));
}

std::vector<reader_load> reader_pool::loads()
{
    std::vector<reader_load> all;
    all.reserve(readers_.size());
    for (const auto& each : readers_) {
        each->keeper->look();
        each->load.is_open = each->keeper->current() != nullptr;
        all.push_back(each->load);
    }
    return all;
}

void reader_pool::begin(read_kind kind, reader& on, read_job_pointer job)
{
    ++(kind == read_kind::find ? on.load.finds : on.load.lists);
    ++job->attempts;
    asio::co_spawn(strand_, serve(kind, on, std::move(job)), asio::detached);
}

asio::awaitable<void> reader_pool::serve(read_kind kind, reader& on, read_job_pointer job)
{
    const auto used = on.keeper->current();
    std::optional<std::string> failure;
    bool is_worth_another = false;
    try {
        if (!used) throw postgres_error("the connection is lost", {});
        co_await job->run(*used);
    } catch (const postgres_error& cause) {
        failure = cause.what();
        is_worth_another = !used || !used->is_open() || cause.is_connection_lost() ||
                           cause.is_serialization_failure();
    } catch (const std::exception& cause) {
        failure = cause.what();
    }
    settle(kind, on, std::move(job), failure, is_worth_another);
}

void reader_pool::settle(read_kind kind, reader& on, read_job_pointer job,
                         const std::optional<std::string>& failure, bool is_worth_another)
{
    --(kind == read_kind::find ? on.load.finds : on.load.lists);
    if (!failure) {
        health_.worked();
        job->complete();
    } else if (!is_worth_another) {
        health_.failed(*failure);
        job->fail(store_unavailable(*failure));
    } else if (job->attempts < max_read_attempts) {
        auto& to = queue_of(kind);
        ++to.size;
        to.jobs.push_front(std::move(job));
    } else {
        job->fail(store_unreachable(*failure));
    }
    dispatch();
}

void reader_pool::fail_all(queue& of, const error& why)
{
    auto failed = std::move(of.jobs);
    of.jobs.clear();
    of.size -= failed.size();
    for (const auto& each : failed) each->fail(why);
}

std::optional<std::string> reader_pool::find_failure() const
{
    if (is_stopped_) return "the store is closed";
    std::optional<std::string> failure;
    for (const auto& each : readers_) {
        if (!each->keeper->failure()) return std::nullopt;
        failure = each->keeper->failure();
    }
    return failure;
}

}  // namespace ocpi::crud::postgres
