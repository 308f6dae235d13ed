#pragma once

#include "ocpi/base/completion.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace ocpi::crud::postgres {

class connection;

/// An operation that may be run more than once, with the coroutine that waits for its outcome.
/// Either complete(), after run(), or fail() is called, once, and ends it.
class read_job {
public:
    virtual ~read_job() = default;

    /// Does the work and keeps the outcome. Throws what the work throws.
    virtual boost::asio::awaitable<void> run(connection& on) = 0;
    /// Hands the outcome to the waiting coroutine.
    virtual void complete() = 0;
    /// Hands over a failure in place of any outcome.
    virtual void fail(const error& why) = 0;

    /// How often it has been begun.
    unsigned attempts = 0;
};

using read_job_pointer = std::unique_ptr<read_job>;

/// A job made of a function from connection& to awaitable<result<T>>.
template <class T, class Work>
class function_read_job final : public read_job {
public:
    function_read_job(Work work, completion<result<T>> waiting)
        : work_(std::move(work)), waiting_(std::move(waiting))
    {
    }

    boost::asio::awaitable<void> run(connection& on) override
    {
        auto outcome = co_await work_(on);
        outcome_.emplace(std::move(outcome));
    }
    void complete() override { waiting_(std::move(*outcome_)); }
    void fail(const error& why) override { waiting_(result<T>(why)); }

private:
    Work work_;
    completion<result<T>> waiting_;
    std::optional<result<T>> outcome_;
};

}  // namespace ocpi::crud::postgres
