#include "crud/postgres/store.hpp"

#include "crud/postgres/migrations.hpp"
#include "crud/postgres/url.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <exception>
#include <stdexcept>
#include <string>

namespace ocpi::crud::postgres {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> open_store(asio::any_io_executor strand, const connection_options& options,
                                 writer& writing, reader_pool& reading)
{
    {
        connection first(strand, options);
        co_await first.open();
        co_await migrate(first);
    }
    co_await writing.open();
    co_await reading.open();
}

}  // namespace

store::store(const postgres_options& options)
    : log_(options.logger ? options.logger : std::make_shared<silent_logger>()),
      context_(1),
      write_health_(*log_, "writing to " + describe_url(options.connection.url)),
      read_health_(*log_, "reading from " + describe_url(options.connection.url)),
      lease_health_(*log_, "claiming leases in " + describe_url(options.connection.url)),
      writer_(context_.get_executor(), options.connection, options.queue_capacity, write_health_),
      readers_(context_.get_executor(), options.connection, options.readers, options.queue_capacity,
               read_health_),
      lease_connection_(context_.get_executor(), options.connection, 1, options.queue_capacity,
                        lease_health_)
{
    try {
        open(options.connection);
    } catch (const std::exception& failure) {
        throw std::runtime_error("cannot use the database " +
                                 without_password(options.connection.url) + ": " + failure.what());
    }
    readers_.start();
    lease_connection_.start();
    asio::co_spawn(context_, writer_.run(), [this](const std::exception_ptr&) { stop(); });
    thread_ = std::thread([this] { context_.run(); });
}

/// On the caller's thread, as there is no other one yet.
void store::open(const connection_options& options)
{
    std::exception_ptr failure;
    bool is_done = false;
    const auto done = [&](const std::exception_ptr& thrown) {
        failure = thrown;
        is_done = true;
    };
    asio::co_spawn(context_, open_store(context_.get_executor(), options, writer_, readers_), done);
    while (!is_done) context_.run_one();
    if (failure) std::rethrow_exception(failure);
}

/// Once nothing is written any more. On the store's thread, which ends when all has stopped.
void store::stop()
{
    readers_.stop();
    lease_connection_.stop();
}

store::~store()
{
    writer_.close();
    thread_.join();
}

asio::awaitable<result<write_answer>> store::run(write wanted)
{
    auto start = [this, wanted = std::move(wanted)](completion<result<write_answer>> to) mutable {
        writer_.push(waiting_write(std::move(wanted), std::move(to)));
    };
    return await_completion<result<write_answer>>(std::move(start));
}

store_report store::report() const
{
    store_report made;
    made.queues.push_back({"read", readers_.waiting(read_kind::find)});
    made.queues.push_back({"list", readers_.waiting(read_kind::list)});
    made.queues.push_back({"write", writer_.waiting()});
    made.errors.push_back({"read", read_health_.failures()});
    made.errors.push_back({"write", write_health_.failures()});
    made.batch_writes = writer_.batch_writes();
    made.commit_seconds = writer_.commit_seconds();
    return made;
}

}  // namespace ocpi::crud::postgres
