#pragma once

#include "crud/health.hpp"
#include "crud/postgres/postgres_crud.hpp"
#include "crud/postgres/reader_pool.hpp"
#include "crud/postgres/writer.hpp"
#include "ocpi/base/completion.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <thread>
#include <utility>

namespace ocpi::crud::postgres {

/// What the views of one store share: the connections and the one thread on which all of them work.
/// It outlives the operations started on it.
class store {
public:
    /// Connects and brings the schema up to date. Throws std::runtime_error.
    explicit store(const postgres_options& options);
    /// Finishes the writes that are waiting. Not on its own thread.
    ~store();
    store(const store&) = delete;
    store& operator=(const store&) = delete;

    /// `work`: from connection& to awaitable<result<T>>. May be run twice.
    template <class T, class Work>
    boost::asio::awaitable<result<T>> read(read_kind kind, Work work)
    {
        return run_on<T>(readers_, kind, std::move(work));
    }

    /// The same upon the connection for leases.
    template <class T, class Work>
    boost::asio::awaitable<result<T>> run_for_leases(Work work)
    {
        return run_on<T>(lease_connection_, read_kind::find, std::move(work));
    }

    boost::asio::awaitable<result<write_answer>> run(write wanted);

    const writer& writing() const noexcept { return writer_; }
    const reader_pool& reading() const noexcept { return readers_; }
    store_report report() const;

private:
    template <class T, class Work>
    boost::asio::awaitable<result<T>> run_on(reader_pool& on, read_kind kind, Work work)
    {
        auto start = [&on, kind, work = std::move(work)](completion<result<T>> waiting) mutable {
            // Nothing of the coroutine may be touched once the job is pushed: it may have gone on.
            on.push(kind, std::make_unique<function_read_job<T, Work>>(std::move(work),
                                                                       std::move(waiting)));
        };
        return await_completion<result<T>>(std::move(start));
    }

    void open(const connection_options& options);
    void stop();

    const std::shared_ptr<logger> log_;
    boost::asio::io_context context_;
    health write_health_;
    health read_health_;
    health lease_health_;
    writer writer_;
    reader_pool readers_;
    /// One of its own: a lease is renewed however long lists take.
    reader_pool lease_connection_;
    /// Last: it uses all of the above.
    std::thread thread_;
};

}  // namespace ocpi::crud::postgres
